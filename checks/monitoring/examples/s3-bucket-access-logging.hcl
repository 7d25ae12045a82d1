# bad
resource "aws_s3_bucket" "features" {
  bucket = "features-of-ours"
}

# good
resource "aws_s3_bucket" "logs" {
}

resource "aws_s3_bucket" "features" {
}

resource "aws_s3_bucket_logging" "features" {
  bucket        = aws_s3_bucket.features.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "features/"
}
