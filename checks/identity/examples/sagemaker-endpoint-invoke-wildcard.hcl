# bad
resource "aws_iam_policy" "churn" {
  name = "churn"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sagemaker:InvokeEndpoint"
      Resource = "*"
    }]
  })
}

# bad
resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "churn" {
  name = "churn"
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sagemaker:*"
      Resource = "arn:aws:sagemaker:us-east-1:111122223333:*"
    }]
  })
}

# bad
data "aws_iam_policy_document" "churn" {
  statement {
    actions   = ["sagemaker:Invoke*"]
    resources = ["arn:aws:sagemaker:*:*:endpoint/*"]
  }
}

resource "aws_iam_policy" "churn" {
  name   = "churn"
  policy = data.aws_iam_policy_document.churn.json
}

# good
resource "aws_iam_policy" "churn" {
  name = "churn"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sagemaker:InvokeEndpoint"
      Resource = "arn:aws:sagemaker:us-east-1:111122223333:endpoint/churn"
    }]
  })
}

# good
resource "aws_sagemaker_endpoint" "churn" {
  name                 = "churn"
  endpoint_config_name = "churn"
}

data "aws_iam_policy_document" "churn" {
  statement {
    actions   = ["sagemaker:InvokeEndpoint"]
    resources = ["arn:aws:sagemaker:us-east-1:111122223333:endpoint/${aws_sagemaker_endpoint.churn.name}"]
  }
}

resource "aws_iam_policy" "churn" {
  name   = "churn"
  policy = data.aws_iam_policy_document.churn.json
}

# good
resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "churn" {
  name = "churn"
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["sagemaker:DescribeEndpoint", "sagemaker:ListEndpoints"]
      Resource = "*"
    }]
  })
}
