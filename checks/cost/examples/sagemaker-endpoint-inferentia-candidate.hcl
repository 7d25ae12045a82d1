# bad
resource "aws_sagemaker_endpoint_configuration" "embeddings" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "embeddings"
    instance_type          = "ml.g5.2xlarge"
    initial_instance_count = 2
  }
}

# good
resource "aws_sagemaker_endpoint_configuration" "embeddings" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "embeddings"
    instance_type          = "ml.inf2.xlarge"
    initial_instance_count = 2
  }
}

# good
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "churn"
    instance_type          = "ml.m5.xlarge"
    initial_instance_count = 2
  }
}

# good
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name = "AllTraffic"
    model_name   = "churn"
    serverless_config {
      max_concurrency   = 5
      memory_size_in_mb = 2048
    }
  }
}
