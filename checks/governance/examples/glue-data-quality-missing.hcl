# bad
resource "aws_glue_catalog_table" "orders" {
  name          = "orders"
  database_name = "sales_gold"

  storage_descriptor {
    location = "s3://lake-of-ours/orders"
  }
}

resource "aws_glue_data_quality_ruleset" "customers" {
  name    = "customers"
  ruleset = "Rules = [IsComplete \"id\"]"

  target_table {
    database_name = "sales_gold"
    table_name    = "customers"
  }
}

# good
resource "aws_glue_catalog_table" "orders" {
  name          = "orders"
  database_name = "sales_gold"

  storage_descriptor {
    location = "s3://lake-of-ours/orders"
  }
}

resource "aws_glue_data_quality_ruleset" "orders" {
  name    = "orders"
  ruleset = "Rules = [IsComplete \"id\"]"

  target_table {
    database_name = "sales_gold"
    table_name    = aws_glue_catalog_table.orders.name
  }
}

# good
resource "aws_glue_catalog_database" "sales" {
  name = "sales"
}

resource "aws_glue_catalog_table" "orders" {
  name          = "orders"
  database_name = aws_glue_catalog_database.sales.name

  storage_descriptor {
    location = "s3://lake-of-ours/raw/orders"
  }
}
