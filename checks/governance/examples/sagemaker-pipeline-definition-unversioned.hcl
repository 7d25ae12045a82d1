# bad
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::123456789012:role/pipelines"
  pipeline_definition_s3_location {
    bucket     = "acme-pipelines"
    object_key = "churn.json"
  }
}

# good
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::123456789012:role/pipelines"
  pipeline_definition_s3_location {
    bucket     = "acme-pipelines"
    object_key = "churn.json"
    version_id = "3HL4kqtJvjVBH40Nrjfkd"
  }
}

# good
resource "aws_s3_object" "definition" {
  bucket = "acme-pipelines"
  key    = "churn.json"
  content = jsonencode({
    Version = "2020-12-01"
    Steps   = []
  })
}

resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::123456789012:role/pipelines"
  pipeline_definition_s3_location {
    bucket     = aws_s3_object.definition.bucket
    object_key = aws_s3_object.definition.key
    version_id = aws_s3_object.definition.version_id
  }
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
        ResourceConfig = {
          InstanceType   = "ml.m5.2xlarge"
          InstanceCount  = 1
          VolumeSizeInGB = 50
        }
      }
    }]
  })
}
