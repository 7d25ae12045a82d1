# bad
resource "aws_launch_template" "batch" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "c6i.4xlarge"
}

resource "aws_autoscaling_group" "batch" {
  name                = "feature-backfill"
  min_size            = 0
  max_size            = 8
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id = aws_launch_template.batch.id
  }

  tag {
    key                 = "workload"
    value               = "batch"
    propagate_at_launch = true
  }
}

# bad
resource "aws_launch_template" "training" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"

  tag_specifications {
    resource_type = "instance"
    tags = {
      workload = "training"
    }
  }
}

resource "aws_autoscaling_group" "training" {
  name                = "trainers"
  min_size            = 0
  max_size            = 8
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  mixed_instances_policy {
    instances_distribution {
      on_demand_percentage_above_base_capacity = 100
    }

    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.training.id
      }

      override {
        instance_type = "g5.xlarge"
      }

      override {
        instance_type = "g6.xlarge"
      }
    }
  }
}

# good
resource "aws_launch_template" "training" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "g5.xlarge"
}

resource "aws_autoscaling_group" "training" {
  name                = "trainers"
  min_size            = 0
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
        launch_template_id = aws_launch_template.training.id
      }

      override {
        instance_type = "g5.xlarge"
      }

      override {
        instance_type = "g6.xlarge"
      }
    }
  }

  tag {
    key                 = "workload"
    value               = "training"
    propagate_at_launch = true
  }
}

# good
resource "aws_launch_template" "batch" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "c6i.4xlarge"

  instance_market_options {
    market_type = "spot"
  }
}

resource "aws_autoscaling_group" "batch" {
  name                = "feature-backfill"
  min_size            = 0
  max_size            = 8
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id = aws_launch_template.batch.id
  }

  tag {
    key                 = "workload"
    value               = "batch"
    propagate_at_launch = true
  }
}

# good
resource "aws_launch_template" "web" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "m7i.large"
}

resource "aws_autoscaling_group" "web" {
  name                = "feature-store-web"
  min_size            = 2
  max_size            = 8
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id = aws_launch_template.web.id
  }

  tag {
    key                 = "workload"
    value               = "web"
    propagate_at_launch = true
  }
}
