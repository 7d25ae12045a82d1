# bad
resource "aws_efs_file_system" "datasets" {
  encrypted = true
}

# bad
resource "aws_efs_file_system" "datasets" {
  lifecycle_policy {
    transition_to_primary_storage_class = "AFTER_1_ACCESS"
  }
}

# good
resource "aws_efs_file_system" "datasets" {
  lifecycle_policy {
    transition_to_ia = "AFTER_30_DAYS"
  }

  lifecycle_policy {
    transition_to_primary_storage_class = "AFTER_1_ACCESS"
  }
}

# good
resource "aws_efs_file_system" "experiments" {
  lifecycle_policy {
    transition_to_archive = "AFTER_90_DAYS"
  }
}
