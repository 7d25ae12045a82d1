resource "aws_iam_role" "admin" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role.admin.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

data "aws_iam_policy_document" "anyone" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

resource "aws_iam_role" "outsider" {
  assume_role_policy = data.aws_iam_policy_document.anyone.json
  inline_policy {
    name = "everything"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
    })
  }
}

resource "aws_iam_policy" "reader" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::lake/*" }]
  })
}

resource "aws_iam_policy" "passer" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["iam:PassRole", "lambda:*"], Resource = "*" }]
  })
}

resource "aws_iam_role_policy" "role_rights" {
  role = aws_iam_role.admin.name
  name = "rights"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
  })
}

resource "aws_iam_user" "person" {
  name = "person"
}

resource "aws_iam_user_policy_attachment" "person" {
  user       = aws_iam_user.person.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_cloudtrail" "trail" {
  name                  = "trail"
  s3_bucket_name        = "trails"
  is_multi_region_trail = false
}

resource "aws_ecs_task_definition" "plain_task" {
  family       = "plain"
  network_mode = "host"
  container_definitions = jsonencode([{
    name        = "main"
    image       = "nginx:latest"
    privileged  = true
    environment = [{ name = "DB_PASSWORD", value = "hunter2-hunter2" }]
  }])
}

resource "aws_ecs_task_definition" "task" {
  family       = "task"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{
    name                   = "main"
    image                  = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1.2"
    readonlyRootFilesystem = true
    user                   = "1000"
    logConfiguration       = { logDriver = "awslogs", options = { awslogs-group = "churn" } }
  }])
}

resource "aws_ecs_cluster" "containers" {
  name = "containers"
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_eks_cluster" "plain_kubernetes" {
  name     = "plain"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  version  = "1.24"
  vpc_config {
    subnet_ids = ["subnet-1", "subnet-2"]
  }
}

resource "aws_eks_cluster" "kubernetes" {
  name                      = "kubernetes"
  role_arn                  = "arn:aws:iam::111122223333:role/eks"
  version                   = "1.33"
  enabled_cluster_log_types = ["api", "audit", "authenticator"]
  vpc_config {
    subnet_ids              = ["subnet-1", "subnet-2"]
    endpoint_public_access  = false
    endpoint_private_access = true
  }
  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = "arn:aws:kms:eu-west-1:111122223333:key/1"
    }
  }
}

resource "aws_eks_node_group" "nodes" {
  cluster_name   = aws_eks_cluster.kubernetes.name
  node_role_arn  = "arn:aws:iam::111122223333:role/nodes"
  subnet_ids     = ["subnet-1"]
  instance_types = ["g5.xlarge"]
  scaling_config {
    desired_size = 1
    min_size     = 1
    max_size     = 1
  }
  remote_access {
    ec2_ssh_key = "ours"
  }
}

resource "aws_batch_compute_environment" "computing" {
  type = "MANAGED"
  compute_resources {
    type               = "EC2"
    min_vcpus          = 16
    max_vcpus          = 64
    instance_type      = ["p3.2xlarge"]
    subnets            = ["subnet-1"]
    security_group_ids = ["sg-12345678"]
    instance_role      = "arn:aws:iam::111122223333:instance-profile/batch"
  }
}

resource "aws_batch_job_definition" "batch_job" {
  name = "train"
  type = "container"
  container_properties = jsonencode({
    image                = "train:latest"
    privileged           = true
    resourceRequirements = [{ type = "VCPU", value = "4" }, { type = "MEMORY", value = "8192" }]
  })
}

resource "aws_emr_cluster" "spark" {
  name          = "spark"
  release_label = "emr-5.20.0"
  service_role  = "EMR_DefaultRole"
  ec2_attributes {
    subnet_id        = "subnet-1"
    instance_profile = "EMR_EC2_DefaultRole"
  }
  master_instance_group {
    instance_type = "m4.large"
  }
  core_instance_group {
    instance_type  = "m4.large"
    instance_count = 2
  }
}

resource "aws_backup_vault" "vault" {
  name        = "vault"
  kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/1"
}

resource "aws_cloudwatch_metric_alarm" "alarm" {
  alarm_name          = "errors"
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 1
  period              = 300
  statistic           = "Sum"
  actions_enabled     = false
}

resource "aws_budgets_budget" "budget" {
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = "1000"
  limit_unit   = "USD"
}
