# bad
resource "aws_efs_file_system" "training" {
  encrypted = true
}

# bad
resource "aws_efs_file_system" "training" {
  availability_zone_name = "us-east-1a"
}

resource "aws_efs_backup_policy" "training" {
  file_system_id = aws_efs_file_system.training.id

  backup_policy {
    status = "DISABLED"
  }
}

# good
resource "aws_efs_file_system" "training" {
  encrypted = true
}

resource "aws_efs_backup_policy" "training" {
  file_system_id = aws_efs_file_system.training.id

  backup_policy {
    status = "ENABLED"
  }
}

# good
resource "aws_efs_file_system" "training" {
  encrypted = true
}

resource "aws_backup_selection" "files" {
  name         = "files"
  plan_id      = "daily"
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = [aws_efs_file_system.training.arn]
}

# good
resource "aws_efs_file_system" "scratch" {
  availability_zone_name = "us-east-1a"
}
