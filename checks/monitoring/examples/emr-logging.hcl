# bad
resource "aws_emr_cluster" "features" {
  name          = "features"
  release_label = "emr-7.8.0"
  service_role  = "arn:aws:iam::123456789012:role/emr"
}

# bad
resource "aws_emr_cluster" "features" {
  name          = "features"
  release_label = "emr-7.8.0"
  service_role  = "arn:aws:iam::123456789012:role/emr"
  log_uri       = ""
}

# good
resource "aws_emr_cluster" "features" {
  name          = "features"
  release_label = "emr-7.8.0"
  service_role  = "arn:aws:iam::123456789012:role/emr"
  log_uri       = "s3://emr-logs/features/"
}

# good
resource "aws_emrserverless_application" "features" {
  name          = "features"
  release_label = "emr-7.8.0"
  type          = "spark"
}
