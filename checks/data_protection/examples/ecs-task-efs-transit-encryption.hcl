# bad
resource "aws_ecs_task_definition" "train" {
  family                = "train"
  container_definitions = jsonencode([{ name = "train", image = "train:1.4", memory = 4096 }])

  volume {
    name = "features"

    efs_volume_configuration {
      file_system_id = aws_efs_file_system.features.id
    }
  }
}

resource "aws_efs_file_system" "features" {
  encrypted = true
}

# bad
resource "aws_ecs_task_definition" "train" {
  family                = "train"
  container_definitions = jsonencode([{ name = "train", image = "train:1.4", memory = 4096 }])

  volume {
    name      = "scratch"
    host_path = "/tmp"
  }

  volume {
    name = "features"

    efs_volume_configuration {
      file_system_id     = "fs-0123456789abcdef0"
      transit_encryption = "DISABLED"
    }
  }
}

# good
resource "aws_ecs_task_definition" "train" {
  family                = "train"
  container_definitions = jsonencode([{ name = "train", image = "train:1.4", memory = 4096 }])

  volume {
    name = "features"

    efs_volume_configuration {
      file_system_id     = aws_efs_file_system.features.id
      transit_encryption = "ENABLED"
    }
  }
}

resource "aws_efs_file_system" "features" {
  encrypted = true
}

# good
resource "aws_ecs_task_definition" "train" {
  family                = "train"
  container_definitions = jsonencode([{ name = "train", image = "train:1.4", memory = 4096 }])

  volume {
    name      = "scratch"
    host_path = "/tmp"
  }
}
