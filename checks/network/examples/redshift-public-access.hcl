# bad
resource "aws_redshift_cluster" "events" {
  cluster_identifier     = "events"
  node_type              = "ra3.large"
  master_username        = "loader"
  manage_master_password = true
  publicly_accessible    = true
}

# bad
resource "aws_redshiftserverless_namespace" "events" {
  namespace_name = "events"
}

resource "aws_redshiftserverless_workgroup" "analysts" {
  workgroup_name      = "analysts"
  namespace_name      = aws_redshiftserverless_namespace.events.namespace_name
  publicly_accessible = true
}

# good
resource "aws_redshift_cluster" "events" {
  cluster_identifier     = "events"
  node_type              = "ra3.large"
  master_username        = "loader"
  manage_master_password = true
  publicly_accessible    = false
}

# good
resource "aws_redshiftserverless_namespace" "events" {
  namespace_name = "events"
}

resource "aws_redshiftserverless_workgroup" "analysts" {
  workgroup_name = "analysts"
  namespace_name = aws_redshiftserverless_namespace.events.namespace_name
}
