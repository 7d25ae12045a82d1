# bad
resource "aws_instance" "training" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  tags = {
    workload = "training"
  }
}

# bad
resource "aws_launch_template" "batch" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  tag_specifications {
    resource_type = "instance"
    tags = {
      Name = "batch-worker"
    }
  }
}

resource "aws_autoscaling_group" "batch" {
  min_size            = 0
  max_size            = 9
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id      = aws_launch_template.batch.id
    version = "$Latest"
  }
}

# good
resource "aws_instance" "training" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  instance_market_options {
    market_type = "spot"
  }

  tags = {
    workload = "training"
  }
}

# good
resource "aws_launch_template" "batch" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  instance_market_options {
    market_type = "spot"
  }

  tag_specifications {
    resource_type = "instance"
    tags = {
      workload = "batch"
    }
  }
}

# good
resource "aws_instance" "serving" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  tags = {
    workload = "inference"
  }
}
