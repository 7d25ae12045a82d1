# bad
resource "aws_db_instance" "features" {
  engine                      = "postgres"
  instance_class              = "db.m6g.large"
  allocated_storage           = 100
  username                    = "app"
  manage_master_user_password = true
  skip_final_snapshot         = true
}

# bad
resource "aws_rds_cluster" "features" {
  engine                      = "aurora-postgresql"
  master_username             = "app"
  manage_master_user_password = true
  storage_encrypted           = false
  skip_final_snapshot         = true
}

# bad
resource "aws_rds_global_cluster" "features" {
  global_cluster_identifier = "features"
  engine                    = "aurora-postgresql"
}

# good
resource "aws_db_instance" "features" {
  engine                      = "postgres"
  instance_class              = "db.m6g.large"
  allocated_storage           = 100
  username                    = "app"
  manage_master_user_password = true
  storage_encrypted           = true
  kms_key_id                  = aws_kms_key.features.arn
  skip_final_snapshot         = true
}

resource "aws_kms_key" "features" {
  enable_key_rotation = true
}

# good
resource "aws_rds_cluster" "features" {
  engine                      = "aurora-postgresql"
  master_username             = "app"
  manage_master_user_password = true
  storage_encrypted           = true
  skip_final_snapshot         = true
}

# good
resource "aws_rds_cluster" "features" {
  engine              = "aurora-mysql"
  engine_mode         = "serverless"
  master_username     = "app"
  master_password     = "Hunter2-hunter2"
  skip_final_snapshot = true
}

# good
resource "aws_rds_global_cluster" "features" {
  global_cluster_identifier = "features"
  engine                    = "aurora-postgresql"
  storage_encrypted         = true
}
