# bad
resource "aws_security_group" "mlflow" {
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "mlflow" {
  name            = "mlflow"
  subnets         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  security_groups = [aws_security_group.mlflow.id]
}

# bad
resource "aws_lb" "notebooks" {
  load_balancer_type = "network"
  internal           = false
  subnets            = ["subnet-0123456789abcdef0"]
}

# bad
resource "aws_lb" "front" {
  load_balancer_type = "network"
  subnets            = ["subnet-0123456789abcdef0"]
}

resource "aws_lb_target_group" "workers" {
  protocol = "TCP"
  port     = 8080
  vpc_id   = "vpc-0123456789abcdef0"
}

resource "aws_lb_listener" "front" {
  load_balancer_arn = aws_lb.front.arn
  protocol          = "TCP"
  port              = 8888
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.workers.arn
  }
}

# bad
resource "aws_security_group" "airflow" {
}

resource "aws_vpc_security_group_ingress_rule" "anyone" {
  security_group_id = aws_security_group.airflow.id
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_elb" "airflow" {
  name            = "airflow"
  subnets         = ["subnet-0123456789abcdef0"]
  security_groups = [aws_security_group.airflow.id]
  listener {
    lb_protocol       = "http"
    lb_port           = 80
    instance_protocol = "http"
    instance_port     = 8080
  }
}

# good
resource "aws_lb" "mlflow" {
  name     = "mlflow"
  internal = true
  subnets  = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
}

# good
resource "aws_security_group" "office" {
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["198.51.100.0/24"]
  }
}

resource "aws_lb" "mlflow" {
  name            = "mlflow"
  subnets         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  security_groups = [aws_security_group.office.id]
}

# good
resource "aws_elb" "airflow" {
  name     = "airflow"
  internal = true
  subnets  = ["subnet-0123456789abcdef0"]
  listener {
    lb_protocol       = "http"
    lb_port           = 80
    instance_protocol = "http"
    instance_port     = 8080
  }
}
