# bad
resource "aws_instance" "training" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "p3.2xlarge"
}

# bad
resource "aws_launch_template" "serving" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g4dn.xlarge"
}

# good
resource "aws_instance" "training" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g6.xlarge"
}

# good
resource "aws_launch_template" "serving" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g6e.xlarge"
}

resource "aws_instance" "serving" {
  launch_template {
    id = aws_launch_template.serving.id
  }
}
