# bad
resource "aws_sagemaker_notebook_instance" "features" {
  name          = "features"
  role_arn      = "arn:aws:iam::123456789012:role/notebooks"
  instance_type = "ml.t3.medium"
}

# good
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "notebooks" {
  vpc_id = aws_vpc.main.id
}

resource "aws_sagemaker_notebook_instance" "features" {
  name            = "features"
  role_arn        = "arn:aws:iam::123456789012:role/notebooks"
  instance_type   = "ml.t3.medium"
  subnet_id       = aws_subnet.private.id
  security_groups = [aws_security_group.notebooks.id]
}
