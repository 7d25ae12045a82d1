# bad
resource "aws_instance" "serving" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  tags = {
    workload = "inference"
  }
}

# bad
resource "aws_launch_template" "serving" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g5.2xlarge"

  tag_specifications {
    resource_type = "instance"
    tags = {
      Name = "fraud-inference"
    }
  }
}

# bad
resource "aws_instance" "fraud" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"
}

resource "aws_lb_target_group" "fraud" {
  name     = "fraud"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = "vpc-0123456789abcdef0"
}

resource "aws_lb_target_group_attachment" "fraud" {
  target_group_arn = aws_lb_target_group.fraud.arn
  target_id        = aws_instance.fraud.id
}

# good
resource "aws_instance" "serving" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "inf2.xlarge"

  tags = {
    workload = "inference"
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
  instance_type = "m7i.xlarge"

  tag_specifications {
    resource_type = "instance"
    tags = {
      workload = "inference"
    }
  }
}
