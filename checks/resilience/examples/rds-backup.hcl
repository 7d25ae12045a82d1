# bad
resource "aws_db_instance" "features" {
  instance_class              = "db.m6g.large"
  engine                      = "postgres"
  allocated_storage           = 100
  username                    = "loader"
  manage_master_user_password = true
}

# bad
resource "aws_rds_cluster" "features" {
  engine                      = "aurora-postgresql"
  master_username             = "loader"
  manage_master_user_password = true
  backup_retention_period     = 1
}

# good
resource "aws_db_instance" "features" {
  instance_class              = "db.m6g.large"
  engine                      = "postgres"
  allocated_storage           = 100
  username                    = "loader"
  manage_master_user_password = true
  backup_retention_period     = 7
}

# good
resource "aws_rds_cluster" "features" {
  engine                      = "aurora-postgresql"
  master_username             = "loader"
  manage_master_user_password = true
  backup_retention_period     = 35
}

# good
resource "aws_db_instance" "features" {
  instance_class              = "db.m6g.large"
  engine                      = "postgres"
  allocated_storage           = 100
  username                    = "loader"
  manage_master_user_password = true
  backup_retention_period     = 1
}

resource "aws_backup_vault" "databases" {
  name = "databases"
}

resource "aws_backup_plan" "databases" {
  name = "databases"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.databases.name
    schedule          = "cron(0 3 * * ? *)"
    lifecycle {
      delete_after = 35
    }
  }
}

resource "aws_backup_selection" "databases" {
  name         = "databases"
  plan_id      = aws_backup_plan.databases.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = [aws_db_instance.features.arn]
}
