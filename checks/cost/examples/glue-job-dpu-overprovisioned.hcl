# bad
resource "aws_glue_job" "features" {
  name              = "features"
  role_arn          = "arn:aws:iam::123456789012:role/glue"
  glue_version      = "4.0"
  worker_type       = "G.1X"
  number_of_workers = 40
  command {
    script_location = "s3://acme-code/features.py"
  }
}

# bad
resource "aws_glue_job" "features" {
  name         = "features"
  role_arn     = "arn:aws:iam::123456789012:role/glue"
  glue_version = "4.0"
  max_capacity = 50
  command {
    script_location = "s3://acme-code/features.py"
  }
}

# good
resource "aws_glue_job" "features" {
  name              = "features"
  role_arn          = "arn:aws:iam::123456789012:role/glue"
  glue_version      = "4.0"
  worker_type       = "G.1X"
  number_of_workers = 40
  command {
    script_location = "s3://acme-code/features.py"
  }
  default_arguments = {
    "--enable-auto-scaling" = "true"
  }
}

# good
resource "aws_glue_job" "features" {
  name              = "features"
  role_arn          = "arn:aws:iam::123456789012:role/glue"
  glue_version      = "4.0"
  worker_type       = "G.1X"
  number_of_workers = 5
  command {
    script_location = "s3://acme-code/features.py"
  }
}
