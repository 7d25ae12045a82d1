# bad
resource "aws_s3_bucket" "models" {
  bucket = "prod-models"
}

# bad
resource "aws_s3_bucket" "models" {
  tags = {
    Environment = "production"
  }
}

resource "aws_s3_bucket_replication_configuration" "models" {
  bucket = aws_s3_bucket.models.id
  role   = "arn:aws:iam::123456789012:role/replication"
  rule {
    status = "Disabled"
    destination {
      bucket = "arn:aws:s3:::models-copy"
    }
  }
}

# bad
resource "aws_s3_bucket" "copies" {
  bucket = "dev-models-copy"
}

resource "aws_s3_bucket" "models" {
  bucket = "prod-models"
}

resource "aws_s3_bucket_replication_configuration" "models" {
  bucket = aws_s3_bucket.models.id
  role   = "arn:aws:iam::123456789012:role/replication"
  rule {
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.copies.arn
    }
  }
}

# good
resource "aws_s3_bucket" "models" {
  bucket = "prod-models"
}

resource "aws_s3_bucket_replication_configuration" "models" {
  bucket = aws_s3_bucket.models.id
  role   = "arn:aws:iam::123456789012:role/replication"
  rule {
    status = "Enabled"
    destination {
      bucket = "arn:aws:s3:::models-copy"
    }
  }
}

# good
resource "aws_s3_bucket" "models" {
  bucket = "dev-models"
}
