# bad
resource "aws_glue_job" "features" {
  name         = "features"
  role_arn     = "arn:aws:iam::123456789012:role/glue"
  glue_version = "4.0"

  command {
    script_location = "s3://glue-scripts/features.py"
  }
}

# bad
resource "aws_glue_job" "events" {
  name         = "events"
  role_arn     = "arn:aws:iam::123456789012:role/glue"
  glue_version = "5.0"

  command {
    name            = "gluestreaming"
    script_location = "s3://glue-scripts/events.py"
  }

  default_arguments = {
    "--enable-metrics" = "false"
  }
}

# good
resource "aws_glue_job" "features" {
  name         = "features"
  role_arn     = "arn:aws:iam::123456789012:role/glue"
  glue_version = "4.0"

  command {
    script_location = "s3://glue-scripts/features.py"
  }

  default_arguments = {
    "--enable-continuous-cloudwatch-log" = "true"
    "--enable-metrics"                   = "true"
  }
}

# good
resource "aws_glue_job" "cleanup" {
  name     = "cleanup"
  role_arn = "arn:aws:iam::123456789012:role/glue"

  command {
    name            = "pythonshell"
    script_location = "s3://glue-scripts/cleanup.py"
  }
}
