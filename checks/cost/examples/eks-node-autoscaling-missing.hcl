# bad
resource "aws_eks_node_group" "workers" {
  cluster_name    = "ml"
  node_group_name = "workers"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  instance_types  = ["m7i.xlarge"]

  scaling_config {
    min_size     = 3
    max_size     = 3
    desired_size = 3
  }
}

# good
resource "aws_eks_node_group" "workers" {
  cluster_name    = "ml"
  node_group_name = "workers"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  instance_types  = ["m7i.xlarge"]

  scaling_config {
    min_size     = 1
    max_size     = 6
    desired_size = 3
  }
}

# good
resource "aws_eks_node_group" "monitoring" {
  cluster_name    = "ml"
  node_group_name = "monitoring"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  instance_types  = ["m7i.large"]

  scaling_config {
    min_size     = 1
    max_size     = 1
    desired_size = 1
  }
}
