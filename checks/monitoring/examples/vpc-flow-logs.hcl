# bad
resource "aws_vpc" "training" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_flow_log" "training" {
  vpc_id               = aws_vpc.training.id
  traffic_type         = "ACCEPT"
  log_destination_type = "s3"
  log_destination      = "arn:aws:s3:::flow-logs"
}

# good
resource "aws_vpc" "training" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_flow_log" "training" {
  vpc_id               = aws_vpc.training.id
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = "arn:aws:s3:::flow-logs"
}
