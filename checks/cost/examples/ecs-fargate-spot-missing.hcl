# bad
resource "aws_ecs_cluster" "ml" {
  name = "ml"
}

resource "aws_ecs_task_definition" "backfill" {
  family                   = "backfill"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  container_definitions = jsonencode([
    { name = "worker", image = "backfill:1.4" }
  ])
}

resource "aws_ecs_service" "backfill" {
  name            = "feature-backfill"
  cluster         = aws_ecs_cluster.ml.id
  task_definition = aws_ecs_task_definition.backfill.arn
  desired_count   = 2
  launch_type     = "FARGATE"

  network_configuration {
    subnets = ["subnet-0123456789abcdef0"]
  }

  tags = {
    workload = "batch"
  }
}

# bad
resource "aws_ecs_cluster" "ml" {
  name = "ml"
}

resource "aws_ecs_cluster_capacity_providers" "ml" {
  cluster_name       = aws_ecs_cluster.ml.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }
}

resource "aws_ecs_task_definition" "labels" {
  family                   = "labels"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  container_definitions = jsonencode([
    { name = "worker", image = "labels:0.9" }
  ])
}

resource "aws_ecs_service" "labels" {
  name            = "labels"
  cluster         = aws_ecs_cluster.ml.id
  task_definition = aws_ecs_task_definition.labels.arn
  desired_count   = 2

  network_configuration {
    subnets = ["subnet-0123456789abcdef0"]
  }

  tags = {
    environment = "dev"
  }
}

# good
resource "aws_ecs_cluster" "ml" {
  name = "ml"
}

resource "aws_ecs_task_definition" "backfill" {
  family                   = "backfill"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  container_definitions = jsonencode([
    { name = "worker", image = "backfill:1.4" }
  ])
}

resource "aws_ecs_service" "backfill" {
  name            = "feature-backfill"
  cluster         = aws_ecs_cluster.ml.id
  task_definition = aws_ecs_task_definition.backfill.arn
  desired_count   = 4

  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = 1
    weight            = 0
  }

  capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = 1
  }

  network_configuration {
    subnets = ["subnet-0123456789abcdef0"]
  }

  tags = {
    workload = "batch"
  }
}

# good
resource "aws_ecs_cluster" "ml" {
  name = "ml"
}

resource "aws_ecs_task_definition" "predictions" {
  family                   = "predictions"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  container_definitions = jsonencode([
    { name = "app", image = "predictions:3.1" }
  ])
}

resource "aws_ecs_service" "predictions" {
  name            = "predictions"
  cluster         = aws_ecs_cluster.ml.id
  task_definition = aws_ecs_task_definition.predictions.arn
  desired_count   = 2
  launch_type     = "FARGATE"

  network_configuration {
    subnets = ["subnet-0123456789abcdef0"]
  }

  tags = {
    workload = "web"
  }
}
