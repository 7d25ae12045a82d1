# bad
resource "aws_db_parameter_group" "features" {
  family = "postgres16"

  parameter {
    name  = "rds.force_ssl"
    value = "0"
  }
}

# bad
resource "aws_db_parameter_group" "features" {
  family = "mysql8.0"

  parameter {
    name  = "general_log"
    value = "1"
  }
}

# bad
resource "aws_rds_cluster_parameter_group" "features" {
  family = "aurora-postgresql16"

  parameter {
    name  = "timezone"
    value = "UTC"
  }
}

# bad
resource "aws_db_proxy" "features" {
  name           = "features"
  engine_family  = "POSTGRESQL"
  role_arn       = "arn:aws:iam::111122223333:role/proxy"
  vpc_subnet_ids = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]

  auth {
    secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:features"
  }
}

# bad
resource "aws_db_instance" "features" {
  engine                      = "mysql"
  engine_version              = "8.0.40"
  instance_class              = "db.m6g.large"
  allocated_storage           = 100
  username                    = "app"
  manage_master_user_password = true
  skip_final_snapshot         = true
}

# bad
resource "aws_rds_cluster" "features" {
  engine                      = "aurora-postgresql"
  engine_version              = "15.4"
  master_username             = "app"
  manage_master_user_password = true
  skip_final_snapshot         = true
}

# good
resource "aws_db_instance" "features" {
  engine                      = "mysql"
  engine_version              = "8.0.40"
  instance_class              = "db.m6g.large"
  allocated_storage           = 100
  parameter_group_name        = aws_db_parameter_group.features.name
  username                    = "app"
  manage_master_user_password = true
  skip_final_snapshot         = true
}

resource "aws_db_parameter_group" "features" {
  name   = "features"
  family = "mysql8.0"

  parameter {
    name  = "require_secure_transport"
    value = "ON"
  }
}

# good
resource "aws_rds_cluster_parameter_group" "features" {
  family = "aurora-postgresql15"

  parameter {
    name  = "rds.force_ssl"
    value = 1
  }
}

# good
resource "aws_db_proxy" "features" {
  name           = "features"
  engine_family  = "POSTGRESQL"
  require_tls    = true
  role_arn       = "arn:aws:iam::111122223333:role/proxy"
  vpc_subnet_ids = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]

  auth {
    secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:features"
  }
}

# good
resource "aws_db_instance" "features" {
  engine                      = "postgres"
  engine_version              = "16.3"
  instance_class              = "db.m6g.large"
  allocated_storage           = 100
  username                    = "app"
  manage_master_user_password = true
  skip_final_snapshot         = true
}
