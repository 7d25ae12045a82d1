# bad
resource "aws_s3_bucket" "training_data" {
  bucket = "acme-training-data"
}

# bad
resource "aws_s3_bucket" "lake" {
  bucket = "acme-data-lake"
}

resource "aws_s3_bucket_lifecycle_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id

  rule {
    id     = "uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  rule {
    id     = "temporary"
    status = "Enabled"

    filter {
      prefix = "tmp/"
    }

    expiration {
      days = 7
    }
  }
}

# good
resource "aws_s3_bucket" "training_data" {
  bucket = "acme-training-data"
}

resource "aws_s3_bucket_lifecycle_configuration" "training_data" {
  bucket = aws_s3_bucket.training_data.id

  rule {
    id     = "tiering"
    status = "Enabled"

    filter {}

    transition {
      days          = 0
      storage_class = "INTELLIGENT_TIERING"
    }
  }
}

# good
resource "aws_s3_bucket" "datasets" {
  bucket = "acme-datasets"
}

resource "aws_s3_bucket_lifecycle_configuration" "datasets" {
  bucket = aws_s3_bucket.datasets.id

  rule {
    id     = "old"
    status = "Enabled"

    filter {}

    expiration {
      days = 30
    }
  }
}

# good
resource "aws_s3_bucket" "features" {
  bucket = "acme-features"
}

resource "aws_s3_bucket_intelligent_tiering_configuration" "features" {
  bucket = aws_s3_bucket.features.id
  name   = "old"

  tiering {
    access_tier = "ARCHIVE_ACCESS"
    days        = 90
  }
}

# good
resource "aws_s3_bucket" "website" {
  bucket = "acme-website"
}
