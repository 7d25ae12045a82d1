# bad
resource "aws_emr_cluster" "spark" {
  name          = "spark"
  release_label = "emr-7.5.0"
  applications  = ["Spark"]
  service_role  = "arn:aws:iam::123456789012:role/emr"

  ec2_attributes {
    instance_profile = "arn:aws:iam::123456789012:instance-profile/emr"
    subnet_id        = "subnet-0123456789abcdef0"
  }

  master_instance_group {
    instance_type = "m5.xlarge"
  }

  core_instance_group {
    instance_type  = "r5.2xlarge"
    instance_count = 4
  }
}

# bad
resource "aws_emr_cluster" "spark" {
  name          = "spark"
  release_label = "emr-7.5.0"
  applications  = ["Spark"]
  service_role  = "arn:aws:iam::123456789012:role/emr"

  ec2_attributes {
    instance_profile = "arn:aws:iam::123456789012:instance-profile/emr"
    subnet_id        = "subnet-0123456789abcdef0"
  }

  master_instance_group {
    instance_type = "m5.xlarge"
  }
}

resource "aws_emr_instance_group" "task" {
  cluster_id     = aws_emr_cluster.spark.id
  instance_type  = "r5.2xlarge"
  instance_count = 4
  bid_price      = "0.504"
}

# good
resource "aws_emr_cluster" "spark" {
  name          = "spark"
  release_label = "emr-7.5.0"
  applications  = ["Spark"]
  service_role  = "arn:aws:iam::123456789012:role/emr"

  ec2_attributes {
    instance_profile = "arn:aws:iam::123456789012:instance-profile/emr"
    subnet_id        = "subnet-0123456789abcdef0"
  }

  master_instance_group {
    instance_type = "m5.xlarge"
  }

  core_instance_group {
    instance_type  = "r5.2xlarge"
    instance_count = 4
  }
}

resource "aws_emr_managed_scaling_policy" "spark" {
  cluster_id = aws_emr_cluster.spark.id

  compute_limits {
    unit_type              = "Instances"
    minimum_capacity_units = 2
    maximum_capacity_units = 10
  }
}

# good
resource "aws_emr_cluster" "spark" {
  name          = "spark"
  release_label = "emr-7.5.0"
  applications  = ["Spark"]
  service_role  = "arn:aws:iam::123456789012:role/emr"

  autoscaling_role = "arn:aws:iam::123456789012:role/emr-autoscaling"

  ec2_attributes {
    instance_profile = "arn:aws:iam::123456789012:instance-profile/emr"
    subnet_id        = "subnet-0123456789abcdef0"
  }

  master_instance_group {
    instance_type = "m5.xlarge"
  }

  core_instance_group {
    instance_type  = "r5.2xlarge"
    instance_count = 4

    autoscaling_policy = jsonencode({
      Constraints = { MinCapacity = 2, MaxCapacity = 10 }
      Rules = [{
        Name   = "ScaleOut"
        Action = { SimpleScalingPolicyConfiguration = { AdjustmentType = "CHANGE_IN_CAPACITY", ScalingAdjustment = 1 } }
        Trigger = {
          CloudWatchAlarmDefinition = {
            ComparisonOperator = "LESS_THAN"
            MetricName         = "YARNMemoryAvailablePercentage"
            Namespace          = "AWS/ElasticMapReduce"
            Period             = 300
            Threshold          = 15
          }
        }
      }]
    })
  }
}

# good
resource "aws_emr_cluster" "spark" {
  name          = "spark"
  release_label = "emr-7.5.0"
  applications  = ["Spark"]
  service_role  = "arn:aws:iam::123456789012:role/emr"

  keep_job_flow_alive_when_no_steps = false

  ec2_attributes {
    instance_profile = "arn:aws:iam::123456789012:instance-profile/emr"
    subnet_id        = "subnet-0123456789abcdef0"
  }

  master_instance_group {
    instance_type = "m5.xlarge"
  }

  core_instance_group {
    instance_type  = "r5.2xlarge"
    instance_count = 4
  }
}
