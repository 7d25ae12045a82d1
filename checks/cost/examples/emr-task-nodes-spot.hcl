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

  master_instance_fleet {
    target_on_demand_capacity = 1

    instance_type_configs {
      instance_type = "m5.xlarge"
    }
  }
}

resource "aws_emr_instance_fleet" "task" {
  cluster_id                = aws_emr_cluster.spark.id
  target_on_demand_capacity = 8

  instance_type_configs {
    instance_type = "r5.2xlarge"
  }
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
}

resource "aws_emr_instance_group" "task" {
  cluster_id     = aws_emr_cluster.spark.id
  instance_type  = "r5.2xlarge"
  instance_count = 4
  bid_price      = "0.504" # the on-demand price
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

  master_instance_fleet {
    target_on_demand_capacity = 1

    instance_type_configs {
      instance_type = "m5.xlarge"
    }
  }
}

resource "aws_emr_instance_fleet" "task" {
  cluster_id           = aws_emr_cluster.spark.id
  target_spot_capacity = 8

  instance_type_configs {
    instance_type = "r5.2xlarge"
  }

  instance_type_configs {
    instance_type = "r5a.2xlarge"
  }
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
