# bad
resource "aws_kinesis_stream" "events" {
  name        = "events"
  shard_count = 1
}

# bad
resource "aws_kinesis_stream" "events" {
  name            = "events"
  encryption_type = "NONE"

  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

# good
resource "aws_kinesis_stream" "events" {
  name            = "events"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = "alias/aws/kinesis"
}

# good
resource "aws_kinesis_stream" "events" {
  name            = "events"
  encryption_type = "KMS"
  kms_key_id      = aws_kms_key.events.arn

  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

resource "aws_kms_key" "events" {
  enable_key_rotation = true
}
