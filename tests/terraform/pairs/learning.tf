resource "aws_sagemaker_notebook_instance" "plain_notebook" {
  name          = "plain"
  instance_type = "ml.t3.medium"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
}

resource "aws_sagemaker_notebook_instance" "notebook" {
  name                   = "notebook"
  instance_type          = "ml.t3.medium"
  role_arn               = "arn:aws:iam::111122223333:role/notebook"
  direct_internet_access = "Disabled"
  root_access            = "Disabled"
  subnet_id              = "subnet-12345678"
  security_groups        = ["sg-12345678"]
  kms_key_id             = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  platform_identifier    = "notebook-al2-v3"
  lifecycle_config_name  = "stop-idle"
  instance_metadata_service_configuration {
    minimum_instance_metadata_service_version = "2"
  }
}

resource "aws_sagemaker_model" "plain_model" {
  execution_role_arn = "arn:aws:iam::111122223333:role/model"
  primary_container {
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:latest"
  }
}

resource "aws_sagemaker_model" "model" {
  execution_role_arn       = "arn:aws:iam::111122223333:role/model"
  enable_network_isolation = true
  vpc_config {
    subnets            = ["subnet-12345678"]
    security_group_ids = ["sg-12345678"]
  }
  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1.2"
    model_data_url = "s3://models/churn.tar.gz"
  }
}

resource "aws_sagemaker_endpoint_configuration" "plain_configuration" {
  production_variants {
    variant_name           = "all"
    model_name             = "churn"
    initial_instance_count = 1
    instance_type          = "ml.m5.large"
    initial_variant_weight = 1
  }
}

resource "aws_sagemaker_endpoint_configuration" "configuration" {
  kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  production_variants {
    variant_name           = "all"
    model_name             = "churn"
    initial_instance_count = 2
    instance_type          = "ml.m5.large"
    initial_variant_weight = 1
  }
  data_capture_config {
    enable_capture              = true
    initial_sampling_percentage = 100
    destination_s3_uri          = "s3://captured/churn"
    kms_key_id                  = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    capture_options {
      capture_mode = "Input"
    }
    capture_options {
      capture_mode = "Output"
    }
  }
}

resource "aws_sagemaker_endpoint" "endpoint" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.configuration.name
}

resource "aws_sagemaker_domain" "domain" {
  domain_name             = "studio"
  auth_mode               = "IAM"
  vpc_id                  = "vpc-12345678"
  subnet_ids              = ["subnet-12345678"]
  app_network_access_type = "PublicInternetOnly"
  default_user_settings {
    execution_role = "arn:aws:iam::111122223333:role/studio"
  }
}

resource "aws_glue_job" "plain_job" {
  name         = "plain"
  role_arn     = "arn:aws:iam::111122223333:role/glue"
  glue_version = "2.0"
  command {
    name            = "glueetl"
    script_location = "s3://scripts/plain.py"
  }
}

resource "aws_glue_job" "job" {
  name                   = "job"
  role_arn               = "arn:aws:iam::111122223333:role/glue"
  glue_version           = "5.0"
  worker_type            = "G.1X"
  number_of_workers      = 4
  timeout                = 60
  security_configuration = aws_glue_security_configuration.security.id
  command {
    name            = "glueetl"
    script_location = "s3://scripts/job.py"
  }
  default_arguments = {
    "--enable-metrics"                   = "true"
    "--enable-continuous-cloudwatch-log" = "true"
    "--job-bookmark-option"              = "job-bookmark-enable"
    "--enable-auto-scaling"              = "true"
  }
}

resource "aws_glue_security_configuration" "security" {
  name = "security"
  encryption_configuration {
    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = "arn:aws:kms:eu-west-1:111122223333:key/1"
    }
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "DISABLED"
    }
    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = "arn:aws:kms:eu-west-1:111122223333:key/1"
    }
  }
}

resource "aws_glue_crawler" "crawler" {
  name          = "crawler"
  role          = "arn:aws:iam::111122223333:role/glue"
  database_name = "lake"
  schedule      = "cron(0 * * * ? *)"
  s3_target {
    path = "s3://lake/raw"
  }
}

resource "aws_athena_workgroup" "workgroup" {
  name = "analysts"
  configuration {
    enforce_workgroup_configuration    = false
    publish_cloudwatch_metrics_enabled = true
    result_configuration {
      output_location = "s3://results/"
    }
  }
}

resource "aws_sfn_state_machine" "machine" {
  name       = "machine"
  role_arn   = "arn:aws:iam::111122223333:role/steps"
  definition = jsonencode({ StartAt = "Done", States = { Done = { Type = "Succeed" } } })
  tracing_configuration {
    enabled = true
  }
}

resource "aws_kinesis_stream" "plain_stream" {
  name        = "plain"
  shard_count = 2
}

resource "aws_kinesis_stream" "stream" {
  name             = "stream"
  retention_period = 168
  encryption_type  = "KMS"
  kms_key_id       = "alias/aws/kinesis"
  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

resource "aws_kinesis_firehose_delivery_stream" "delivery" {
  name        = "delivery"
  destination = "extended_s3"
  extended_s3_configuration {
    bucket_arn         = "arn:aws:s3:::lake"
    role_arn           = "arn:aws:iam::111122223333:role/firehose"
    buffering_size     = 64
    buffering_interval = 300
    compression_format = "GZIP"
    cloudwatch_logging_options {
      enabled = false
    }
  }
}

resource "aws_lambda_function" "plain_function" {
  function_name = "plain"
  role          = "arn:aws:iam::111122223333:role/function"
  runtime       = "python3.8"
  handler       = "main.handler"
  s3_bucket     = "code"
  s3_key        = "plain.zip"
  environment {
    variables = { TABLE = "features" }
  }
}

resource "aws_lambda_function" "function" {
  function_name                  = "function"
  role                           = "arn:aws:iam::111122223333:role/function"
  runtime                        = "python3.13"
  handler                        = "main.handler"
  s3_bucket                      = "code"
  s3_key                         = "function.zip"
  architectures                  = ["arm64"]
  timeout                        = 30
  memory_size                    = 512
  reserved_concurrent_executions = 10
  kms_key_arn                    = "arn:aws:kms:eu-west-1:111122223333:key/1"
  tracing_config {
    mode = "Active"
  }
  dead_letter_config {
    target_arn = "arn:aws:sqs:eu-west-1:111122223333:dead"
  }
  vpc_config {
    subnet_ids         = ["subnet-12345678"]
    security_group_ids = ["sg-12345678"]
  }
}

resource "aws_sqs_queue" "plain_queue" {
  sqs_managed_sse_enabled = false
}

resource "aws_sqs_queue" "queue" {
  kms_master_key_id = "alias/aws/sqs"
  redrive_policy = jsonencode({
    deadLetterTargetArn = "arn:aws:sqs:eu-west-1:111122223333:dead"
    maxReceiveCount     = 3
  })
}

resource "aws_sns_topic" "plain_topic" {}

resource "aws_sns_topic" "topic" {
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_cloudwatch_log_group" "plain_log" {
  name = "plain"
}

resource "aws_cloudwatch_log_group" "log" {
  name              = "log"
  retention_in_days = 90
  kms_key_id        = "arn:aws:kms:eu-west-1:111122223333:key/1"
}
