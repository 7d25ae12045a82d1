# bad
resource "aws_instance" "training" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "p3.2xlarge"

  tags = {
    workload = "training"
  }
}

# bad
resource "aws_launch_template" "training" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "p4d.24xlarge"

  tag_specifications {
    resource_type = "instance"
    tags = {
      Name = "llm-training"
    }
  }
}

# good
resource "aws_instance" "training" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "trn1.2xlarge"

  tags = {
    workload = "training"
  }
}

# good
resource "aws_instance" "training" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  tags = {
    workload = "training"
  }
}

# good
resource "aws_launch_template" "serving" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "p3.2xlarge"

  tag_specifications {
    resource_type = "instance"
    tags = {
      workload = "inference"
    }
  }
}
