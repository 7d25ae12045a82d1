# bad
resource "aws_s3_bucket" "features" {
  bucket = "features-of-ours"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "features" {
  bucket = aws_s3_bucket.features.id

  rule {
    bucket_key_enabled = true
  }
}

# good
resource "aws_s3_bucket" "features" {
  bucket = "features-of-ours"
}

# good
resource "aws_s3_bucket" "features" {
  bucket = "features-of-ours"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "features" {
  bucket = aws_s3_bucket.features.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.features.arn
    }

    bucket_key_enabled = true
  }
}

resource "aws_kms_key" "features" {
  enable_key_rotation = true
}
