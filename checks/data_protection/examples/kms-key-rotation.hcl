# bad
resource "aws_kms_key" "models" {
  description = "models"
}

# bad
resource "aws_kms_key" "models" {
  enable_key_rotation = false
}

# good
resource "aws_kms_key" "models" {
  enable_key_rotation = true
}

# good
resource "aws_kms_key" "releases" {
  customer_master_key_spec = "RSA_4096"
  key_usage                = "SIGN_VERIFY"
}

# good
resource "aws_kms_key" "models" {
  custom_key_store_id = aws_kms_custom_key_store.own.id
}

resource "aws_kms_custom_key_store" "own" {
  custom_key_store_name    = "own"
  cloud_hsm_cluster_id     = "cluster-0a1b2c3d4e5"
  key_store_password       = "Hunter2-hunter2"
  trust_anchor_certificate = "-----BEGIN CERTIFICATE-----"
}
