# bad
resource "aws_db_instance" "features" {
  engine              = "postgres"
  instance_class      = "db.m6g.large"
  allocated_storage   = 100
  username            = "app"
  password            = "hunter2-hunter2"
  skip_final_snapshot = true
}

# bad
resource "aws_rds_cluster" "features" {
  engine              = "aurora-postgresql"
  master_username     = "app"
  master_password     = "hunter2-hunter2"
  skip_final_snapshot = true
}

# bad
resource "aws_redshift_cluster" "warehouse" {
  cluster_identifier  = "warehouse"
  node_type           = "ra3.large"
  master_username     = "app"
  master_password     = "Hunter2-hunter2"
  skip_final_snapshot = true
}

# bad
resource "aws_db_instance" "features" {
  engine              = "postgres"
  instance_class      = "db.m6g.large"
  allocated_storage   = 100
  username            = "app"
  password_wo         = "hunter2-hunter2"
  password_wo_version = 1
  skip_final_snapshot = true
}

# good
resource "aws_db_instance" "features" {
  engine                      = "postgres"
  instance_class              = "db.m6g.large"
  allocated_storage           = 100
  username                    = "app"
  manage_master_user_password = true
  skip_final_snapshot         = true
}

# good
resource "aws_rds_cluster" "features" {
  engine                      = "aurora-postgresql"
  master_username             = "app"
  manage_master_user_password = true
  skip_final_snapshot         = true
}

# good
resource "aws_redshift_cluster" "warehouse" {
  cluster_identifier     = "warehouse"
  node_type              = "ra3.large"
  master_username        = "app"
  manage_master_password = true
  skip_final_snapshot    = true
}

# good
resource "aws_db_instance" "features" {
  instance_class      = "db.m6g.large"
  snapshot_identifier = "nightly"
  skip_final_snapshot = true
}
