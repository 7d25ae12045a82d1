# bad
resource "aws_instance" "features" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m4.xlarge"
}

# bad
resource "aws_launch_template" "features" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "r4.large"
}

resource "aws_instance" "features" {
  launch_template {
    id = aws_launch_template.features.id
  }
}

# good
resource "aws_instance" "features" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m7i.xlarge"
}

# good
resource "aws_launch_template" "features" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "r7i.large"
}

resource "aws_instance" "features" {
  launch_template {
    id = aws_launch_template.features.id
  }
}
