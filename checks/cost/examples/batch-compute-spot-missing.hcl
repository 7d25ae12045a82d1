# bad
resource "aws_batch_compute_environment" "training" {
  compute_environment_name = "training"
  type                     = "MANAGED"

  compute_resources {
    type               = "EC2"
    instance_role      = "arn:aws:iam::123456789012:instance-profile/batch"
    instance_type      = ["g5.xlarge"]
    max_vcpus          = 256
    security_group_ids = ["sg-0123456789abcdef0"]
    subnets            = ["subnet-0123456789abcdef0"]
  }
}

# bad
resource "aws_batch_compute_environment" "features" {
  compute_environment_name = "features"
  type                     = "MANAGED"

  compute_resources {
    type               = "FARGATE"
    max_vcpus          = 64
    security_group_ids = ["sg-0123456789abcdef0"]
    subnets            = ["subnet-0123456789abcdef0"]
  }
}

# good
resource "aws_batch_compute_environment" "training" {
  compute_environment_name = "training"
  type                     = "MANAGED"

  compute_resources {
    type                = "SPOT"
    allocation_strategy = "SPOT_PRICE_CAPACITY_OPTIMIZED"
    instance_role       = "arn:aws:iam::123456789012:instance-profile/batch"
    instance_type       = ["g5.xlarge", "g6.xlarge"]
    max_vcpus           = 256
    security_group_ids  = ["sg-0123456789abcdef0"]
    subnets             = ["subnet-0123456789abcdef0"]
  }
}

# good
resource "aws_batch_compute_environment" "spot" {
  compute_environment_name = "features-spot"
  type                     = "MANAGED"

  compute_resources {
    type               = "FARGATE_SPOT"
    max_vcpus          = 64
    security_group_ids = ["sg-0123456789abcdef0"]
    subnets            = ["subnet-0123456789abcdef0"]
  }
}

resource "aws_batch_compute_environment" "on_demand" {
  compute_environment_name = "features"
  type                     = "MANAGED"

  compute_resources {
    type               = "FARGATE"
    max_vcpus          = 64
    security_group_ids = ["sg-0123456789abcdef0"]
    subnets            = ["subnet-0123456789abcdef0"]
  }
}

resource "aws_batch_job_queue" "features" {
  name     = "features"
  priority = 1
  state    = "ENABLED"

  compute_environment_order {
    order               = 1
    compute_environment = aws_batch_compute_environment.spot.arn
  }

  compute_environment_order {
    order               = 2
    compute_environment = aws_batch_compute_environment.on_demand.arn
  }
}

# good
resource "aws_batch_compute_environment" "own" {
  compute_environment_name = "own-cluster"
  type                     = "UNMANAGED"
}
