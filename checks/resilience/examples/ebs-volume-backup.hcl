# bad
resource "aws_ebs_volume" "training" {
  availability_zone = "us-east-1a"
  size              = 500
}

# bad
resource "aws_ebs_volume" "training" {
  availability_zone = "us-east-1a"
  size              = 500
  tags              = { backup = "weekly" }
}

resource "aws_backup_selection" "daily" {
  name         = "daily"
  plan_id      = "daily"
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"

  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "daily"
  }
}

# bad
resource "aws_ebs_volume" "training" {
  availability_zone = "us-east-1a"
  size              = 500
  tags              = { snapshots = "daily" }
}

resource "aws_dlm_lifecycle_policy" "daily" {
  description        = "daily snapshots"
  execution_role_arn = "arn:aws:iam::123456789012:role/dlm"
  state              = "DISABLED"

  policy_details {
    resource_types = ["VOLUME"]
    target_tags    = { snapshots = "daily" }

    schedule {
      name = "daily"

      create_rule {
        interval = 24
      }

      retain_rule {
        count = 14
      }
    }
  }
}

# good
resource "aws_ebs_volume" "training" {
  availability_zone = "us-east-1a"
  size              = 500
  tags              = { backup = "daily" }
}

resource "aws_backup_selection" "daily" {
  name         = "daily"
  plan_id      = "daily"
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"

  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "daily"
  }
}

# good
resource "aws_ebs_volume" "training" {
  availability_zone = "us-east-1a"
  size              = 500
}

resource "aws_backup_selection" "training" {
  name         = "training"
  plan_id      = "daily"
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = [aws_ebs_volume.training.arn]
}

# good
resource "aws_ebs_volume" "training" {
  availability_zone = "us-east-1a"
  size              = 500
  tags              = { snapshots = "daily" }
}

resource "aws_dlm_lifecycle_policy" "daily" {
  description        = "daily snapshots"
  execution_role_arn = "arn:aws:iam::123456789012:role/dlm"

  policy_details {
    resource_types = ["VOLUME"]
    target_tags    = { snapshots = "daily" }

    schedule {
      name = "daily"

      create_rule {
        interval = 24
      }

      retain_rule {
        count = 14
      }
    }
  }
}
