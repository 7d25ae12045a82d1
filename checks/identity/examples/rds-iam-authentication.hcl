# bad
resource "aws_db_instance" "features" {
  allocated_storage           = 100
  engine                      = "postgres"
  instance_class              = "db.t4g.medium"
  manage_master_user_password = true
  username                    = "features"
}

# bad
resource "aws_rds_cluster" "features" {
  engine                              = "aurora-postgresql"
  iam_database_authentication_enabled = false
  manage_master_user_password         = true
  master_username                     = "features"
}

# good
resource "aws_db_instance" "features" {
  allocated_storage                   = 100
  engine                              = "postgres"
  iam_database_authentication_enabled = true
  instance_class                      = "db.t4g.medium"
  manage_master_user_password         = true
  username                            = "features"
}

# good
resource "aws_rds_cluster" "features" {
  engine                              = "aurora-postgresql"
  iam_database_authentication_enabled = true
  manage_master_user_password         = true
  master_username                     = "features"
}

resource "aws_rds_cluster_instance" "features" {
  cluster_identifier = aws_rds_cluster.features.id
  engine             = aws_rds_cluster.features.engine
  instance_class     = "db.r6g.large"
}

# good
resource "aws_db_instance" "features" {
  allocated_storage           = 100
  engine                      = "sqlserver-ex"
  instance_class              = "db.t3.small"
  manage_master_user_password = true
  username                    = "features"
}
