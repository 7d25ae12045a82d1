# bad
resource "aws_iam_role" "ml_engineer" {
  name = "ml-engineer"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sagemaker.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "work" {
  name = "work"
  role = aws_iam_role.ml_engineer.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["sagemaker:*", "iam:*"]
      Resource = "*"
    }]
  })
}

# bad
resource "aws_iam_role" "ml_engineer" {
  name = "ml-engineer"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sagemaker.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

data "aws_iam_policy_document" "work" {
  statement {
    actions   = ["lakeformation:GrantPermissions"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "work" {
  name   = "work"
  policy = data.aws_iam_policy_document.work.json
}

resource "aws_iam_role_policy_attachment" "work" {
  role       = aws_iam_role.ml_engineer.name
  policy_arn = aws_iam_policy.work.arn
}

# bad
resource "aws_iam_role" "ml_engineer" {
  name = "ml-engineer"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sagemaker.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "work" {
  role       = aws_iam_role.ml_engineer.name
  policy_arn = "arn:aws:iam::aws:policy/IAMFullAccess"
}

# good
resource "aws_iam_role" "ml_engineer" {
  name = "ml-engineer"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sagemaker.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "work" {
  name = "work"
  role = aws_iam_role.ml_engineer.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["sagemaker:*", "ec2:*", "cloudwatch:*", "iam:Get*"]
      Resource = "*"
    }]
  })
}

# good
resource "aws_iam_role" "ml_engineer" {
  name = "ml-engineer"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sagemaker.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "work" {
  role       = aws_iam_role.ml_engineer.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
}
