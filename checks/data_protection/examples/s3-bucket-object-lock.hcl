# bad
resource "aws_s3_bucket" "raw" {
  bucket = "acme-raw-data"
}

# bad
resource "aws_s3_bucket" "landing" {
  bucket = "acme-7"

  tags = {
    zone = "bronze"
  }
}

# bad
resource "aws_s3_bucket" "audit" {
  bucket              = "acme-audit"
  object_lock_enabled = true
}

# bad
resource "aws_s3_bucket" "kept" {
}

resource "aws_s3_bucket_versioning" "kept" {
  bucket = aws_s3_bucket.kept.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_cloudtrail" "trail" {
  name           = "trail"
  s3_bucket_name = aws_s3_bucket.kept.id
}

# good
resource "aws_s3_bucket" "raw" {
  bucket              = "acme-raw-data"
  object_lock_enabled = true
}

resource "aws_s3_bucket_object_lock_configuration" "raw" {
  bucket = aws_s3_bucket.raw.id

  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 365
    }
  }
}

# good
resource "aws_s3_bucket" "raw" {
  bucket = "acme-raw-data"
}

resource "aws_s3_bucket_versioning" "raw" {
  bucket = aws_s3_bucket.raw.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_object_lock_configuration" "raw" {
  bucket = aws_s3_bucket_versioning.raw.bucket

  rule {
    default_retention {
      mode  = "GOVERNANCE"
      years = 1
    }
  }
}

# good
resource "aws_s3_bucket" "curated" {
  bucket = "acme-curated"
}
