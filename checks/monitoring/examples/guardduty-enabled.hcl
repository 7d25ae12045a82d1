# bad
resource "aws_guardduty_detector" "main" {
  enable = false
}

# good
resource "aws_guardduty_detector" "main" {
}

# good
resource "aws_guardduty_detector" "main" {
  enable = true
}
