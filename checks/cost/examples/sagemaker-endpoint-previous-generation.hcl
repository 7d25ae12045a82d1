# bad
resource "aws_sagemaker_endpoint_configuration" "images" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "images"
    instance_type          = "ml.g4dn.xlarge"
    initial_instance_count = 2
  }
}

# bad
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "churn"
    instance_type          = "ml.m5.xlarge"
    initial_instance_count = 2
  }
}

# good
resource "aws_sagemaker_endpoint_configuration" "images" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "images"
    instance_type          = "ml.g6.xlarge"
    initial_instance_count = 2
  }
}

# good
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "churn"
    instance_type          = "ml.m6i.xlarge"
    initial_instance_count = 2
  }
}
