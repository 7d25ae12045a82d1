# bad
resource "aws_iam_policy" "training" {
  name = "training"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "*"
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
      Action   = ["*"]
      Resource = "*"
    }]
  })
}

# bad
data "aws_iam_policy_document" "training" {
  statement {
    actions   = ["s3:GetObject", "*:*"]
    resources = ["*"]
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
      Action   = "s3:*"
      Resource = "*"
    }]
  })
}

# good
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
      Action   = "*"
      Resource = "arn:aws:s3:::models-of-ours"
    }]
  })
}

# good
data "aws_iam_policy_document" "training" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::features-of-ours/*"]
  }
}

resource "aws_iam_policy" "training" {
  name   = "training"
  policy = data.aws_iam_policy_document.training.json
}
