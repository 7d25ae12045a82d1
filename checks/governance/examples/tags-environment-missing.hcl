# bad
resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  instance_type = "ml.t3.medium"
  role_arn      = "arn:aws:iam::111122223333:role/research"
  tags = {
    owner = "ml"
  }
}

# bad
resource "aws_eks_node_group" "training" {
  cluster_name  = "ml"
  node_role_arn = "arn:aws:iam::111122223333:role/nodes"
  subnet_ids    = ["subnet-0123456789abcdef0"]

  scaling_config {
    desired_size = 1
    max_size     = 4
    min_size     = 0
  }
}

# good
resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  instance_type = "ml.t3.medium"
  role_arn      = "arn:aws:iam::111122223333:role/research"
  tags = {
    Environment = "dev"
  }
}

# good
resource "aws_eks_node_group" "training" {
  cluster_name  = "ml"
  node_role_arn = "arn:aws:iam::111122223333:role/nodes"
  subnet_ids    = ["subnet-0123456789abcdef0"]

  scaling_config {
    desired_size = 1
    max_size     = 4
    min_size     = 0
  }

  tags = {
    env = "prod"
  }
}
