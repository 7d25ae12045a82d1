# bad
resource "aws_s3_bucket" "training" {
  bucket = "acme-training-data"
}

# bad
resource "aws_s3_bucket" "shared" {
  bucket = "acme-7"

  tags = {
    classification = "confidential"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "shared" {
  bucket = aws_s3_bucket.shared.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# bad
resource "aws_s3_bucket" "model_artifacts" {
}

resource "aws_s3_bucket_server_side_encryption_configuration" "model_artifacts" {
  bucket = aws_s3_bucket.model_artifacts.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

# good
resource "aws_s3_bucket" "training" {
  bucket = "acme-training-data"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "training" {
  bucket = aws_s3_bucket.training.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.training.arn
    }

    bucket_key_enabled = true
  }
}

resource "aws_kms_key" "training" {
  enable_key_rotation = true
}

# good
resource "aws_s3_bucket" "website" {
  bucket = "acme-website"
}
