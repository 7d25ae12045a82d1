# bad
resource "aws_db_instance" "features" {
  instance_class              = "db.m6g.large"
  engine                      = "postgres"
  allocated_storage           = 100
  username                    = "loader"
  manage_master_user_password = true
}

# bad
resource "aws_db_instance" "features" {
  instance_class              = "db.m6g.large"
  engine                      = "postgres"
  allocated_storage           = 100
  username                    = "loader"
  manage_master_user_password = true
  multi_az                    = false
  tags = {
    Environment = "production"
  }
}

# bad
resource "aws_rds_cluster" "features" {
  engine                      = "aurora-postgresql"
  master_username             = "loader"
  manage_master_user_password = true
}

resource "aws_rds_cluster_instance" "features" {
  cluster_identifier = aws_rds_cluster.features.id
  engine             = aws_rds_cluster.features.engine
  instance_class     = "db.r6g.large"
}

# good
resource "aws_db_instance" "features" {
  instance_class              = "db.m6g.large"
  engine                      = "postgres"
  allocated_storage           = 100
  username                    = "loader"
  manage_master_user_password = true
  multi_az                    = true
}

# good
resource "aws_db_instance" "features" {
  instance_class              = "db.m6g.large"
  engine                      = "postgres"
  allocated_storage           = 100
  username                    = "loader"
  manage_master_user_password = true
  tags = {
    Environment = "dev"
  }
}

# good
resource "aws_rds_cluster" "features" {
  engine                      = "aurora-postgresql"
  master_username             = "loader"
  manage_master_user_password = true
}

resource "aws_rds_cluster_instance" "features" {
  count              = 2
  cluster_identifier = aws_rds_cluster.features.id
  engine             = aws_rds_cluster.features.engine
  instance_class     = "db.r6g.large"
}

# good
resource "aws_rds_cluster" "features" {
  engine                      = "mysql"
  db_cluster_instance_class   = "db.m6gd.large"
  allocated_storage           = 100
  storage_type                = "io1"
  iops                        = 1000
  master_username             = "loader"
  manage_master_user_password = true
}
