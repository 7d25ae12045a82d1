# bad
resource "aws_sagemaker_model" "churn" {
  execution_role_arn = "arn:aws:iam::123456789012:role/serving"
  primary_container {
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1.4.2"
  }
}

# bad
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, count.index)
  availability_zone = "us-east-1a"
}

resource "aws_sagemaker_model" "churn" {
  execution_role_arn = "arn:aws:iam::123456789012:role/serving"
  primary_container {
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1.4.2"
  }
  vpc_config {
    subnets            = [aws_subnet.private[0].id, aws_subnet.private[1].id]
    security_group_ids = ["sg-0123456789abcdef0"]
  }
}

# good
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  for_each = {
    us-east-1a = "10.0.0.0/24"
    us-east-1b = "10.0.1.0/24"
  }
  vpc_id            = aws_vpc.main.id
  cidr_block        = each.value
  availability_zone = each.key
}

resource "aws_sagemaker_model" "churn" {
  execution_role_arn = "arn:aws:iam::123456789012:role/serving"
  primary_container {
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1.4.2"
  }
  vpc_config {
    subnets            = [for subnet in aws_subnet.private : subnet.id]
    security_group_ids = ["sg-0123456789abcdef0"]
  }
}
