# bad
resource "aws_security_group" "training" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# bad
resource "aws_security_group" "training" {
}

resource "aws_vpc_security_group_ingress_rule" "everything" {
  security_group_id = aws_security_group.training.id
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0"
}

# bad
resource "aws_security_group" "training" {
}

resource "aws_security_group_rule" "low_ports" {
  security_group_id = aws_security_group.training.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 0
  to_port           = 1023
  cidr_blocks       = ["10.0.0.0/8", "0.0.0.0/1"]
}

# good
resource "aws_security_group" "training" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# good
resource "aws_security_group" "bastion" {
}

resource "aws_security_group" "training" {
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id            = aws_security_group.training.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
  referenced_security_group_id = aws_security_group.bastion.id
}
