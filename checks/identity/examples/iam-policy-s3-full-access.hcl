# bad
resource "aws_iam_policy" "training" {
  name = "training"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:*"
      Resource = "*"
    }]
  })
}

# bad
resource "aws_iam_role" "training" {
  name = "training"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sagemaker.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "training" {
  name = "training"
  role = aws_iam_role.training.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:*"
      Resource = "arn:aws:s3:::models-of-ours/*"
    }]
  })
}

# bad
data "aws_iam_policy_document" "training" {
  statement {
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = ["arn:aws:s3:::*"]
  }
}

resource "aws_iam_policy" "training" {
  name   = "training"
  policy = data.aws_iam_policy_document.training.json
}

# good
resource "aws_iam_policy" "training" {
  name = "training"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "arn:aws:s3:::training-*/*"
    }]
  })
}

# good
resource "aws_s3_bucket" "models" {
  bucket = "models-of-ours"
}

data "aws_iam_policy_document" "training" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:aws:s3:::${aws_s3_bucket.models.bucket}/*"]
  }
}

resource "aws_iam_policy" "training" {
  name   = "training"
  policy = data.aws_iam_policy_document.training.json
}
