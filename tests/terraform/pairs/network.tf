resource "aws_vpc" "network" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "gateway" {}

resource "aws_subnet" "public_subnet" {
  vpc_id                  = aws_vpc.network.id
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = true
}

resource "aws_subnet" "private_subnet" {
  vpc_id                  = aws_vpc.network.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = false
}

resource "aws_route_table" "public_routes" {
  vpc_id = aws_vpc.network.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.gateway.id
  }
}

resource "aws_route_table_association" "public_one" {
  subnet_id      = aws_subnet.public_subnet.id
  route_table_id = aws_route_table.public_routes.id
}

resource "aws_route_table" "private_routes" {
  vpc_id = aws_vpc.network.id
}

resource "aws_route_table_association" "private_one" {
  subnet_id      = aws_subnet.private_subnet.id
  route_table_id = aws_route_table.private_routes.id
}

resource "aws_security_group" "open" {
  description = "open"
  vpc_id      = aws_vpc.network.id
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
    description = "shell"
  }
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
    description = "ours"
  }
}

resource "aws_security_group" "closed" {
  description = "closed"
  vpc_id      = aws_vpc.network.id
  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = [aws_security_group.open.id]
    description     = "web"
  }
  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8"]
    description = "web"
  }
}

resource "aws_security_group" "split" {
  description = "split"
  vpc_id      = aws_vpc.network.id
  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8"]
    description = "web"
  }
}

resource "aws_vpc_security_group_ingress_rule" "split" {
  security_group_id = aws_security_group.split.id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = "0.0.0.0/0"
  description       = "db"
}

resource "aws_vpc_security_group_egress_rule" "split" {
  security_group_id = aws_security_group.split.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
  description       = "web"
}

resource "aws_security_group" "older" {
  description = "older"
  vpc_id      = aws_vpc.network.id
  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8"]
    description = "web"
  }
}

resource "aws_security_group_rule" "older_in" {
  security_group_id = aws_security_group.older.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  ipv6_cidr_blocks  = ["::/0"]
  description       = "desk"
}

resource "aws_security_group_rule" "older_out" {
  security_group_id = aws_security_group.older.id
  type              = "egress"
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
  description       = "all"
}

resource "aws_network_acl" "rules" {
  vpc_id = aws_vpc.network.id
}

resource "aws_network_acl_rule" "admin_in" {
  network_acl_id = aws_network_acl.rules.id
  rule_number    = 100
  protocol       = "6"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
  from_port      = 22
  to_port        = 22
}

resource "aws_instance" "public_machine" {
  ami                         = "ami-12345678"
  instance_type               = "m5.large"
  subnet_id                   = aws_subnet.public_subnet.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.open.id]
}

resource "aws_instance" "private_machine" {
  ami                    = "ami-12345678"
  instance_type          = "m5.large"
  monitoring             = true
  subnet_id              = aws_subnet.private_subnet.id
  vpc_security_group_ids = [aws_security_group.closed.id]
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
  ebs_block_device {
    device_name = "/dev/sdb"
    encrypted   = false
    volume_size = 100
    volume_type = "gp2"
  }
}

resource "aws_launch_template" "machines" {
  image_id      = "ami-12345678"
  instance_type = "m5.large"
  metadata_options {
    http_tokens = "optional"
  }
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      encrypted   = true
      volume_size = 100
      volume_type = "gp3"
    }
  }
}

resource "aws_autoscaling_group" "group" {
  min_size            = 1
  max_size            = 3
  vpc_zone_identifier = [aws_subnet.private_subnet.id]
  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.machines.id
        version            = "1"
      }
      override {
        instance_type = "m5.large"
      }
    }
  }
}

resource "aws_flow_log" "log" {
  vpc_id               = aws_vpc.network.id
  traffic_type         = "ALL"
  log_destination      = "arn:aws:s3:::logs"
  log_destination_type = "s3"
}

resource "aws_vpc_endpoint" "endpoint" {
  vpc_id          = aws_vpc.network.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = [aws_route_table.private_routes.id]
}

resource "aws_lb" "balancer" {
  load_balancer_type = "application"
  internal           = false
  subnets            = [aws_subnet.public_subnet.id]
  security_groups    = [aws_security_group.open.id]
}

resource "aws_lb_listener" "listener" {
  load_balancer_arn = aws_lb.balancer.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.targets.arn
  }
}

resource "aws_lb_target_group" "targets" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.network.id
}
