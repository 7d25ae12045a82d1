# bad
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::123456789012:role/glue"

  command {
    script_location = "s3://glue-scripts/features.py"
  }
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_event_rule" "failed" {
  name = "ingest-failed"
  event_pattern = jsonencode({
    source      = ["aws.glue"]
    detail-type = ["Glue Job State Change"]
    detail = {
      jobName = ["ingest"]
      state   = ["FAILED", "TIMEOUT"]
    }
  })
}

resource "aws_cloudwatch_event_target" "oncall" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sns_topic.oncall.arn
}

# bad
resource "aws_glue_crawler" "events" {
  name          = "events"
  role          = "arn:aws:iam::123456789012:role/glue"
  database_name = "events"

  s3_target {
    path = "s3://events-lake/events/"
  }
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_event_rule" "failed" {
  name  = "crawler-failed"
  state = "DISABLED"
  event_pattern = jsonencode({
    source      = ["aws.glue"]
    detail-type = ["Glue Crawler State Change"]
    detail      = { state = ["Failed"] }
  })
}

resource "aws_cloudwatch_event_target" "oncall" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sns_topic.oncall.arn
}

# bad
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::123456789012:role/glue"

  command {
    script_location = "s3://glue-scripts/features.py"
  }
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_event_rule" "failed" {
  name       = "glue-failed"
  is_enabled = false
  event_pattern = jsonencode({
    source      = ["aws.glue"]
    detail-type = ["Glue Job State Change"]
    detail      = { state = ["FAILED", "TIMEOUT"] }
  })
}

resource "aws_cloudwatch_event_target" "oncall" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sns_topic.oncall.arn
}

# good
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::123456789012:role/glue"

  command {
    script_location = "s3://glue-scripts/features.py"
  }
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_event_rule" "failed" {
  name = "glue-failed"
  event_pattern = jsonencode({
    source      = ["aws.glue"]
    detail-type = ["Glue Job State Change"]
    detail = {
      jobName = [aws_glue_job.features.name]
      state   = ["FAILED", "TIMEOUT"]
    }
  })
}

resource "aws_cloudwatch_event_target" "oncall" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sns_topic.oncall.arn
}
