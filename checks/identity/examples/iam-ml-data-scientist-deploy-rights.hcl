# bad
resource "aws_iam_role" "data_scientist" {
  name = "data-scientist"
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
  role = aws_iam_role.data_scientist.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sagemaker:*"
      Resource = "*"
    }]
  })
}

# bad
resource "aws_iam_role" "data_scientist" {
  name = "data-scientist"
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
    actions   = ["sagemaker:CreateEndpoint"]
    resources = ["arn:aws:sagemaker:us-east-1:111122223333:endpoint/prod-*"]
  }
}

resource "aws_iam_policy" "work" {
  name   = "work"
  policy = data.aws_iam_policy_document.work.json
}

resource "aws_iam_role_policy_attachment" "work" {
  role       = aws_iam_role.data_scientist.name
  policy_arn = aws_iam_policy.work.arn
}

# bad
resource "aws_iam_role" "data_scientist" {
  name = "data-scientist"
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
  role       = aws_iam_role.data_scientist.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
}

# good
resource "aws_iam_role" "data_scientist" {
  name = "data-scientist"
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
  role = aws_iam_role.data_scientist.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["sagemaker:CreateTrainingJob", "sagemaker:InvokeEndpoint"]
      Resource = "*"
    }]
  })
}

# good
resource "aws_iam_role" "data_scientist" {
  name = "data-scientist"
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
    actions   = ["sagemaker:CreateEndpoint"]
    resources = ["arn:aws:sagemaker:us-east-1:111122223333:endpoint/dev-*"]
  }
}

resource "aws_iam_policy" "work" {
  name   = "work"
  policy = data.aws_iam_policy_document.work.json
}

resource "aws_iam_role_policy_attachment" "work" {
  role       = aws_iam_role.data_scientist.name
  policy_arn = aws_iam_policy.work.arn
}
