# bad
resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::111122223333:role/features"

  command {
    script_location = "s3://scripts-of-ours/features.py"
  }
}

# bad
resource "aws_glue_crawler" "events" {
  name          = "events"
  database_name = "raw"
  role          = "arn:aws:iam::111122223333:role/crawler"

  s3_target {
    path = "s3://events-of-ours"
  }
}

# bad
resource "aws_glue_dev_endpoint" "trial" {
  name     = "trial"
  role_arn = "arn:aws:iam::111122223333:role/trial"
}

# good
resource "aws_glue_job" "features" {
  name                   = "features"
  role_arn               = "arn:aws:iam::111122223333:role/features"
  security_configuration = aws_glue_security_configuration.encrypted.name

  command {
    script_location = "s3://scripts-of-ours/features.py"
  }
}

resource "aws_glue_crawler" "events" {
  name                   = "events"
  database_name          = "raw"
  role                   = "arn:aws:iam::111122223333:role/crawler"
  security_configuration = aws_glue_security_configuration.encrypted.name

  s3_target {
    path = "s3://events-of-ours"
  }
}

resource "aws_glue_dev_endpoint" "trial" {
  name                   = "trial"
  role_arn               = "arn:aws:iam::111122223333:role/trial"
  security_configuration = aws_glue_security_configuration.encrypted.name
}

resource "aws_glue_security_configuration" "encrypted" {
  name = "encrypted"

  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = aws_kms_key.glue.arn
    }

    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = aws_kms_key.glue.arn
    }

    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = aws_kms_key.glue.arn
    }
  }
}

resource "aws_kms_key" "glue" {
  enable_key_rotation = true
}
