# bad
resource "aws_launch_template" "training" {
  name          = "training"
  instance_type = "g5.xlarge"
  image_id      = "resolve:ssm:/aws/service/deeplearning/ami/x86_64/oss-nvidia-driver-gpu-pytorch-2.3-ubuntu-22.04/latest/ami-id"
}

# bad
resource "aws_launch_template" "training" {
  name          = "training"
  instance_type = "g5.xlarge"
  image_id      = "resolve:ssm:/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-20.04/latest/ami-id"
}

resource "aws_instance" "training" {
  launch_template {
    id = aws_launch_template.training.id
  }
}

# good
resource "aws_launch_template" "training" {
  name          = "training"
  instance_type = "g5.xlarge"
  image_id      = "resolve:ssm:/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id"
}

resource "aws_instance" "training" {
  launch_template {
    id = aws_launch_template.training.id
  }
}
