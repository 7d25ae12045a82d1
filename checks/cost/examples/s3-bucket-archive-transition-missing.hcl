# bad
resource "aws_s3_bucket" "raw" {
  bucket = "acme-raw-events"
}

# bad
resource "aws_s3_bucket" "lake" {
  bucket = "acme-lake"

  tags = {
    zone = "bronze"
  }
}

# bad
resource "aws_s3_bucket" "experiments" {
  bucket = "experiments"
}

resource "aws_s3_bucket_lifecycle_configuration" "experiments" {
  bucket = aws_s3_bucket.experiments.id

  rule {
    id     = "old"
    status = "Enabled"

    filter {}

    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }
  }
}

# good
resource "aws_s3_bucket" "raw" {
  bucket = "acme-raw-events"
}

resource "aws_s3_bucket_lifecycle_configuration" "raw" {
  bucket = aws_s3_bucket.raw.id

  rule {
    id     = "archive"
    status = "Enabled"

    filter {}

    transition {
      days          = 90
      storage_class = "GLACIER"
    }
  }
}

# good
resource "aws_s3_bucket" "backups" {
  bucket = "features-backups"
}

resource "aws_s3_bucket_lifecycle_configuration" "backups" {
  bucket = aws_s3_bucket.backups.id

  rule {
    id     = "old"
    status = "Enabled"

    filter {}

    expiration {
      days = 35
    }
  }
}

# good
resource "aws_s3_bucket" "website" {
  bucket = "acme-website"
}
