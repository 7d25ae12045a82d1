# bad
resource "aws_db_instance" "features" {
  instance_class              = "db.m6g.large"
  engine                      = "postgres"
  allocated_storage           = 100
  username                    = "loader"
  manage_master_user_password = true
  publicly_accessible         = true
}

# bad
resource "aws_rds_cluster" "features" {
  engine                      = "aurora-postgresql"
  master_username             = "loader"
  manage_master_user_password = true
}

resource "aws_rds_cluster_instance" "features" {
  cluster_identifier  = aws_rds_cluster.features.id
  engine              = aws_rds_cluster.features.engine
  instance_class      = "db.r6g.large"
  publicly_accessible = true
}

# good
resource "aws_db_instance" "features" {
  instance_class              = "db.m6g.large"
  engine                      = "postgres"
  allocated_storage           = 100
  username                    = "loader"
  manage_master_user_password = true
}

# good
resource "aws_db_instance" "features" {
  instance_class              = "db.m6g.large"
  engine                      = "postgres"
  allocated_storage           = 100
  username                    = "loader"
  manage_master_user_password = true
  publicly_accessible         = false
}
