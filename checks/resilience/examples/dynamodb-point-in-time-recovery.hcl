# bad
resource "aws_dynamodb_table" "features" {
  name         = "features"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "entity"

  attribute {
    name = "entity"
    type = "S"
  }
}

# bad
resource "aws_dynamodb_table" "features" {
  name             = "features"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "entity"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "entity"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  replica {
    region_name = "us-west-2"
  }
}

# bad
resource "aws_dynamodb_table_replica" "features" {
  global_table_arn = "arn:aws:dynamodb:us-west-2:123456789012:table/features"
}

# good
resource "aws_dynamodb_table" "features" {
  name         = "features"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "entity"

  attribute {
    name = "entity"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}

# good
resource "aws_dynamodb_table" "features" {
  name             = "features"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "entity"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "entity"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  replica {
    region_name            = "us-west-2"
    point_in_time_recovery = true
  }
}

# good
resource "aws_dynamodb_table_replica" "features" {
  global_table_arn       = "arn:aws:dynamodb:us-west-2:123456789012:table/features"
  point_in_time_recovery = true
}
