# bad
resource "aws_kinesis_video_stream" "cameras" {
  name                    = "cameras"
  data_retention_in_hours = 24
}

# bad
resource "aws_kinesis_video_stream" "cameras" {
  name       = "cameras"
  kms_key_id = "alias/aws/kinesisvideo"
}

# good
resource "aws_kinesis_video_stream" "cameras" {
  name       = "cameras"
  kms_key_id = aws_kms_key.cameras.arn
}

resource "aws_kms_key" "cameras" {
  enable_key_rotation = true
}

# good
resource "aws_kinesis_video_stream" "cameras" {
  name       = "cameras"
  kms_key_id = aws_kms_alias.cameras.name
}

resource "aws_kms_alias" "cameras" {
  name          = "alias/cameras"
  target_key_id = aws_kms_key.cameras.id
}

resource "aws_kms_key" "cameras" {
  enable_key_rotation = true
}
