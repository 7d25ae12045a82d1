# bad
resource "aws_sfn_state_machine" "training" {
  name     = "training"
  role_arn = "arn:aws:iam::123456789012:role/training"
  definition = jsonencode({
    StartAt = "Done"
    States  = { Done = { Type = "Succeed" } }
  })
}

# bad
resource "aws_sfn_state_machine" "training" {
  name     = "training"
  type     = "EXPRESS"
  role_arn = "arn:aws:iam::123456789012:role/training"
  definition = jsonencode({
    StartAt = "Done"
    States  = { Done = { Type = "Succeed" } }
  })

  logging_configuration {
    level = "OFF"
  }
}

# good
resource "aws_cloudwatch_log_group" "training" {
  name = "/aws/vendedlogs/states/training"
}

resource "aws_sfn_state_machine" "training" {
  name     = "training"
  role_arn = "arn:aws:iam::123456789012:role/training"
  definition = jsonencode({
    StartAt = "Done"
    States  = { Done = { Type = "Succeed" } }
  })

  logging_configuration {
    level           = "ERROR"
    log_destination = "${aws_cloudwatch_log_group.training.arn}:*"
  }
}
