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

  step {
    name              = "features"
    action_on_failure = "CONTINUE"

    hadoop_jar_step {
      jar  = "command-runner.jar"
      args = ["spark-submit", "s3://etl-code/features.py", "--output", "hdfs:///data/features"]
    }
  }
}

# bad
resource "aws_emr_cluster" "spark" {
  name          = "spark"
  release_label = "emr-7.5.0"
  applications  = ["Hive"]
  service_role  = "arn:aws:iam::123456789012:role/emr"

  configurations_json = jsonencode([
    {
      Classification = "hive-site"
      Properties = {
        "hive.metastore.warehouse.dir" = "hdfs:///warehouse"
      }
    }
  ])

  ec2_attributes {
    instance_profile = "arn:aws:iam::123456789012:instance-profile/emr"
    subnet_id        = "subnet-0123456789abcdef0"
  }

  master_instance_group {
    instance_type = "m5.xlarge"
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

  step {
    name              = "features"
    action_on_failure = "CONTINUE"

    hadoop_jar_step {
      jar  = "command-runner.jar"
      args = ["spark-submit", "s3://etl-code/features.py", "--output", "s3://lake/features/"]
    }
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

  step {
    name              = "features"
    action_on_failure = "CONTINUE"

    hadoop_jar_step {
      jar  = "command-runner.jar"
      args = ["spark-submit", "s3://etl-code/features.py", "--output", "hdfs:///data/features"]
    }
  }

  step {
    name              = "publish"
    action_on_failure = "CONTINUE"

    hadoop_jar_step {
      jar  = "command-runner.jar"
      args = ["s3-dist-cp", "--src", "hdfs:///data/features", "--dest", "s3://lake/features"]
    }
  }
}

# good
resource "aws_emr_cluster" "spark" {
  name          = "spark"
  release_label = "emr-7.5.0"
  applications  = ["Hive"]
  service_role  = "arn:aws:iam::123456789012:role/emr"

  configurations_json = jsonencode([
    {
      Classification = "hive-site"
      Properties = {
        "hive.metastore.warehouse.dir" = "s3://lake/warehouse"
      }
    }
  ])

  ec2_attributes {
    instance_profile = "arn:aws:iam::123456789012:instance-profile/emr"
    subnet_id        = "subnet-0123456789abcdef0"
  }

  master_instance_group {
    instance_type = "m5.xlarge"
  }
}
