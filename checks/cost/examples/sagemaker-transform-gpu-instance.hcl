# bad
resource "aws_sagemaker_model" "scores" {
  name               = "scores"
  execution_role_arn = "arn:aws:iam::123456789012:role/models"
  primary_container {
    image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.4-cpu-py311"
  }
}

resource "aws_sfn_state_machine" "nightly" {
  role_arn = "arn:aws:iam::123456789012:role/nightly"
  definition = jsonencode({
    StartAt = "Score"
    States = {
      Score = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createTransformJob.sync"
        Parameters = {
          "TransformJobName.$" = "$$.Execution.Name"
          ModelName            = aws_sagemaker_model.scores.name
          TransformResources = {
            InstanceType  = "ml.g5.xlarge"
            InstanceCount = 1
          }
        }
        End = true
      }
    }
  })
}

# good
resource "aws_sagemaker_model" "scores" {
  name               = "scores"
  execution_role_arn = "arn:aws:iam::123456789012:role/models"
  primary_container {
    image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.4-cpu-py311"
  }
}

resource "aws_sfn_state_machine" "nightly" {
  role_arn = "arn:aws:iam::123456789012:role/nightly"
  definition = jsonencode({
    StartAt = "Score"
    States = {
      Score = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createTransformJob.sync"
        Parameters = {
          "TransformJobName.$" = "$$.Execution.Name"
          ModelName            = aws_sagemaker_model.scores.name
          TransformResources = {
            InstanceType  = "ml.c5.2xlarge"
            InstanceCount = 1
          }
        }
        End = true
      }
    }
  })
}

# good
resource "aws_sagemaker_model" "scores" {
  name               = "scores"
  execution_role_arn = "arn:aws:iam::123456789012:role/models"
  primary_container {
    image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.4-gpu-py311"
  }
}

resource "aws_sagemaker_pipeline" "nightly" {
  pipeline_name         = "nightly"
  pipeline_display_name = "nightly"
  role_arn              = "arn:aws:iam::123456789012:role/pipelines"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps = [{
      Name = "Score"
      Type = "Transform"
      Arguments = {
        ModelName = aws_sagemaker_model.scores.name
        TransformResources = {
          InstanceType  = "ml.g5.xlarge"
          InstanceCount = 1
        }
      }
    }]
  })
}
