# bad
resource "aws_launch_template" "serving" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "m7i.large"
}

resource "aws_autoscaling_group" "serving" {
  name                = "model-serving"
  min_size            = 4
  max_size            = 4
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id = aws_launch_template.serving.id
  }
}

# bad
resource "aws_launch_template" "workers" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "m7i.large"
}

resource "aws_autoscaling_group" "serving" {
  min_size            = 2
  max_size            = 8
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id = aws_launch_template.workers.id
  }
}

resource "aws_autoscaling_group" "features" {
  min_size            = 1
  max_size            = 6
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id = aws_launch_template.workers.id
  }
}

resource "aws_autoscaling_policy" "features" {
  name                   = "features-cpu"
  autoscaling_group_name = aws_autoscaling_group.features.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = 60

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
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

resource "aws_autoscaling_policy" "serving" {
  name                   = "model-serving-cpu"
  autoscaling_group_name = aws_autoscaling_group.serving.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = 60

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}

# good
resource "aws_launch_template" "labelling" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "m7i.large"
}

resource "aws_autoscaling_group" "labelling" {
  name                = "labelling"
  min_size            = 3
  max_size            = 3
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id = aws_launch_template.labelling.id
  }
}

resource "aws_autoscaling_schedule" "evening" {
  scheduled_action_name  = "evening"
  autoscaling_group_name = aws_autoscaling_group.labelling.name
  recurrence             = "0 20 * * *"
  min_size               = 0
  max_size               = 0
  desired_capacity       = 0
}

# good
resource "aws_launch_template" "nodes" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "m7i.large"
}

resource "aws_autoscaling_group" "nodes" {
  name                = "ml-cluster-nodes"
  min_size            = 3
  max_size            = 3
  vpc_zone_identifier = ["subnet-0123456789abcdef0"]

  launch_template {
    id = aws_launch_template.nodes.id
  }

  tag {
    key                 = "kubernetes.io/cluster/ml"
    value               = "owned"
    propagate_at_launch = true
  }
}
