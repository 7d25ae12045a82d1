# bad
resource "aws_s3_bucket" "lake" {
  bucket = "acme-lake"
}

resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks"
  destination = "extended_s3"
  extended_s3_configuration {
    bucket_arn = aws_s3_bucket.lake.arn
    role_arn   = "arn:aws:iam::123456789012:role/firehose"
    prefix     = "clicks/!{timestamp:yyyy/MM/dd}/"
  }
}

resource "aws_glue_catalog_table" "clicks" {
  database_name = "web"
  name          = "clicks"
  storage_descriptor {
    location     = "s3://${aws_s3_bucket.lake.bucket}/clicks/"
    input_format = "org.apache.hadoop.mapred.TextInputFormat"
    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }
  }
}

# good
resource "aws_s3_bucket" "lake" {
  bucket = "acme-lake"
}

resource "aws_glue_catalog_table" "clicks" {
  database_name = "web"
  name          = "clicks"
  storage_descriptor {
    location     = "s3://${aws_s3_bucket.lake.bucket}/clicks/"
    input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks"
  destination = "extended_s3"
  extended_s3_configuration {
    bucket_arn          = aws_s3_bucket.lake.arn
    role_arn            = "arn:aws:iam::123456789012:role/firehose"
    prefix              = "clicks/!{timestamp:yyyy/MM/dd}/"
    error_output_prefix = "errors/"
    buffering_size      = 128
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
        database_name = aws_glue_catalog_table.clicks.database_name
        table_name    = aws_glue_catalog_table.clicks.name
        role_arn      = "arn:aws:iam::123456789012:role/firehose"
      }
    }
  }
}
