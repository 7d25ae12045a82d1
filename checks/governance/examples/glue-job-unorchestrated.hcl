# bad
resource "aws_glue_job" "clean" {
  name     = "clean"
  role_arn = "arn:aws:iam::111122223333:role/etl"

  command {
    script_location = "s3://code-of-ours/clean.py"
  }
}

resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::111122223333:role/etl"

  command {
    script_location = "s3://code-of-ours/features.py"
  }
}

resource "aws_glue_trigger" "nightly" {
  name     = "nightly"
  type     = "SCHEDULED"
  schedule = "cron(0 2 * * ? *)"

  actions {
    job_name = aws_glue_job.clean.name
  }
}

# good
resource "aws_glue_job" "clean" {
  name     = "clean"
  role_arn = "arn:aws:iam::111122223333:role/etl"

  command {
    script_location = "s3://code-of-ours/clean.py"
  }
}

resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::111122223333:role/etl"

  command {
    script_location = "s3://code-of-ours/features.py"
  }
}

resource "aws_glue_trigger" "nightly" {
  name     = "nightly"
  type     = "SCHEDULED"
  schedule = "cron(0 2 * * ? *)"

  actions {
    job_name = aws_glue_job.clean.name
  }
}

resource "aws_glue_trigger" "then" {
  name = "then"
  type = "CONDITIONAL"

  predicate {
    conditions {
      job_name = aws_glue_job.clean.name
      state    = "SUCCEEDED"
    }
  }

  actions {
    job_name = aws_glue_job.features.name
  }
}

# good
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::111122223333:role/etl"

  command {
    script_location = "s3://code-of-ours/features.py"
  }
}

resource "aws_scheduler_schedule" "hourly" {
  name                = "hourly"
  schedule_expression = "rate(1 hour)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:aws:scheduler:::aws-sdk:glue:startJobRun"
    role_arn = "arn:aws:iam::111122223333:role/scheduler"
    input    = jsonencode({ JobName = aws_glue_job.features.name })
  }
}

# good
resource "aws_glue_job" "clicks" {
  name     = "clicks"
  role_arn = "arn:aws:iam::111122223333:role/etl"

  command {
    name            = "gluestreaming"
    script_location = "s3://code-of-ours/clicks.py"
  }
}
