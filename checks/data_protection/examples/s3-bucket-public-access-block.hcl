# bad
resource "aws_s3_bucket" "models" {
  bucket = "models-of-ours"
}

# bad
resource "aws_s3_bucket" "models" {
  bucket = "models-of-ours"
}

resource "aws_s3_bucket_public_access_block" "models" {
  bucket = aws_s3_bucket.models.id

  block_public_acls   = true
  block_public_policy = true
  ignore_public_acls  = false
}

# good
resource "aws_s3_bucket" "models" {
  bucket = "models-of-ours"
}

resource "aws_s3_bucket_public_access_block" "models" {
  bucket = aws_s3_bucket.models.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
