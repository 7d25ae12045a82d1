# bad
resource "aws_ecs_task_definition" "scoring" {
  family = "scoring"
  container_definitions = jsonencode([
    {
      name   = "scoring"
      image  = "123456789012.dkr.ecr.us-east-1.amazonaws.com/scoring:7"
      memory = 4096
    }
  ])
}

# bad
resource "aws_ecs_task_definition" "scoring" {
  family = "scoring"
  container_definitions = jsonencode([
    {
      name   = "scoring"
      image  = "123456789012.dkr.ecr.us-east-1.amazonaws.com/scoring:7"
      memory = 4096
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group  = "scoring"
          awslogs-region = "us-east-1"
          mode           = "blocking"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "scoring" {
  name            = "scoring"
  task_definition = aws_ecs_task_definition.scoring.arn
}

# good
resource "aws_ecs_task_definition" "scoring" {
  family = "scoring"
  container_definitions = jsonencode([
    {
      name   = "scoring"
      image  = "123456789012.dkr.ecr.us-east-1.amazonaws.com/scoring:7"
      memory = 4096
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group  = "scoring"
          awslogs-region = "us-east-1"
          mode           = "non-blocking"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "scoring" {
  name            = "scoring"
  task_definition = aws_ecs_task_definition.scoring.arn
}
