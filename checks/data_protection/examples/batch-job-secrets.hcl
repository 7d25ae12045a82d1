# bad
resource "aws_batch_job_definition" "train" {
  name = "train"
  type = "container"

  container_properties = jsonencode({
    image = "train:1.4"
    environment = [
      { name = "STAGE", value = "prod" },
      { name = "HF_TOKEN", value = "hunter2" },
    ]
    resourceRequirements = [
      { type = "VCPU", value = "4" },
      { type = "MEMORY", value = "16384" },
    ]
  })
}

# bad
resource "aws_batch_job_definition" "train" {
  name = "train"
  type = "container"

  container_properties = jsonencode({
    image   = "train:1.4"
    command = ["train", "--api-key", "hunter2"]
  })
}

# bad
resource "aws_batch_job_definition" "train" {
  name       = "train"
  type       = "container"
  parameters = { password = "hunter2" }

  container_properties = jsonencode({
    image   = "train:1.4"
    command = ["train", "--password", "Ref::password"]
  })
}

# bad
resource "aws_batch_job_definition" "train" {
  name = "train"
  type = "multinode"

  node_properties = jsonencode({
    mainNode = 0
    numNodes = 2
    nodeRangeProperties = [{
      targetNodes = "0:"
      container = {
        image       = "train:1.4"
        environment = [{ name = "API_KEY", value = "hunter2" }]
      }
    }]
  })
}

# bad
resource "aws_batch_job_definition" "train" {
  name                  = "train"
  type                  = "container"
  platform_capabilities = ["FARGATE"]

  ecs_properties = jsonencode({
    taskProperties = [{
      containers = [{
        name        = "train"
        image       = "train:1.4"
        environment = [{ name = "API_KEY", value = "hunter2" }]
      }]
    }]
  })
}

# bad
resource "aws_batch_job_definition" "train" {
  name = "train"
  type = "container"

  eks_properties {
    pod_properties {
      containers {
        image = "train:1.4"

        env {
          name  = "API_KEY"
          value = "hunter2"
        }
      }
    }
  }
}

# good
resource "aws_batch_job_definition" "train" {
  name       = "train"
  type       = "container"
  parameters = { epochs = "3" }

  container_properties = jsonencode({
    image       = "train:1.4"
    command     = ["train", "--api-key", "Ref::key", "--epochs", "Ref::epochs"]
    environment = [{ name = "STAGE", value = "prod" }]
    secrets = [{
      name      = "HF_TOKEN"
      valueFrom = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hf"
    }]
  })
}

# good
resource "aws_batch_job_definition" "train" {
  name                  = "train"
  type                  = "container"
  platform_capabilities = ["FARGATE"]

  ecs_properties = jsonencode({
    taskProperties = [{
      containers = [{
        name        = "train"
        image       = "train:1.4"
        environment = [{ name = "STAGE", value = "prod" }]
      }]
    }]
  })
}
