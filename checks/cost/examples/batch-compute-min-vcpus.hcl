# bad
resource "aws_batch_compute_environment" "training" {
  compute_environment_name = "training"
  type                     = "MANAGED"

  compute_resources {
    type               = "EC2"
    instance_role      = "arn:aws:iam::123456789012:instance-profile/batch"
    instance_type      = ["c6i.4xlarge"]
    min_vcpus          = 16
    max_vcpus          = 256
    security_group_ids = ["sg-0123456789abcdef0"]
    subnets            = ["subnet-0123456789abcdef0"]
  }
}

# good
resource "aws_batch_compute_environment" "training" {
  compute_environment_name = "training"
  type                     = "MANAGED"

  compute_resources {
    type               = "EC2"
    instance_role      = "arn:aws:iam::123456789012:instance-profile/batch"
    instance_type      = ["c6i.4xlarge"]
    min_vcpus          = 0
    max_vcpus          = 256
    security_group_ids = ["sg-0123456789abcdef0"]
    subnets            = ["subnet-0123456789abcdef0"]
  }
}

# good
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
