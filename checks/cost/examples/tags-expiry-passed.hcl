# bad
resource "aws_instance" "experiment" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  tags = {
    expires = "2024-03-31"
  }
}

# bad
resource "aws_s3_bucket" "experiment" {
  bucket = "churn-experiment"

  tags = {
    delete-after = "2024-03-31"
  }
}

# good
resource "aws_instance" "experiment" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  tags = {
    expires = "2999-03-31"
  }
}

# good
resource "aws_instance" "experiment" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  tags = {
    expires = "never"
  }
}

# good
resource "aws_instance" "experiment" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"
}
