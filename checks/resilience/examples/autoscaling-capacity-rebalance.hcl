# bad
resource "aws_launch_template" "workers" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "m7i.large"
}

resource "aws_autoscaling_group" "workers" {
  name                = "feature-workers"
  min_size            = 1
  max_size            = 8
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  mixed_instances_policy {
    instances_distribution {
      on_demand_percentage_above_base_capacity = 0
      spot_allocation_strategy                 = "price-capacity-optimized"
    }

    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.workers.id
      }
    }
  }
}

# bad
resource "aws_launch_template" "workers" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "m7i.large"

  instance_market_options {
    market_type = "spot"
  }
}

resource "aws_autoscaling_group" "workers" {
  name                = "feature-workers"
  min_size            = 0
  max_size            = 8
  capacity_rebalance  = false
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id      = aws_launch_template.workers.id
    version = aws_launch_template.workers.latest_version
  }
}

# bad
resource "aws_launch_configuration" "workers" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "m7i.large"
  spot_price    = "0.1"
}

resource "aws_autoscaling_group" "workers" {
  name                 = "feature-workers"
  min_size             = 0
  max_size             = 8
  launch_configuration = aws_launch_configuration.workers.name
  vpc_zone_identifier  = ["subnet-0123456789abcdef0"]
}

# good
resource "aws_launch_template" "workers" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "m7i.large"
}

resource "aws_autoscaling_group" "workers" {
  name                = "feature-workers"
  min_size            = 1
  max_size            = 8
  capacity_rebalance  = true
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  mixed_instances_policy {
    instances_distribution {
      on_demand_percentage_above_base_capacity = 0
      spot_allocation_strategy                 = "price-capacity-optimized"
    }

    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.workers.id
      }
    }
  }
}

# good
resource "aws_launch_template" "serving" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "m7i.large"
}

resource "aws_autoscaling_group" "serving" {
  name                = "model-serving"
  min_size            = 2
  max_size            = 8
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id = aws_launch_template.serving.id
  }
}
