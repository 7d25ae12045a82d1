# bad
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "extended_s3"

  extended_s3_configuration {
    bucket_arn = "arn:aws:s3:::events-lake"
    role_arn   = "arn:aws:iam::123456789012:role/firehose"
  }
}

# bad
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "extended_s3"

  extended_s3_configuration {
    bucket_arn = "arn:aws:s3:::events-lake"
    role_arn   = "arn:aws:iam::123456789012:role/firehose"
    prefix     = "events/"

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = "firehose"
      log_stream_name = "events"
    }

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
        database_name = "events"
        table_name    = "events"
        role_arn      = "arn:aws:iam::123456789012:role/firehose"
      }
    }
  }
}

# bad
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "http_endpoint"

  http_endpoint_configuration {
    url      = "https://events.example.com/"
    role_arn = "arn:aws:iam::123456789012:role/firehose"

    s3_configuration {
      bucket_arn = "arn:aws:s3:::events-failed"
      role_arn   = "arn:aws:iam::123456789012:role/firehose"
    }
  }
}

# good
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "extended_s3"

  extended_s3_configuration {
    bucket_arn          = "arn:aws:s3:::events-lake"
    role_arn            = "arn:aws:iam::123456789012:role/firehose"
    prefix              = "events/"
    error_output_prefix = "errors/"

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = "firehose"
      log_stream_name = "events"
    }

    processing_configuration {
      enabled = true

      processors {
        type = "Lambda"

        parameters {
          parameter_name  = "LambdaArn"
          parameter_value = "arn:aws:lambda:us-east-1:123456789012:function:clean:$LATEST"
        }
      }
    }
  }
}
