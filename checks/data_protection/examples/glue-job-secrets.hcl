# bad
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::111122223333:role/features"

  command {
    script_location = "s3://scripts-of-ours/features.py"
  }

  default_arguments = {
    "--job-language" = "python"
    "--db-password"  = "hunter2"
  }
}

# bad
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::111122223333:role/features"

  command {
    script_location = "s3://scripts-of-ours/features.py"
  }

  non_overridable_arguments = {
    "--url" = "jdbc:postgresql://db.example.com/features?user=etl&password=hunter2"
  }
}

# good
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::111122223333:role/features"

  command {
    script_location = "s3://scripts-of-ours/features.py"
  }

  default_arguments = {
    "--job-language" = "python"
    "--secret-id"    = aws_secretsmanager_secret.features.name
    "--TempDir"      = "s3://scratch-of-ours/features/"
  }
}

resource "aws_secretsmanager_secret" "features" {
  name = "prod/features"
}
