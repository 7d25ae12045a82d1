# bad
resource "aws_ecs_cluster" "scoring" {
  name = "scoring"
}

# bad
resource "aws_ecs_cluster" "scoring" {
  name = "scoring"

  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

# good
resource "aws_ecs_cluster" "scoring" {
  name = "scoring"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}
