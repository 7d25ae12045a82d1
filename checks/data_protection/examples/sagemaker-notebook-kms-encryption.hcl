# bad
resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  instance_type = "ml.t3.xlarge"
  role_arn      = "arn:aws:iam::123456789012:role/notebooks"
}

# bad
resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  instance_type = "ml.t3.xlarge"
  role_arn      = "arn:aws:iam::123456789012:role/notebooks"
  kms_key_id    = "alias/aws/sagemaker"
}

# good
resource "aws_kms_key" "ml" {
  enable_key_rotation = true
}

resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  instance_type = "ml.t3.xlarge"
  role_arn      = "arn:aws:iam::123456789012:role/notebooks"
  kms_key_id    = aws_kms_key.ml.arn
}
