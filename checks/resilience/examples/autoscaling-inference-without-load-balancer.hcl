# bad
resource "aws_launch_template" "inference" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g6.xlarge"
}

resource "aws_autoscaling_group" "inference" {
  name                = "fraud-inference"
  min_size            = 2
  max_size            = 8
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id = aws_launch_template.inference.id
  }
}

# bad
resource "aws_ecs_service" "serving" {
  name            = "model-serving"
  cluster         = "models"
  task_definition = "model-serving:7"
  desired_count   = 3
}

# good
resource "aws_lb_target_group" "inference" {
  name     = "inference"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = "vpc-0123456789abcdef0"
}

resource "aws_launch_template" "inference" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g6.xlarge"
}

resource "aws_autoscaling_group" "inference" {
  name                = "fraud-inference"
  min_size            = 2
  max_size            = 8
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]
  target_group_arns   = [aws_lb_target_group.inference.arn]

  launch_template {
    id = aws_launch_template.inference.id
  }
}

# good
resource "aws_lb_target_group" "inference" {
  name     = "inference"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = "vpc-0123456789abcdef0"
}

resource "aws_launch_template" "inference" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g6.xlarge"
}

resource "aws_autoscaling_group" "inference" {
  name                = "fraud-inference"
  min_size            = 2
  max_size            = 8
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id = aws_launch_template.inference.id
  }
}

resource "aws_autoscaling_attachment" "inference" {
  autoscaling_group_name = aws_autoscaling_group.inference.name
  lb_target_group_arn    = aws_lb_target_group.inference.arn
}

# good
resource "aws_lb_target_group" "serving" {
  name        = "serving"
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = "vpc-0123456789abcdef0"
}

resource "aws_ecs_service" "serving" {
  name            = "model-serving"
  cluster         = "models"
  task_definition = "model-serving:7"
  desired_count   = 3

  load_balancer {
    target_group_arn = aws_lb_target_group.serving.arn
    container_name   = "serving"
    container_port   = 8080
  }
}

# good
resource "aws_ecs_service" "serving" {
  name            = "model-serving"
  cluster         = "models"
  task_definition = "model-serving:7"
}
