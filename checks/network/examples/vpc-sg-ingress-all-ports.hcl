# bad
resource "aws_security_group" "training" {
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# bad
resource "aws_security_group" "training" {
}

resource "aws_vpc_security_group_ingress_rule" "everything" {
  security_group_id = aws_security_group.training.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

# bad
resource "aws_security_group" "training" {
}

resource "aws_security_group_rule" "everything" {
  security_group_id = aws_security_group.training.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 0
  to_port           = 65535
  ipv6_cidr_blocks  = ["::/0"]
}

# good
resource "aws_security_group" "training" {
  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }
  ingress {
    protocol    = "icmp"
    from_port   = -1
    to_port     = -1
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# good
resource "aws_security_group" "training" {
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.training.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "within" {
  security_group_id = aws_security_group.training.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/16"
}
