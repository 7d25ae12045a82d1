# bad
resource "aws_ecs_task_definition" "serve" {
  family = "serve"

  container_definitions = jsonencode([{
    name   = "serve"
    image  = "serve:2.0"
    memory = 4096
    environment = [
      { name = "STAGE", value = "prod" },
      { name = "DB_PASSWORD", value = "hunter2" },
    ]
  }])
}

# bad
resource "aws_ecs_task_definition" "tracking" {
  family = "tracking"

  container_definitions = <<-JSON
    [
      {
        "name": "mlflow",
        "image": "mlflow:2.0",
        "memory": 4096,
        "command": ["mlflow", "server", "--db-password", "hunter2"]
      }
    ]
  JSON
}

# good
resource "aws_ecs_task_definition" "serve" {
  family = "serve"

  container_definitions = jsonencode([{
    name        = "serve"
    image       = "serve:2.0"
    memory      = 4096
    command     = ["sh", "-c", "serve --password $DB_PASSWORD"]
    environment = [{ name = "STAGE", value = "prod" }]
    secrets = [{
      name      = "DB_PASSWORD"
      valueFrom = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"
    }]
  }])
}
