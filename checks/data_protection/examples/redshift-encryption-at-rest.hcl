# bad
resource "aws_redshift_cluster" "warehouse" {
  cluster_identifier     = "warehouse"
  node_type              = "ra3.large"
  master_username        = "app"
  manage_master_password = true
  encrypted              = false
  skip_final_snapshot    = true
}

# good
resource "aws_redshift_cluster" "warehouse" {
  cluster_identifier     = "warehouse"
  node_type              = "ra3.large"
  master_username        = "app"
  manage_master_password = true
  encrypted              = true
  kms_key_id             = aws_kms_key.warehouse.arn
  skip_final_snapshot    = true
}

resource "aws_kms_key" "warehouse" {
  enable_key_rotation = true
}
