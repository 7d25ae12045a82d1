# bad
resource "aws_backup_plan" "production" {
  name = "production"

  rule {
    rule_name         = "daily"
    target_vault_name = "main"
    schedule          = "cron(0 5 * * ? *)"
  }
}

# bad
resource "aws_backup_vault" "main" {
  name = "main"
}

resource "aws_backup_vault" "second" {
  name = "second"
}

resource "aws_backup_plan" "production" {
  name = "production"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.main.name

    copy_action {
      destination_vault_arn = aws_backup_vault.second.arn
    }
  }
}

# good
resource "aws_backup_plan" "production" {
  name = "production"

  rule {
    rule_name         = "daily"
    target_vault_name = "main"

    copy_action {
      destination_vault_arn = "arn:aws:backup:us-west-2:123456789012:backup-vault:copies"
    }
  }
}

# good
resource "aws_backup_plan" "sandbox" {
  name = "dev-nightly"

  rule {
    rule_name         = "daily"
    target_vault_name = "main"
  }
}
