# bad
resource "aws_security_group" "notebooks" {
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_sagemaker_notebook_instance" "features" {
  name            = "features"
  role_arn        = "arn:aws:iam::123456789012:role/notebooks"
  instance_type   = "ml.t3.medium"
  subnet_id       = "subnet-0123456789abcdef0"
  security_groups = [aws_security_group.notebooks.id]
}

# bad
resource "aws_security_group" "warehouse" {
}

resource "aws_vpc_security_group_egress_rule" "everything" {
  security_group_id = aws_security_group.warehouse.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_redshift_cluster" "events" {
  cluster_identifier     = "events"
  node_type              = "ra3.large"
  master_username        = "loader"
  manage_master_password = true
  vpc_security_group_ids = [aws_security_group.warehouse.id]
}

# good
resource "aws_security_group" "notebooks" {
  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_sagemaker_notebook_instance" "features" {
  name            = "features"
  role_arn        = "arn:aws:iam::123456789012:role/notebooks"
  instance_type   = "ml.t3.medium"
  subnet_id       = "subnet-0123456789abcdef0"
  security_groups = [aws_security_group.notebooks.id]
}

# good
resource "aws_security_group" "notebooks" {
}

resource "aws_vpc_security_group_egress_rule" "within" {
  security_group_id = aws_security_group.notebooks.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/16"
}

resource "aws_sagemaker_notebook_instance" "features" {
  name            = "features"
  role_arn        = "arn:aws:iam::123456789012:role/notebooks"
  instance_type   = "ml.t3.medium"
  subnet_id       = "subnet-0123456789abcdef0"
  security_groups = [aws_security_group.notebooks.id]
}
