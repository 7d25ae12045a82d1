# bad
resource "aws_lb_listener" "models" {
  load_balancer_arn = aws_lb.models.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.models.arn
  }
}

resource "aws_lb" "models" {
  subnets = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
}

resource "aws_lb_target_group" "models" {
  port     = 8080
  protocol = "HTTP"
  vpc_id   = "vpc-0a1b2c3d"
}

# bad
resource "aws_lb_listener" "models" {
  load_balancer_arn = aws_lb.models.arn
  port              = 80

  default_action {
    type = "redirect"

    redirect {
      status_code = "HTTP_301"
      path        = "/v2"
    }
  }
}

resource "aws_lb" "models" {
  subnets = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
}

# good
resource "aws_lb_listener" "models" {
  load_balancer_arn = aws_lb.models.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate.models.arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.models.arn
  }
}

resource "aws_lb_listener" "plain" {
  load_balancer_arn = aws_lb.models.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      status_code = "HTTP_301"
      port        = "443"
      protocol    = "HTTPS"
    }
  }
}

resource "aws_lb" "models" {
  subnets = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
}

resource "aws_lb_target_group" "models" {
  port     = 8080
  protocol = "HTTP"
  vpc_id   = "vpc-0a1b2c3d"
}

resource "aws_acm_certificate" "models" {
  domain_name       = "models.example.com"
  validation_method = "DNS"
}

# good
resource "aws_lb_listener" "events" {
  load_balancer_arn = aws_lb.events.arn
  port              = 443
  protocol          = "TLS"
  certificate_arn   = "arn:aws:acm:us-east-1:111122223333:certificate/events"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.events.arn
  }
}

resource "aws_lb" "events" {
  load_balancer_type = "network"
  subnets            = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
}

resource "aws_lb_target_group" "events" {
  port     = 9094
  protocol = "TLS"
  vpc_id   = "vpc-0a1b2c3d"
}
