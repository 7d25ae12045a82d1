# bad
resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 2
}

# bad
resource "aws_kinesis_stream" "clicks" {
  name             = "clicks"
  retention_period = 72
  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

# good
resource "aws_kinesis_stream" "clicks" {
  name             = "clicks"
  shard_count      = 2
  retention_period = 168
}
