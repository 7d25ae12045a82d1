# bad
resource "aws_dynamodb_table" "features" {
  name           = "features"
  hash_key       = "entity"
  read_capacity  = 50
  write_capacity = 20

  attribute {
    name = "entity"
    type = "S"
  }
}

resource "aws_appautoscaling_target" "reads" {
  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.features.name}"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  min_capacity       = 5
  max_capacity       = 100
}

# bad
resource "aws_dynamodb_table" "events" {
  name           = "events"
  billing_mode   = "PROVISIONED"
  hash_key       = "id"
  read_capacity  = 50
  write_capacity = 20

  attribute {
    name = "id"
    type = "S"
  }

  attribute {
    name = "day"
    type = "S"
  }

  global_secondary_index {
    name            = "day"
    hash_key        = "day"
    projection_type = "ALL"
    read_capacity   = 50
    write_capacity  = 20
  }
}

resource "aws_appautoscaling_target" "events" {
  for_each = toset(["ReadCapacityUnits", "WriteCapacityUnits"])

  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.events.name}"
  scalable_dimension = "dynamodb:table:${each.key}"
  min_capacity       = 5
  max_capacity       = 100
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
}

# good
resource "aws_dynamodb_table" "features" {
  name           = "features"
  hash_key       = "entity"
  read_capacity  = 50
  write_capacity = 20

  attribute {
    name = "entity"
    type = "S"
  }
}

resource "aws_appautoscaling_target" "reads" {
  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.features.name}"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  min_capacity       = 5
  max_capacity       = 100
}

resource "aws_appautoscaling_target" "writes" {
  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.features.name}"
  scalable_dimension = "dynamodb:table:WriteCapacityUnits"
  min_capacity       = 5
  max_capacity       = 100
}
