# bad
resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  instance_type = "ml.p3.2xlarge"
  role_arn      = "arn:aws:iam::123456789012:role/notebooks"
}

# bad
resource "aws_sagemaker_domain" "research" {
  domain_name = "research"
  auth_mode   = "IAM"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0"]
  default_user_settings {
    execution_role = "arn:aws:iam::123456789012:role/studio"
    jupyter_lab_app_settings {
      default_resource_spec {
        instance_type = "ml.g5.xlarge"
      }
    }
  }
}

# bad
resource "aws_sagemaker_user_profile" "ana" {
  domain_id         = "d-0123456789ab"
  user_profile_name = "ana"
  user_settings {
    execution_role = "arn:aws:iam::123456789012:role/studio"
    code_editor_app_settings {
      default_resource_spec {
        instance_type = "ml.g4dn.xlarge"
      }
    }
  }
}

# bad
resource "aws_sagemaker_app" "ana" {
  domain_id         = "d-0123456789ab"
  user_profile_name = "ana"
  app_type          = "JupyterLab"
  app_name          = "default"
  resource_spec {
    instance_type = "ml.g5.xlarge"
  }
}

# good
resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  instance_type = "ml.m5.xlarge"
  role_arn      = "arn:aws:iam::123456789012:role/notebooks"
}

# good
resource "aws_sagemaker_domain" "research" {
  domain_name = "research"
  auth_mode   = "IAM"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0"]
  default_user_settings {
    execution_role = "arn:aws:iam::123456789012:role/studio"
    jupyter_lab_app_settings {
      default_resource_spec {
        instance_type = "ml.m5.large"
      }
    }
  }
}

# good
resource "aws_sagemaker_app" "ana" {
  domain_id         = "d-0123456789ab"
  user_profile_name = "ana"
  app_type          = "JupyterServer"
  app_name          = "default"
  resource_spec {
    instance_type = "system"
  }
}
