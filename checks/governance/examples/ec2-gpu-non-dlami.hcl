# bad
resource "aws_launch_template" "training" {
  name          = "training"
  instance_type = "g5.xlarge"
  image_id      = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

# bad
resource "aws_launch_template" "training" {
  name     = "training"
  image_id = "resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
}

resource "aws_instance" "training" {
  instance_type = "p4d.24xlarge"

  launch_template {
    id = aws_launch_template.training.id
  }
}

# good
resource "aws_launch_template" "training" {
  name          = "training"
  instance_type = "g5.xlarge"
  image_id      = "resolve:ssm:/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id"
}

# good
resource "aws_launch_template" "features" {
  name          = "features"
  instance_type = "m7i.large"
  image_id      = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

resource "aws_instance" "features" {
  launch_template {
    id = aws_launch_template.features.id
  }
}
