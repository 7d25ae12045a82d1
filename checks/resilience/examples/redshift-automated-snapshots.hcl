# bad
resource "aws_redshift_cluster" "events" {
  cluster_identifier     = "events"
  node_type              = "ra3.large"
  master_username        = "loader"
  manage_master_password = true
}

# bad
resource "aws_redshift_cluster" "events" {
  cluster_identifier                  = "events"
  node_type                           = "ra3.large"
  master_username                     = "loader"
  manage_master_password              = true
  automated_snapshot_retention_period = 0
}

# good
resource "aws_redshift_cluster" "events" {
  cluster_identifier                  = "events"
  node_type                           = "ra3.large"
  master_username                     = "loader"
  manage_master_password              = true
  automated_snapshot_retention_period = 7
}
