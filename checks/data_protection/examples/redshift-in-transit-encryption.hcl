# bad
resource "aws_redshift_parameter_group" "warehouse" {
  name   = "warehouse"
  family = "redshift-1.0"
}

# bad
resource "aws_redshift_parameter_group" "warehouse" {
  name   = "warehouse"
  family = "redshift-2.0"

  parameter {
    name  = "require_ssl"
    value = "false"
  }
}

# bad
resource "aws_redshiftserverless_workgroup" "analysts" {
  workgroup_name = "analysts"
  namespace_name = "warehouse"

  config_parameter {
    parameter_key   = "require_ssl"
    parameter_value = "false"
  }
}

# bad
resource "aws_redshift_cluster" "warehouse" {
  cluster_identifier           = "warehouse"
  node_type                    = "ra3.large"
  master_username              = "app"
  manage_master_password       = true
  cluster_parameter_group_name = "default.redshift-1.0"
  skip_final_snapshot          = true
}

# good
resource "aws_redshift_cluster" "warehouse" {
  cluster_identifier           = "warehouse"
  node_type                    = "ra3.large"
  master_username              = "app"
  manage_master_password       = true
  cluster_parameter_group_name = aws_redshift_parameter_group.warehouse.name
  skip_final_snapshot          = true
}

resource "aws_redshift_parameter_group" "warehouse" {
  name   = "warehouse"
  family = "redshift-1.0"

  parameter {
    name  = "require_ssl"
    value = true
  }
}

# good
resource "aws_redshiftserverless_workgroup" "analysts" {
  workgroup_name = "analysts"
  namespace_name = "warehouse"

  config_parameter {
    parameter_key   = "require_ssl"
    parameter_value = "true"
  }
}
