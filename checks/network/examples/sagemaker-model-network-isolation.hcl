# bad
resource "aws_sagemaker_model" "churn" {
  execution_role_arn = "arn:aws:iam::123456789012:role/serving"
  primary_container {
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1.4.2"
  }
}

# bad
resource "aws_sagemaker_model" "churn" {
  execution_role_arn       = "arn:aws:iam::123456789012:role/serving"
  enable_network_isolation = false
  primary_container {
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1.4.2"
  }
}

# good
resource "aws_sagemaker_model" "churn" {
  execution_role_arn       = "arn:aws:iam::123456789012:role/serving"
  enable_network_isolation = true
  primary_container {
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1.4.2"
  }
}
