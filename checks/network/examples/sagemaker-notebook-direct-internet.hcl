# bad
resource "aws_sagemaker_notebook_instance" "features" {
  name          = "features"
  role_arn      = "arn:aws:iam::123456789012:role/notebooks"
  instance_type = "ml.t3.medium"
}

# bad
resource "aws_sagemaker_notebook_instance" "features" {
  name                   = "features"
  role_arn               = "arn:aws:iam::123456789012:role/notebooks"
  instance_type          = "ml.t3.medium"
  subnet_id              = "subnet-0123456789abcdef0"
  security_groups        = ["sg-0123456789abcdef0"]
  direct_internet_access = "Enabled"
}

# good
resource "aws_sagemaker_notebook_instance" "features" {
  name                   = "features"
  role_arn               = "arn:aws:iam::123456789012:role/notebooks"
  instance_type          = "ml.t3.medium"
  subnet_id              = "subnet-0123456789abcdef0"
  security_groups        = ["sg-0123456789abcdef0"]
  direct_internet_access = "Disabled"
}
