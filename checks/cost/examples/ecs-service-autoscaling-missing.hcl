# bad
resource "aws_ecs_cluster" "ml" {
  name = "ml"
}

resource "aws_ecs_task_definition" "features" {
  family = "features"
  container_definitions = jsonencode([
    { name = "app", image = "features:1.4", memory = 512 }
  ])
}

resource "aws_ecs_service" "features" {
  name            = "features"
  cluster         = aws_ecs_cluster.ml.id
  task_definition = aws_ecs_task_definition.features.arn
  desired_count   = 3
}

resource "aws_ecs_service" "predictions" {
  name            = "predictions"
  cluster         = aws_ecs_cluster.ml.id
  task_definition = aws_ecs_task_definition.features.arn
  desired_count   = 1
}

resource "aws_appautoscaling_target" "predictions" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.ml.name}/${aws_ecs_service.predictions.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 1
  max_capacity       = 9
}

# good
resource "aws_ecs_cluster" "ml" {
  name = "ml"
}

resource "aws_ecs_task_definition" "features" {
  family = "features"
  container_definitions = jsonencode([
    { name = "app", image = "features:1.4", memory = 512 }
  ])
}

resource "aws_ecs_service" "features" {
  name            = "features"
  cluster         = aws_ecs_cluster.ml.id
  task_definition = aws_ecs_task_definition.features.arn
  desired_count   = 3
}

resource "aws_appautoscaling_target" "features" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.ml.name}/${aws_ecs_service.features.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 2
  max_capacity       = 9
}

resource "aws_appautoscaling_policy" "features" {
  name               = "features-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.features.service_namespace
  resource_id        = aws_appautoscaling_target.features.resource_id
  scalable_dimension = aws_appautoscaling_target.features.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

# good
resource "aws_ecs_cluster" "ml" {
  name = "ml"
}

resource "aws_ecs_task_definition" "agent" {
  family = "log-agent"
  container_definitions = jsonencode([
    { name = "agent", image = "log-agent:2", memory = 128 }
  ])
}

resource "aws_ecs_service" "agent" {
  name                = "log-agent"
  cluster             = aws_ecs_cluster.ml.id
  task_definition     = aws_ecs_task_definition.agent.arn
  scheduling_strategy = "DAEMON"
}
