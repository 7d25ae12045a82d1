# bad
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "churn"
    instance_type          = "ml.m5.large"
    initial_instance_count = 1
  }
}

# good
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "churn"
    instance_type          = "ml.m5.large"
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

# good
resource "aws_sagemaker_endpoint_configuration" "churn" {
  async_inference_config {
    output_config {
      s3_output_path = "s3://acme-predictions/churn/"
    }
  }
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "churn"
    instance_type          = "ml.m5.large"
    initial_instance_count = 1
  }
}
