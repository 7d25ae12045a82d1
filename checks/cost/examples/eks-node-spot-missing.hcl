# bad
resource "aws_eks_node_group" "batch" {
  cluster_name    = "ml"
  node_group_name = "batch"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  instance_types  = ["c6i.4xlarge"]

  scaling_config {
    min_size     = 0
    max_size     = 9
    desired_size = 2
  }

  labels = {
    workload = "batch"
  }
}

# bad
resource "aws_eks_node_group" "trainers" {
  cluster_name    = "ml"
  node_group_name = "trainers"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  instance_types  = ["g5.xlarge"]
  capacity_type   = "ON_DEMAND"

  scaling_config {
    min_size     = 0
    max_size     = 9
    desired_size = 0
  }

  tags = {
    workload = "training"
  }
}

# good
resource "aws_eks_node_group" "batch" {
  cluster_name    = "ml"
  node_group_name = "batch"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  instance_types  = ["c6i.4xlarge", "c5.4xlarge", "c6a.4xlarge"]
  capacity_type   = "SPOT"

  scaling_config {
    min_size     = 0
    max_size     = 9
    desired_size = 2
  }

  labels = {
    workload = "batch"
  }
}

# good
resource "aws_eks_node_group" "web" {
  cluster_name    = "ml"
  node_group_name = "web"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  instance_types  = ["m7i.large"]

  scaling_config {
    min_size     = 2
    max_size     = 6
    desired_size = 2
  }

  labels = {
    workload = "web"
  }
}
