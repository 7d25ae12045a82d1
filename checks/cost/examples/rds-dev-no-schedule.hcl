# bad
resource "aws_db_instance" "mlflow" {
  identifier                  = "mlflow"
  engine                      = "postgres"
  instance_class              = "db.m5.large"
  allocated_storage           = 20
  username                    = "mlflow"
  manage_master_user_password = true

  tags = {
    environment = "dev"
  }
}

# bad
resource "aws_db_instance" "features" {
  identifier                  = "features-sandbox"
  engine                      = "mysql"
  instance_class              = "db.t4g.medium"
  allocated_storage           = 20
  multi_az                    = true
  username                    = "features"
  manage_master_user_password = true

  tags = {
    Schedule = "office-hours"
  }
}

# good
resource "aws_db_instance" "mlflow" {
  identifier                  = "mlflow"
  engine                      = "postgres"
  instance_class              = "db.m5.large"
  allocated_storage           = 20
  username                    = "mlflow"
  manage_master_user_password = true

  tags = {
    environment = "dev"
    Schedule    = "office-hours"
  }
}

# good
resource "aws_db_instance" "mlflow" {
  identifier                  = "mlflow-dev"
  engine                      = "postgres"
  instance_class              = "db.m5.large"
  allocated_storage           = 20
  username                    = "mlflow"
  manage_master_user_password = true
}

resource "aws_scheduler_schedule" "evening" {
  name                = "stop-mlflow"
  schedule_expression = "cron(0 19 ? * MON-FRI *)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:aws:scheduler:::aws-sdk:rds:stopDBInstance"
    role_arn = "arn:aws:iam::123456789012:role/scheduler"
    input = jsonencode({
      DbInstanceIdentifier = aws_db_instance.mlflow.identifier
    })
  }
}

# good
resource "aws_db_instance" "features" {
  identifier                  = "features"
  engine                      = "mysql"
  instance_class              = "db.m5.large"
  allocated_storage           = 20
  multi_az                    = true
  username                    = "features"
  manage_master_user_password = true

  tags = {
    environment = "production"
  }
}
