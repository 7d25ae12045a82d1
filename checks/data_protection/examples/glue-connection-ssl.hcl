# bad
resource "aws_glue_connection" "features" {
  name = "features"

  connection_properties = {
    JDBC_CONNECTION_URL = "jdbc:mysql://db.example.com:3306/features"
    SECRET_ID           = "prod/features"
  }
}

# bad
resource "aws_glue_connection" "features" {
  name = "features"

  connection_properties = {
    JDBC_CONNECTION_URL = "jdbc:mysql://db.example.com:3306/features"
    JDBC_ENFORCE_SSL    = "false"
    SECRET_ID           = "prod/features"
  }
}

# bad
resource "aws_glue_connection" "events" {
  name            = "events"
  connection_type = "KAFKA"

  connection_properties = {
    KAFKA_BOOTSTRAP_SERVERS = "b-1.example.com:9092"
    KAFKA_SSL_ENABLED       = false
  }
}

# good
resource "aws_glue_connection" "features" {
  name = "features"

  connection_properties = {
    JDBC_CONNECTION_URL = "jdbc:mysql://db.example.com:3306/features"
    JDBC_ENFORCE_SSL    = "true"
    SECRET_ID           = aws_secretsmanager_secret.features.name
  }
}

resource "aws_secretsmanager_secret" "features" {
  name = "prod/features"
}

# good
resource "aws_glue_connection" "features" {
  name = "features"

  connection_properties = {
    JDBC_CONNECTION_URL = "jdbc:postgresql://db.example.com:5432/features?sslmode=verify-full"
    SECRET_ID           = "prod/features"
  }
}

# good
resource "aws_glue_connection" "network" {
  name            = "network"
  connection_type = "NETWORK"

  physical_connection_requirements {
    availability_zone      = "us-east-1a"
    security_group_id_list = ["sg-0a1b2c3d"]
    subnet_id              = "subnet-0a1b2c3d"
  }
}
