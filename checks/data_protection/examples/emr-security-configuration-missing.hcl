# bad
resource "aws_emr_cluster" "spark" {
  name          = "spark"
  release_label = "emr-7.5.0"
  service_role  = "EMR_DefaultRole"

  master_instance_group {
    instance_type = "m6g.xlarge"
  }
}

# good
resource "aws_emr_cluster" "spark" {
  name                   = "spark"
  release_label          = "emr-7.5.0"
  service_role           = "EMR_DefaultRole"
  security_configuration = aws_emr_security_configuration.encrypted.name

  master_instance_group {
    instance_type = "m6g.xlarge"
  }
}

resource "aws_emr_security_configuration" "encrypted" {
  name = "encrypted"

  configuration = jsonencode({
    EncryptionConfiguration = {
      EnableInTransitEncryption = false
      EnableAtRestEncryption    = true
      AtRestEncryptionConfiguration = {
        S3EncryptionConfiguration = { EncryptionMode = "SSE-S3" }
      }
    }
  })
}
