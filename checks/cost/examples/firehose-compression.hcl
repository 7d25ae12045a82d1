# bad
resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks"
  destination = "extended_s3"
  extended_s3_configuration {
    bucket_arn = "arn:aws:s3:::acme-lake"
    role_arn   = "arn:aws:iam::123456789012:role/firehose"
    prefix     = "clicks/"
  }
}

# bad
resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks"
  destination = "extended_s3"
  extended_s3_configuration {
    bucket_arn         = "arn:aws:s3:::acme-lake"
    role_arn           = "arn:aws:iam::123456789012:role/firehose"
    compression_format = "UNCOMPRESSED"
    data_format_conversion_configuration {
      enabled = false
      input_format_configuration {
        deserializer {
          open_x_json_ser_de {}
        }
      }
      output_format_configuration {
        serializer {
          parquet_ser_de {}
        }
      }
      schema_configuration {
        database_name = "web"
        table_name    = "clicks"
        role_arn      = "arn:aws:iam::123456789012:role/firehose"
      }
    }
  }
}

# good
resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks"
  destination = "extended_s3"
  extended_s3_configuration {
    bucket_arn         = "arn:aws:s3:::acme-lake"
    role_arn           = "arn:aws:iam::123456789012:role/firehose"
    compression_format = "GZIP"
  }
}

# good
resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks"
  destination = "extended_s3"
  extended_s3_configuration {
    bucket_arn     = "arn:aws:s3:::acme-lake"
    role_arn       = "arn:aws:iam::123456789012:role/firehose"
    buffering_size = 128
    data_format_conversion_configuration {
      input_format_configuration {
        deserializer {
          open_x_json_ser_de {}
        }
      }
      output_format_configuration {
        serializer {
          parquet_ser_de {}
        }
      }
      schema_configuration {
        database_name = "web"
        table_name    = "clicks"
        role_arn      = "arn:aws:iam::123456789012:role/firehose"
      }
    }
  }
}

# good
resource "aws_kinesis_firehose_delivery_stream" "logs" {
  name        = "logs"
  destination = "extended_s3"
  extended_s3_configuration {
    bucket_arn = "arn:aws:s3:::acme-logs"
    role_arn   = "arn:aws:iam::123456789012:role/firehose"
  }
}

resource "aws_cloudwatch_log_subscription_filter" "logs" {
  name            = "to-firehose"
  log_group_name  = "/aws/sagemaker/TrainingJobs"
  filter_pattern  = ""
  destination_arn = aws_kinesis_firehose_delivery_stream.logs.arn
  role_arn        = "arn:aws:iam::123456789012:role/logs-to-firehose"
}
