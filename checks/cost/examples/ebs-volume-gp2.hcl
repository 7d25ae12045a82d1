# bad
resource "aws_ebs_volume" "datasets" {
  availability_zone = "us-east-1a"
  size              = 500
  type              = "gp2"
}

# bad
resource "aws_ebs_volume" "datasets" {
  availability_zone = "us-east-1a"
  size              = 500
}

# bad
resource "aws_instance" "workbench" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m7i.large"

  root_block_device {
    volume_size = 200
    volume_type = "gp2"
  }
}

# bad
resource "aws_launch_template" "training" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size = 200
      volume_type = "gp2"
    }
  }
}

# good
resource "aws_ebs_volume" "datasets" {
  availability_zone = "us-east-1a"
  size              = 500
  type              = "gp3"
}

# good
resource "aws_instance" "workbench" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m7i.large"

  root_block_device {
    volume_size = 100
    volume_type = "gp3"
  }

  ebs_block_device {
    device_name = "/dev/sdf"
    volume_size = 500
    volume_type = "gp3"
  }
}

# good
resource "aws_launch_template" "training" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size = 200
      volume_type = "gp3"
    }
  }
}
