# bad
resource "aws_sfn_state_machine" "features" {
  role_arn = "arn:aws:iam::123456789012:role/features"
  definition = jsonencode({
    StartAt = "Prepare"
    States = {
      Prepare = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createProcessingJob.sync"
        Parameters = {
          "ProcessingJobName.$" = "$$.Execution.Name"
          RoleArn               = "arn:aws:iam::123456789012:role/processing"
          AppSpecification = {
            ImageUri = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
          }
          ProcessingResources = {
            ClusterConfig = {
              InstanceType   = "ml.g4dn.xlarge"
              InstanceCount  = 1
              VolumeSizeInGB = 50
            }
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
      Name = "Prepare"
      Type = "Processing"
      Arguments = {
        AppSpecification = {
          ImageUri = "173754725891.dkr.ecr.us-east-1.amazonaws.com/sagemaker-spark-processing:3.3-cpu"
        }
        ProcessingResources = {
          ClusterConfig = {
            InstanceType   = "ml.p3.2xlarge"
            InstanceCount  = 2
            VolumeSizeInGB = 100
          }
        }
      }
    }]
  })
}

# good
resource "aws_sfn_state_machine" "features" {
  role_arn = "arn:aws:iam::123456789012:role/features"
  definition = jsonencode({
    StartAt = "Prepare"
    States = {
      Prepare = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createProcessingJob.sync"
        Parameters = {
          "ProcessingJobName.$" = "$$.Execution.Name"
          RoleArn               = "arn:aws:iam::123456789012:role/processing"
          AppSpecification = {
            ImageUri = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
          }
          ProcessingResources = {
            ClusterConfig = {
              InstanceType   = "ml.m5.xlarge"
              InstanceCount  = 1
              VolumeSizeInGB = 50
            }
          }
        }
        End = true
      }
    }
  })
}
