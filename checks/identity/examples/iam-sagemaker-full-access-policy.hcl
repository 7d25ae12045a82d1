# bad
resource "aws_iam_role" "notebooks" {
  name = "notebooks"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sagemaker.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "notebooks" {
  role       = aws_iam_role.notebooks.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
}

# bad
resource "aws_iam_role" "data_scientist" {
  name                = "data-scientist"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"]
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111122223333:saml-provider/sso" }
      Action    = "sts:AssumeRoleWithSAML"
    }]
  })
}

# good
resource "aws_iam_role" "notebooks" {
  name = "notebooks"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sagemaker.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "notebooks" {
  role       = aws_iam_role.notebooks.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSageMakerReadOnly"
}
