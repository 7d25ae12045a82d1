# bad
resource "aws_sagemaker_user_profile" "ana" {
  domain_id         = "d-abcdefghijkl"
  user_profile_name = "ana"
}

# bad
resource "aws_iam_role" "studio" {
  name = "studio"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sagemaker.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_sagemaker_domain" "studio" {
  domain_name = "studio"
  auth_mode   = "IAM"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0"]

  default_user_settings {
    execution_role = aws_iam_role.studio.arn
  }
}

resource "aws_sagemaker_user_profile" "ana" {
  domain_id         = aws_sagemaker_domain.studio.id
  user_profile_name = "ana"

  user_settings {
    execution_role = aws_iam_role.studio.arn
  }
}

# good
resource "aws_sagemaker_domain" "studio" {
  domain_name = "studio"
  auth_mode   = "IAM"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0"]

  default_user_settings {
    execution_role = "arn:aws:iam::111122223333:role/studio"
  }
}

resource "aws_sagemaker_user_profile" "ana" {
  domain_id         = aws_sagemaker_domain.studio.id
  user_profile_name = "ana"

  user_settings {
    execution_role = "arn:aws:iam::111122223333:role/ana"
  }
}
