# bad
resource "aws_glue_connection" "features" {
  name = "features"

  connection_properties = {
    JDBC_CONNECTION_URL = "jdbc:mysql://db.example.com:3306/features"
    JDBC_ENFORCE_SSL    = "true"
    USERNAME            = "etl"
    PASSWORD            = "hunter2"
  }
}

# bad
resource "aws_glue_connection" "documents" {
  name            = "documents"
  connection_type = "MONGODB"

  connection_properties = {
    CONNECTION_URL = "mongodb://etl:hunter2@db.example.com:27017/features"
  }
}

# good
resource "aws_glue_connection" "features" {
  name = "features"

  connection_properties = {
    JDBC_CONNECTION_URL = "jdbc:mysql://db.example.com:3306/features"
    JDBC_ENFORCE_SSL    = "true"
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
