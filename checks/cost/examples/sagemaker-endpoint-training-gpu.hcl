# bad
resource "aws_sagemaker_endpoint_configuration" "images" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "images"
    instance_type          = "ml.p3.2xlarge"
    initial_instance_count = 2
  }
}

# good
resource "aws_sagemaker_endpoint_configuration" "images" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "images"
    instance_type          = "ml.g5.xlarge"
    initial_instance_count = 2
  }
}

# good
resource "aws_sagemaker_endpoint_configuration" "images" {
  async_inference_config {
    output_config {
      s3_output_path = "s3://acme-predictions/images/"
    }
  }
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "images"
    instance_type          = "ml.p3.2xlarge"
    initial_instance_count = 1
  }
}
