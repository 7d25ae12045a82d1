# bad
resource "aws_s3_bucket" "features" {
  bucket = "features-of-ours"
}

# bad
resource "aws_s3_bucket" "features" {
}

resource "aws_s3_bucket_versioning" "features" {
  bucket = aws_s3_bucket.features.id
  versioning_configuration {
    status = "Suspended"
  }
}

# good
resource "aws_s3_bucket" "features" {
}

resource "aws_s3_bucket_versioning" "features" {
  bucket = aws_s3_bucket.features.id
  versioning_configuration {
    status = "Enabled"
  }
}
