# bad
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::123456789012:role/glue"
  command {
    script_location = "s3://code/features.py"
  }
}

# bad
resource "aws_glue_job" "features" {
  name        = "features"
  role_arn    = "arn:aws:iam::123456789012:role/glue"
  max_retries = 10
  timeout     = 60
  command {
    script_location = "s3://code/features.py"
  }
}

# bad
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::123456789012:role/glue"
  timeout  = 60
  command {
    script_location = "s3://code/features.py"
  }
}

resource "aws_sfn_state_machine" "nightly" {
  name     = "nightly"
  role_arn = "arn:aws:iam::123456789012:role/nightly"
  definition = jsonencode({
    StartAt = "Features"
    States = {
      Features = {
        Type       = "Task"
        Resource   = "arn:aws:states:::glue:startJobRun.sync"
        Parameters = { JobName = "features" }
        End        = true
      }
    }
  })
}

# good
resource "aws_glue_job" "features" {
  name        = "features"
  role_arn    = "arn:aws:iam::123456789012:role/glue"
  max_retries = 1
  timeout     = 60
  command {
    script_location = "s3://code/features.py"
  }
}

# good
resource "aws_glue_job" "clicks" {
  name        = "clicks"
  role_arn    = "arn:aws:iam::123456789012:role/glue"
  max_retries = 1
  command {
    name            = "gluestreaming"
    script_location = "s3://code/clicks.py"
  }
}

# good
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::123456789012:role/glue"
  timeout  = 60
  command {
    script_location = "s3://code/features.py"
  }
}

resource "aws_sfn_state_machine" "nightly" {
  name     = "nightly"
  role_arn = "arn:aws:iam::123456789012:role/nightly"
  definition = jsonencode({
    StartAt = "Features"
    States = {
      Features = {
        Type       = "Task"
        Resource   = "arn:aws:states:::glue:startJobRun.sync"
        Parameters = { JobName = "features" }
        Retry      = [{ ErrorEquals = ["States.ALL"], MaxAttempts = 2 }]
        End        = true
      }
    }
  })
}
