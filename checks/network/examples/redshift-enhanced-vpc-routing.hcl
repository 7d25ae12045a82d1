# bad
resource "aws_redshift_cluster" "events" {
  cluster_identifier     = "events"
  node_type              = "ra3.large"
  master_username        = "loader"
  manage_master_password = true
}

# bad
resource "aws_redshiftserverless_workgroup" "analysts" {
  workgroup_name       = "analysts"
  namespace_name       = "events"
  enhanced_vpc_routing = false
}

# good
resource "aws_redshift_cluster" "events" {
  cluster_identifier     = "events"
  node_type              = "ra3.large"
  master_username        = "loader"
  manage_master_password = true
  enhanced_vpc_routing   = true
}

# good
resource "aws_redshiftserverless_workgroup" "analysts" {
  workgroup_name       = "analysts"
  namespace_name       = "events"
  enhanced_vpc_routing = true
}
