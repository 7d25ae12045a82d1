# bad
resource "aws_instance" "train" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "g5.xlarge"

  user_data = <<-EOT
    #!/bin/bash
    export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
    python3 /opt/train.py
  EOT
}

# bad
resource "aws_instance" "train" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "g5.xlarge"

  user_data = <<-EOT
    #!/bin/bash
    mysql --host db.example.com --password hunter2 < /tmp/schema.sql
  EOT
}

# bad
resource "aws_launch_template" "train" {
  instance_type = "g5.xlarge"
  user_data     = base64encode("export DB_PASSWORD=hunter2")
}

# bad
resource "aws_instance" "train" {
  ami              = "ami-0abcdef1234567890"
  instance_type    = "g5.xlarge"
  user_data_base64 = "ZXhwb3J0IERCX1BBU1NXT1JEPWh1bnRlcjI="
}

# bad
resource "aws_launch_configuration" "train" {
  image_id      = "ami-0abcdef1234567890"
  instance_type = "g5.xlarge"
  user_data     = "export HF_TOKEN=hunter2"
}

# good
resource "aws_instance" "train" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "g5.xlarge"

  user_data = <<-EOT
    #!/bin/bash
    TOKEN=$(curl -X PUT http://169.254.169.254/latest/api/token)
    DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id prod/db)
  EOT
}

# good
resource "aws_launch_template" "train" {
  instance_type = "g5.xlarge"
  user_data     = base64encode("DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id prod/db)")
}

# good
resource "aws_launch_configuration" "train" {
  image_id      = "ami-0abcdef1234567890"
  instance_type = "g5.xlarge"
}
