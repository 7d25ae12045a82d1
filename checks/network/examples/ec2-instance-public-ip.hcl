# bad
resource "aws_instance" "trainer" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "g5.xlarge"
  associate_public_ip_address = true
}

# bad
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = true
}

resource "aws_instance" "trainer" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"
  subnet_id     = aws_subnet.public.id
}

# bad
resource "aws_subnet" "training" {
  vpc_id     = "vpc-0123456789abcdef0"
  cidr_block = "10.0.0.0/24"
}

resource "aws_instance" "trainer" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"
  subnet_id     = aws_subnet.training.id
}

resource "aws_eip" "trainer" {
  instance = aws_instance.trainer.id
  domain   = "vpc"
}

# bad
resource "aws_launch_template" "trainer" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"
  network_interfaces {
    associate_public_ip_address = true
  }
}

resource "aws_instance" "trainer" {
  launch_template {
    id = aws_launch_template.trainer.id
  }
}

# bad
resource "aws_network_interface" "trainer" {
  subnet_id = "subnet-0123456789abcdef0"
}

resource "aws_eip" "trainer" {
  network_interface = aws_network_interface.trainer.id
  domain            = "vpc"
}

resource "aws_instance" "trainer" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"
  network_interface {
    network_interface_id = aws_network_interface.trainer.id
    device_index         = 0
  }
}

# good
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_instance" "trainer" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"
  subnet_id     = aws_subnet.private.id
}

# good
resource "aws_instance" "trainer" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "g5.xlarge"
  associate_public_ip_address = false
}
