# bad
resource "aws_instance" "workbench" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m5.8xlarge"

  tags = {
    environment = "dev"
  }
}

# bad
resource "aws_launch_template" "notebooks" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g5.12xlarge"

  tag_specifications {
    resource_type = "instance"
    tags = {
      environment = "sandbox"
    }
  }
}

# good
resource "aws_instance" "workbench" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m5.2xlarge"

  tags = {
    environment = "dev"
  }
}

# good
resource "aws_launch_template" "notebooks" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  tag_specifications {
    resource_type = "instance"
    tags = {
      environment = "sandbox"
    }
  }
}

# good
resource "aws_instance" "training" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m5.8xlarge"

  tags = {
    environment = "production"
  }
}
