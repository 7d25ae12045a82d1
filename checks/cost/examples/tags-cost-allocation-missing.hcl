# bad
resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  role_arn      = "arn:aws:iam::123456789012:role/notebooks"
  instance_type = "ml.t3.medium"
}

# bad
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::123456789012:role/glue"

  command {
    script_location = "s3://etl-code/features.py"
  }

  tags = {
    team = "ml"
    env  = "dev"
  }
}

# good
resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  role_arn      = "arn:aws:iam::123456789012:role/notebooks"
  instance_type = "ml.t3.medium"

  tags = {
    project     = "churn"
    team        = "ml"
    environment = "dev"
  }
}

# good
locals {
  tags = {
    project     = "churn"
    cost-center = "a7"
    environment = "prod"
  }
}

resource "aws_s3_bucket" "features" {
  bucket = "churn-features"
  tags   = merge(local.tags, { Name = "features" })
}
