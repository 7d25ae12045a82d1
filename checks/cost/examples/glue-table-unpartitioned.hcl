# bad
resource "aws_glue_catalog_table" "clicks" {
  database_name = "web"
  name          = "click_events"
  table_type    = "EXTERNAL_TABLE"
  storage_descriptor {
    location     = "s3://acme-lake/clicks/"
    input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
  }
}

# good
resource "aws_glue_catalog_table" "clicks" {
  database_name = "web"
  name          = "click_events"
  table_type    = "EXTERNAL_TABLE"
  partition_keys {
    name = "day"
    type = "date"
  }
  storage_descriptor {
    location     = "s3://acme-lake/clicks/"
    input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
  }
}

# good
resource "aws_glue_catalog_table" "clicks" {
  database_name = "web"
  name          = "click_events"
  table_type    = "EXTERNAL_TABLE"
  open_table_format_input {
    iceberg_input {
      metadata_operation = "CREATE"
      version            = "2"
    }
  }
  storage_descriptor {
    location = "s3://acme-lake/clicks/"
    columns {
      name = "day"
      type = "date"
    }
  }
}

# good
resource "aws_glue_catalog_table" "countries" {
  database_name = "web"
  name          = "countries"
  table_type    = "EXTERNAL_TABLE"
  storage_descriptor {
    location     = "s3://acme-lake/countries/"
    input_format = "org.apache.hadoop.mapred.TextInputFormat"
  }
}
