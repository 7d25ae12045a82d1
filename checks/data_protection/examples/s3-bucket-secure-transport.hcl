# bad
resource "aws_s3_bucket" "models" {
  bucket = "models-of-ours"
}

# bad
resource "aws_s3_bucket" "models" {
  bucket = "models-of-ours"
}

resource "aws_s3_bucket_policy" "models" {
  bucket = aws_s3_bucket.models.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "arn:aws:s3:::models-of-ours/*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# bad
resource "aws_s3_bucket" "models" {
  bucket = "models-of-ours"
}

resource "aws_s3_bucket_policy" "models" {
  bucket = aws_s3_bucket.models.id
  policy = data.aws_iam_policy_document.models.json
}

data "aws_iam_policy_document" "models" {
  statement {
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.models.arn, "${aws_s3_bucket.models.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }
  }
}

# good
resource "aws_s3_bucket" "models" {
  bucket = "models-of-ours"
}

resource "aws_s3_bucket_policy" "models" {
  bucket = aws_s3_bucket.models.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::models-of-ours", "arn:aws:s3:::models-of-ours/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# good
resource "aws_s3_bucket" "models" {
  bucket = "models-of-ours"
}

resource "aws_s3_bucket_policy" "models" {
  bucket = aws_s3_bucket.models.id
  policy = data.aws_iam_policy_document.models.json
}

data "aws_iam_policy_document" "models" {
  statement {
    effect  = "Deny"
    actions = ["s3:*"]

    resources = [
      "arn:aws:s3:::${aws_s3_bucket.models.bucket}",
      "arn:aws:s3:::${aws_s3_bucket.models.bucket}/*",
    ]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
