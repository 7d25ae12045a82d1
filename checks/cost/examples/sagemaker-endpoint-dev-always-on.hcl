# bad
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "churn"
    instance_type          = "ml.m5.xlarge"
    initial_instance_count = 1
  }
}

resource "aws_sagemaker_endpoint" "churn" {
  name                 = "churn"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.churn.name
  tags = {
    environment = "dev"
  }
}

# good
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "churn"
    instance_type          = "ml.m5.xlarge"
    initial_instance_count = 1
  }
}

resource "aws_sagemaker_endpoint" "churn" {
  name                 = "churn"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.churn.name
  tags = {
    environment = "dev"
  }
}

resource "aws_scheduler_schedule" "evening" {
  schedule_expression = "cron(0 20 ? * MON-FRI *)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = "arn:aws:scheduler:::aws-sdk:sagemaker:deleteEndpoint"
    role_arn = "arn:aws:iam::123456789012:role/endpoint-stopper"
    input    = jsonencode({ EndpointName = aws_sagemaker_endpoint.churn.name })
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

resource "aws_sagemaker_endpoint" "churn" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.churn.name
  tags = {
    environment = "dev"
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

resource "aws_sagemaker_endpoint" "churn" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.churn.name
  tags = {
    environment = "prod"
  }
}
