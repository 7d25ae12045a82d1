# bad
resource "aws_sagemaker_model" "churn" {
  name               = "churn"
  execution_role_arn = "arn:aws:iam::123456789012:role/models"
  primary_container {
    image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    environment = {
      HF_MODEL_ID = "acme/churn"
      HF_TOKEN    = "hf_hunter2"
    }
  }
}

# bad
resource "aws_sagemaker_model" "churn" {
  name               = "churn"
  execution_role_arn = "arn:aws:iam::123456789012:role/models"
  container {
    image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
  }
  container {
    image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    environment = {
      TRACKING_URI = "https://ml:hunter2@mlflow.example.com"
    }
  }
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
        HyperParameters = {
          epochs        = "10"
          wandb_api_key = "hunter2"
        }
      }
    }]
  })
}

# good
resource "aws_sagemaker_model" "churn" {
  name               = "churn"
  execution_role_arn = "arn:aws:iam::123456789012:role/models"
  primary_container {
    image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    environment = {
      HF_MODEL_ID  = "acme/churn"
      HF_TOKEN_ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:huggingface-a1b2c3"
    }
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
        HyperParameters = {
          epochs     = "10"
          max_tokens = "512"
          tokenizer  = "bert"
        }
      }
    }]
  })
}
