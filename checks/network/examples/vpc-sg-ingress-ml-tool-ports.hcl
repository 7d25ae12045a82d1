# bad
resource "aws_security_group" "notebooks" {
  ingress {
    protocol    = "tcp"
    from_port   = 8888
    to_port     = 8888
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# bad
resource "aws_security_group" "tracking" {
}

resource "aws_vpc_security_group_ingress_rule" "mlflow" {
  security_group_id = aws_security_group.tracking.id
  ip_protocol       = "tcp"
  from_port         = 5000
  to_port           = 5010
  cidr_ipv6         = "::/0"
}

# good
resource "aws_security_group" "load_balancer" {
}

resource "aws_security_group" "notebooks" {
  ingress {
    protocol        = "tcp"
    from_port       = 8888
    to_port         = 8888
    security_groups = [aws_security_group.load_balancer.id]
  }
}

# good
resource "aws_security_group" "tracking" {
}

resource "aws_vpc_security_group_ingress_rule" "mlflow" {
  security_group_id = aws_security_group.tracking.id
  ip_protocol       = "tcp"
  from_port         = 5000
  to_port           = 5000
  cidr_ipv4         = "10.0.0.0/8"
}
