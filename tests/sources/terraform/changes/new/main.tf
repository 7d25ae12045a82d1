provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

resource "aws_kms_key" "key" {
  enable_key_rotation = true
}

resource "aws_ebs_volume" "scratch" {
  availability_zone = "us-east-1a"
  size              = 100
  encrypted         = false
}

resource "aws_instance" "training" {
  ami           = "ami-1"
  instance_type = "m5.xlarge"
}

resource "aws_instance" "bastion" {
  ami           = "ami-1"
  instance_type = "m5.large"
}
