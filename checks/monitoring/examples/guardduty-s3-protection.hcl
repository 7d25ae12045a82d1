# bad
resource "aws_guardduty_detector" "main" {
  enable = true
}

resource "aws_guardduty_detector_feature" "s3" {
  detector_id = aws_guardduty_detector.main.id
  name        = "S3_DATA_EVENTS"
  status      = "DISABLED"
}

# bad
resource "aws_guardduty_detector" "main" {
  enable = true

  datasources {
    s3_logs {
      enable = false
    }
  }
}

# good
resource "aws_guardduty_detector" "main" {
  enable = true
}

resource "aws_guardduty_detector_feature" "s3" {
  detector_id = aws_guardduty_detector.main.id
  name        = "S3_DATA_EVENTS"
  status      = "ENABLED"
}

# good
resource "aws_guardduty_detector" "main" {
  enable = true
}
