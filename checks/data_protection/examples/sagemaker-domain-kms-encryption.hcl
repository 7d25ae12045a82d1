# bad
resource "aws_sagemaker_domain" "research" {
  domain_name = "research"
  auth_mode   = "IAM"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0"]
  default_user_settings {
    execution_role = "arn:aws:iam::123456789012:role/studio"
  }
}

# bad
resource "aws_sagemaker_domain" "research" {
  domain_name = "research"
  auth_mode   = "IAM"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0"]
  kms_key_id  = "alias/aws/elasticfilesystem"
  default_user_settings {
    execution_role = "arn:aws:iam::123456789012:role/studio"
  }
}

# good
resource "aws_kms_key" "ml" {
  enable_key_rotation = true
}

resource "aws_sagemaker_domain" "research" {
  domain_name = "research"
  auth_mode   = "IAM"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0"]
  kms_key_id  = aws_kms_key.ml.arn
  default_user_settings {
    execution_role = "arn:aws:iam::123456789012:role/studio"
  }
}
