# bad
resource "aws_cloudwatch_log_group" "training" {
  name = "/aws/sagemaker/TrainingJobs"
}

# bad
resource "aws_cloudwatch_log_group" "features" {
  name              = "/ml/features"
  retention_in_days = 0
}

# good
resource "aws_cloudwatch_log_group" "training" {
  name              = "/aws/sagemaker/TrainingJobs"
  retention_in_days = 90
}

# good
resource "aws_cloudwatch_log_group" "delivery" {
  name            = "/ml/events"
  log_group_class = "DELIVERY"
}
