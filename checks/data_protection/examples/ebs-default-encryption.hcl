# bad
resource "aws_ebs_encryption_by_default" "region" {
  enabled = false
}

# good
resource "aws_ebs_encryption_by_default" "region" {
  enabled = true
}

# good
resource "aws_ebs_encryption_by_default" "region" {}
