# bad
resource "aws_sagemaker_model" "churn" {
  name               = "churn"
  execution_role_arn = "arn:aws:iam::123456789012:role/models"
  primary_container {
    image          = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    model_data_url = "s3://acme-models/churn.tar.gz"
  }
}

resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = aws_sagemaker_model.churn.name
    instance_type          = "ml.m7i.large"
    initial_instance_count = 2
  }
}

# bad
resource "aws_sagemaker_model" "churn" {
  execution_role_arn = "arn:aws:iam::123456789012:role/models"
  container {
    model_package_name = "arn:aws:sagemaker:us-east-1:123456789012:model-package/prepare/1"
  }
  container {
    image          = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    model_data_url = "s3://acme-models/churn.tar.gz"
  }
}

resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = aws_sagemaker_model.churn.name
    instance_type          = "ml.m7i.large"
    initial_instance_count = 2
  }
}

# good
resource "aws_sagemaker_model" "churn" {
  name               = "churn"
  execution_role_arn = "arn:aws:iam::123456789012:role/models"
  primary_container {
    model_package_name = "arn:aws:sagemaker:us-east-1:123456789012:model-package/churn/3"
  }
}

resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = aws_sagemaker_model.churn.name
    instance_type          = "ml.m7i.large"
    initial_instance_count = 2
  }
}

# good
resource "aws_sagemaker_model" "churn" {
  name               = "churn"
  execution_role_arn = "arn:aws:iam::123456789012:role/models"
  primary_container {
    image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-inference:2.1.0-transformers4.37.0-cpu-py310-ubuntu22.04"
    environment = {
      HF_MODEL_ID = "distilbert-base-uncased"
    }
  }
}

resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = aws_sagemaker_model.churn.name
    instance_type          = "ml.m7i.large"
    initial_instance_count = 2
  }
}
