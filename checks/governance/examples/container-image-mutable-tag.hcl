# bad
resource "aws_ecs_task_definition" "training" {
  family = "training"
  container_definitions = jsonencode([
    {
      name   = "training"
      image  = "111122223333.dkr.ecr.us-east-1.amazonaws.com/training:latest"
      memory = 4096
    }
  ])
}

# bad
resource "aws_sagemaker_model" "churn" {
  name               = "churn"
  execution_role_arn = "arn:aws:iam::111122223333:role/serving"

  primary_container {
    image          = "111122223333.dkr.ecr.us-east-1.amazonaws.com/churn:prod"
    model_data_url = "s3://models-of-ours/churn/model.tar.gz"
  }
}

# bad
resource "aws_batch_job_definition" "features" {
  name = "features"
  type = "container"
  container_properties = jsonencode({
    image = "public.ecr.aws/acme/features:main"
    resourceRequirements = [
      { type = "VCPU", value = "4" },
      { type = "MEMORY", value = "16384" },
    ]
  })
}

# bad
resource "aws_batch_job_definition" "training" {
  name = "training"
  type = "container"

  eks_properties {
    pod_properties {
      containers {
        image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/training"
      }
    }
  }
}

# good
resource "aws_ecs_task_definition" "training" {
  family = "training"
  container_definitions = jsonencode([
    {
      name   = "training"
      image  = "111122223333.dkr.ecr.us-east-1.amazonaws.com/training:2026-11-02"
      memory = 4096
    }
  ])
}

# good
resource "aws_sagemaker_model" "churn" {
  name               = "churn"
  execution_role_arn = "arn:aws:iam::111122223333:role/serving"

  primary_container {
    image          = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.6-gpu-py312"
    model_data_url = "s3://models-of-ours/churn/model.tar.gz"
  }
}

# good
resource "aws_batch_job_definition" "features" {
  name = "features"
  type = "multinode"
  node_properties = jsonencode({
    mainNode = 0
    numNodes = 2
    nodeRangeProperties = [
      {
        targetNodes = "0:"
        container = {
          image  = "public.ecr.aws/acme/features@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
          vcpus  = 4
          memory = 16384
        }
      }
    ]
  })
}
