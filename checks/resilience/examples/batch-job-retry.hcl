# bad
resource "aws_batch_job_definition" "training" {
  name = "training"
  type = "container"

  container_properties = jsonencode({
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/training:7"
    resourceRequirements = [
      { type = "VCPU", value = "4" },
      { type = "MEMORY", value = "16384" }
    ]
  })
}

# bad
resource "aws_batch_job_definition" "training" {
  name = "training"
  type = "container"

  container_properties = jsonencode({
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/training:7"
    resourceRequirements = [
      { type = "VCPU", value = "4" },
      { type = "MEMORY", value = "16384" }
    ]
  })

  retry_strategy {
    attempts = 3
  }
}

# good
resource "aws_batch_job_definition" "training" {
  name = "training"
  type = "container"

  container_properties = jsonencode({
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/training:7"
    resourceRequirements = [
      { type = "VCPU", value = "4" },
      { type = "MEMORY", value = "16384" }
    ]
  })

  retry_strategy {
    attempts = 3
  }

  timeout {
    attempt_duration_seconds = 14400
  }
}
