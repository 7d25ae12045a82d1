# bad
resource "aws_eks_node_group" "trainers" {
  cluster_name    = "ml"
  node_group_name = "trainers"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  instance_types  = ["g5.xlarge"]

  scaling_config {
    min_size     = 1
    max_size     = 4
    desired_size = 1
  }

  labels = {
    workload = "training"
  }
}

# bad
resource "aws_launch_template" "gpu" {
  instance_type = "g6.2xlarge"
}

resource "aws_eks_node_group" "gpu" {
  cluster_name    = "ml"
  node_group_name = "gpu"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]

  launch_template {
    id      = aws_launch_template.gpu.id
    version = "1"
  }

  scaling_config {
    min_size     = 2
    max_size     = 4
    desired_size = 2
  }
}

# good
resource "aws_eks_node_group" "trainers" {
  cluster_name    = "ml"
  node_group_name = "trainers"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  instance_types  = ["g5.xlarge"]

  scaling_config {
    min_size     = 0
    max_size     = 4
    desired_size = 0
  }

  taint {
    key    = "nvidia.com/gpu"
    value  = "present"
    effect = "NO_SCHEDULE"
  }
}

# good
resource "aws_eks_node_group" "serving" {
  cluster_name    = "ml"
  node_group_name = "serving"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  instance_types  = ["g5.xlarge"]

  scaling_config {
    min_size     = 1
    max_size     = 4
    desired_size = 1
  }

  labels = {
    workload = "inference"
  }
}

# good
resource "aws_eks_node_group" "system" {
  cluster_name    = "ml"
  node_group_name = "system"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  instance_types  = ["m7i.large"]

  scaling_config {
    min_size     = 2
    max_size     = 4
    desired_size = 2
  }
}
