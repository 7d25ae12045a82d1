# bad
resource "aws_instance" "training" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"
}

# bad
resource "aws_launch_template" "training" {
  instance_type = "g5.xlarge"
}

resource "aws_autoscaling_group" "training" {
  min_size           = 0
  max_size           = 4
  availability_zones = ["us-east-1a"]

  launch_template {
    id = aws_launch_template.training.id
  }
}

# bad
resource "aws_launch_template" "training" {
  instance_type = "g5.xlarge"
}

resource "aws_autoscaling_group" "training" {
  min_size           = 0
  max_size           = 4
  availability_zones = ["us-east-1a"]

  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.training.id
      }
      override {
        instance_type = "g5.xlarge"
      }
      override {
        instance_type = "g6.xlarge"
      }
    }
  }
}

# good
resource "aws_iam_instance_profile" "training" {
  name = "training"
  role = "training"
}

resource "aws_instance" "training" {
  ami                  = "ami-0123456789abcdef0"
  instance_type        = "g5.xlarge"
  iam_instance_profile = aws_iam_instance_profile.training.name
}

# good
resource "aws_launch_template" "training" {
  instance_type = "g5.xlarge"

  iam_instance_profile {
    name = "training"
  }
}

resource "aws_autoscaling_group" "training" {
  min_size           = 0
  max_size           = 4
  availability_zones = ["us-east-1a"]

  launch_template {
    id = aws_launch_template.training.id
  }
}

resource "aws_instance" "training" {
  launch_template {
    id = aws_launch_template.training.id
  }
}
