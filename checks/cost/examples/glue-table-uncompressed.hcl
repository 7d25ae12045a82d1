# bad
resource "aws_glue_catalog_table" "clicks" {
  database_name = "web"
  name          = "clicks"
  table_type    = "EXTERNAL_TABLE"
  parameters = {
    classification  = "json"
    compressionType = "none"
  }
  storage_descriptor {
    location     = "s3://acme-lake/clicks/"
    input_format = "org.apache.hadoop.mapred.TextInputFormat"
    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }
  }
}

# bad
resource "aws_glue_catalog_table" "clicks" {
  database_name = "web"
  name          = "clicks"
  table_type    = "EXTERNAL_TABLE"
  parameters = {
    classification        = "parquet"
    "parquet.compression" = "UNCOMPRESSED"
  }
  storage_descriptor {
    location     = "s3://acme-lake/clicks/"
    input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
  }
}

# good
resource "aws_glue_catalog_table" "clicks" {
  database_name = "web"
  name          = "clicks"
  table_type    = "EXTERNAL_TABLE"
  parameters = {
    classification  = "json"
    compressionType = "gzip"
  }
  storage_descriptor {
    location     = "s3://acme-lake/clicks/"
    input_format = "org.apache.hadoop.mapred.TextInputFormat"
    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }
  }
}

# good
resource "aws_glue_catalog_table" "clicks" {
  database_name = "web"
  name          = "clicks"
  table_type    = "EXTERNAL_TABLE"
  storage_descriptor {
    location     = "s3://acme-lake/clicks/"
    input_format = "org.apache.hadoop.mapred.TextInputFormat"
    compressed   = true
  }
}

# good
resource "aws_glue_catalog_table" "clicks" {
  database_name = "web"
  name          = "clicks"
  table_type    = "EXTERNAL_TABLE"
  storage_descriptor {
    location     = "s3://acme-lake/clicks/"
    input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    }
  }
}
