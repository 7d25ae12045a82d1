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
          "TrainingJobName.$" = "$$.Execution.Name"
          RoleArn             = "arn:aws:iam::123456789012:role/training"
          AlgorithmSpecification = {
            TrainingImage     = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4-gpu-py311"
            TrainingInputMode = "FastFile"
          }
          ResourceConfig = {
            InstanceType   = "ml.p4d.24xlarge"
            InstanceCount  = 2
            VolumeSizeInGB = 500
          }
        }
        End = true
      }
    }
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
          "TrainingJobName.$" = "$$.Execution.Name"
          RoleArn             = "arn:aws:iam::123456789012:role/training"
          AlgorithmSpecification = {
            TrainingImage     = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training-neuronx:2.1-neuronx-py310"
            TrainingInputMode = "FastFile"
          }
          ResourceConfig = {
            InstanceType   = "ml.trn1.32xlarge"
            InstanceCount  = 2
            VolumeSizeInGB = 500
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
        AlgorithmSpecification = {
          TrainingImage     = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4-gpu-py311"
          TrainingInputMode = "FastFile"
        }
        ResourceConfig = {
          InstanceType   = "ml.g5.xlarge"
          InstanceCount  = 1
          VolumeSizeInGB = 50
        }
      }
    }]
  })
}
