# bad
resource "aws_s3_bucket" "experiments" {
  bucket = "experiments"
}

# bad
resource "aws_s3_bucket" "experiments" {
}

resource "aws_s3_bucket_lifecycle_configuration" "experiments" {
  bucket = aws_s3_bucket.experiments.id

  rule {
    id     = "old"
    status = "Disabled"

    filter {}

    expiration {
      days = 30
    }
  }
}

# good
resource "aws_s3_bucket" "experiments" {
  bucket = "experiments"
}

resource "aws_s3_bucket_lifecycle_configuration" "experiments" {
  bucket = aws_s3_bucket.experiments.id

  rule {
    id     = "old"
    status = "Enabled"

    filter {}

    expiration {
      days = 90
    }
  }
}
