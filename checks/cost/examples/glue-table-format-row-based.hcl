# bad
resource "aws_glue_catalog_table" "orders" {
  database_name = "curated"
  name          = "orders"
  table_type    = "EXTERNAL_TABLE"
  storage_descriptor {
    location      = "s3://acme-lake/orders/"
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }
    columns {
      name = "order_id"
      type = "string"
    }
  }
}

# bad
resource "aws_glue_catalog_table" "clicks" {
  database_name = "web"
  name          = "clicks"
  table_type    = "EXTERNAL_TABLE"
  parameters = {
    classification           = "csv"
    "skip.header.line.count" = "1"
  }
  storage_descriptor {
    location = "s3://acme-processed/clicks/"
  }
}

# good
resource "aws_glue_catalog_table" "orders" {
  database_name = "curated"
  name          = "orders"
  table_type    = "EXTERNAL_TABLE"
  storage_descriptor {
    location      = "s3://acme-lake/orders/"
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    }
    columns {
      name = "order_id"
      type = "string"
    }
  }
}

# good
resource "aws_glue_catalog_table" "orders" {
  database_name = "curated"
  name          = "orders"
  table_type    = "EXTERNAL_TABLE"
  open_table_format_input {
    iceberg_input {
      metadata_operation = "CREATE"
    }
  }
  storage_descriptor {
    location = "s3://acme-lake/orders/"
    columns {
      name = "order_id"
      type = "string"
    }
  }
}

# good
resource "aws_glue_catalog_table" "orders" {
  database_name = "raw"
  name          = "orders"
  table_type    = "EXTERNAL_TABLE"
  storage_descriptor {
    location     = "s3://acme-lake/orders/"
    input_format = "org.apache.hadoop.mapred.TextInputFormat"
    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }
  }
}
