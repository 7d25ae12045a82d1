# bad
resource "aws_sfn_state_machine" "orders" {
  name     = "orders-prod"
  role_arn = "arn:aws:iam::111122223333:role/orders"
  definition = jsonencode({
    StartAt = "Done"
    States  = { Done = { Type = "Succeed" } }
  })
}

resource "aws_sfn_state_machine" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::111122223333:role/features"
  publish  = true
  definition = jsonencode({
    StartAt = "Done"
    States  = { Done = { Type = "Succeed" } }
  })
}

resource "aws_sfn_alias" "features" {
  name = "live"

  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.features.state_machine_version_arn
    weight                    = 100
  }
}

# good
resource "aws_sfn_state_machine" "orders" {
  name     = "orders"
  role_arn = "arn:aws:iam::111122223333:role/orders"
  publish  = true
  definition = jsonencode({
    StartAt = "Done"
    States  = { Done = { Type = "Succeed" } }
  })
  tags = {
    environment = "production"
  }
}

resource "aws_sfn_alias" "orders" {
  name = "live"

  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.orders.state_machine_version_arn
    weight                    = 100
  }
}
