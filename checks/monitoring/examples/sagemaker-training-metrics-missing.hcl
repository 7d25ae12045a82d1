# bad
resource "aws_sfn_state_machine" "training" {
  name     = "training"
  role_arn = "arn:aws:iam::123456789012:role/training"
  definition = jsonencode({
    StartAt = "Train"
    States = {
      Train = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createTrainingJob.sync"
        Parameters = {
          AlgorithmSpecification = {
            TrainingImage     = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:7"
            TrainingInputMode = "FastFile"
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
  role_arn              = "arn:aws:iam::123456789012:role/training"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps = [
      {
        Name = "Train"
        Type = "Training"
        Arguments = {
          AlgorithmSpecification = { TrainingImage = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:7" }
        }
      }
    ]
  })
}

# good
resource "aws_sfn_state_machine" "training" {
  name     = "training"
  role_arn = "arn:aws:iam::123456789012:role/training"
  definition = jsonencode({
    StartAt = "Train"
    States = {
      Train = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createTrainingJob.sync"
        Parameters = {
          AlgorithmSpecification = {
            TrainingImage     = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:7"
            TrainingInputMode = "FastFile"
            MetricDefinitions = [{ Name = "loss", Regex = "loss=(.*)" }]
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
  role_arn              = "arn:aws:iam::123456789012:role/training"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps = [
      {
        Name = "Train"
        Type = "Training"
        Arguments = {
          AlgorithmSpecification = { TrainingImage = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1" }
        }
      }
    ]
  })
}
