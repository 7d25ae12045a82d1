# bad
resource "aws_efs_file_system" "notebooks" {
  throughput_mode = "elastic"
}

# bad
resource "aws_efs_file_system" "notebooks" {
  encrypted = false
}

# good
resource "aws_efs_file_system" "notebooks" {
  encrypted = true
}

# good
resource "aws_efs_file_system" "notebooks" {
  encrypted  = true
  kms_key_id = aws_kms_key.notebooks.arn
}

resource "aws_kms_key" "notebooks" {
  enable_key_rotation = true
}
