# bad
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::123456789012:role/glue"
  command {
    script_location = "s3://acme-code/features.py"
  }
}

resource "aws_glue_trigger" "nightly" {
  name     = "nightly"
  type     = "SCHEDULED"
  schedule = "cron(0 1 * * ? *)"
  actions {
    job_name = aws_glue_job.features.name
  }
}

# bad
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::123456789012:role/glue"
  command {
    name            = "glueetl"
    script_location = "s3://acme-code/features.py"
  }
  default_arguments = {
    "--enable-metrics"      = "true"
    "--job-bookmark-option" = "job-bookmark-disable"
  }
}

resource "aws_sfn_state_machine" "nightly" {
  role_arn = "arn:aws:iam::123456789012:role/nightly"
  definition = jsonencode({
    StartAt = "Features"
    States = {
      Features = {
        Type     = "Task"
        Resource = "arn:aws:states:::glue:startJobRun.sync"
        Parameters = {
          JobName = aws_glue_job.features.name
        }
        End = true
      }
    }
  })
}

# good
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::123456789012:role/glue"
  command {
    script_location = "s3://acme-code/features.py"
  }
  default_arguments = {
    "--job-bookmark-option" = "job-bookmark-enable"
  }
}

resource "aws_glue_trigger" "nightly" {
  name     = "nightly"
  type     = "SCHEDULED"
  schedule = "cron(0 1 * * ? *)"
  actions {
    job_name = aws_glue_job.features.name
  }
}

# good
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::123456789012:role/glue"
  command {
    script_location = "s3://acme-code/features.py"
  }
}

resource "aws_glue_trigger" "nightly" {
  name     = "nightly"
  type     = "SCHEDULED"
  schedule = "cron(0 1 * * ? *)"
  actions {
    job_name = aws_glue_job.features.name
    arguments = {
      "--job-bookmark-option" = "job-bookmark-enable"
    }
  }
}

# good
resource "aws_glue_job" "report" {
  name         = "report"
  role_arn     = "arn:aws:iam::123456789012:role/glue"
  max_capacity = 0.0625
  command {
    name            = "pythonshell"
    script_location = "s3://acme-code/report.py"
  }
}
