# bad
resource "aws_instance" "workbench" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m7i.large"

  tags = {
    environment = "dev"
  }
}

# bad
resource "aws_launch_template" "workbench" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "m7i.large"

  tag_specifications {
    resource_type = "instance"
    tags = {
      environment = "sandbox"
    }
  }
}

resource "aws_instance" "workbench" {
  launch_template {
    id = aws_launch_template.workbench.id
  }
}

# good
resource "aws_instance" "workbench" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m7i.large"

  tags = {
    environment = "dev"
    Schedule    = "office-hours"
  }
}

# good
resource "aws_instance" "workbench" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m7i.large"

  tags = {
    environment = "dev"
  }
}

resource "aws_scheduler_schedule" "evening" {
  name                = "stop-workbench"
  schedule_expression = "cron(0 19 ? * MON-FRI *)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:aws:scheduler:::aws-sdk:ec2:stopInstances"
    role_arn = "arn:aws:iam::123456789012:role/scheduler"
    input = jsonencode({
      InstanceIds = [aws_instance.workbench.id]
    })
  }
}

# good
resource "aws_instance" "workbench" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m7i.large"

  tags = {
    environment = "dev"
  }
}

resource "aws_cloudwatch_event_rule" "evening" {
  name                = "evening"
  schedule_expression = "cron(0 19 ? * MON-FRI *)"
}

resource "aws_cloudwatch_event_target" "stop" {
  rule     = aws_cloudwatch_event_rule.evening.name
  arn      = "arn:aws:ssm:us-east-1::automation-definition/AWS-StopEC2Instance:$DEFAULT"
  role_arn = "arn:aws:iam::123456789012:role/automation"
  input = jsonencode({
    InstanceId = [aws_instance.workbench.id]
  })
}

# good
resource "aws_instance" "serving" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m7i.large"

  tags = {
    environment = "production"
  }
}
