# bad
resource "aws_sfn_state_machine" "training" {
  role_arn = "arn:aws:iam::123456789012:role/training-workflow"
  definition = jsonencode({
    StartAt = "Train"
    States = {
      Train = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createTrainingJob.sync"
        Parameters = {
          "TrainingJobName.$"       = "$$.Execution.Name"
          RoleArn                   = "arn:aws:iam::123456789012:role/training"
          EnableManagedSpotTraining = true
          StoppingCondition = {
            MaxRuntimeInSeconds  = 7200
            MaxWaitTimeInSeconds = 14400
          }
        }
        End = true
      }
    }
  })
}

# bad
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::123456789012:role/pipelines"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps = [{
      Name = "Train"
      Type = "Training"
      Arguments = {
        EnableManagedSpotTraining = true
        StoppingCondition = {
          MaxRuntimeInSeconds  = 7200
          MaxWaitTimeInSeconds = 14400
        }
      }
    }]
  })
}

# good
resource "aws_sfn_state_machine" "training" {
  role_arn = "arn:aws:iam::123456789012:role/training-workflow"
  definition = jsonencode({
    StartAt = "Train"
    States = {
      Train = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createTrainingJob.sync"
        Parameters = {
          "TrainingJobName.$"       = "$$.Execution.Name"
          RoleArn                   = "arn:aws:iam::123456789012:role/training"
          EnableManagedSpotTraining = true
          StoppingCondition = {
            MaxRuntimeInSeconds  = 7200
            MaxWaitTimeInSeconds = 14400
          }
          CheckpointConfig = {
            S3Uri = "s3://acme-checkpoints/churn"
          }
        }
        End = true
      }
    }
  })
}

# good
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::123456789012:role/pipelines"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps = [{
      Name = "Train"
      Type = "Training"
      Arguments = {
        EnableManagedSpotTraining = false
        StoppingCondition = {
          MaxRuntimeInSeconds = 7200
        }
      }
    }]
  })
}
