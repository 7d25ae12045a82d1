# bad
resource "aws_s3_bucket" "results" {
  bucket = "acme-athena-query-results"
}

# bad
resource "aws_s3_bucket" "scratch" {
  bucket = "emr-scratch"
}

resource "aws_s3_bucket_lifecycle_configuration" "scratch" {
  bucket = aws_s3_bucket.scratch.id

  rule {
    id     = "other"
    status = "Enabled"

    filter {
      prefix = "other/"
    }

    expiration {
      days = 7
    }
  }
}

# bad
resource "aws_s3_bucket" "lake" {
  bucket = "acme-lake"
}

resource "aws_athena_workgroup" "analysts" {
  name = "analysts"

  configuration {
    result_configuration {
      output_location = "s3://${aws_s3_bucket.lake.bucket}/results/"
    }
  }
}

# bad
resource "aws_s3_bucket" "etl" {
  bucket = "acme-etl"
}

resource "aws_glue_job" "features" {
  name     = "features"
  role_arn = "arn:aws:iam::123456789012:role/glue"

  command {
    script_location = "s3://${aws_s3_bucket.etl.bucket}/features.py"
  }

  default_arguments = {
    "--TempDir" = "s3://${aws_s3_bucket.etl.bucket}/temporary/"
  }
}

# good
resource "aws_s3_bucket" "scratch" {
  bucket = "emr-scratch"
}

resource "aws_s3_bucket_lifecycle_configuration" "scratch" {
  bucket = aws_s3_bucket.scratch.id

  rule {
    id     = "all"
    status = "Enabled"

    filter {}

    expiration {
      days = 7
    }
  }
}

# good
resource "aws_s3_bucket" "lake" {
  bucket = "acme-lake"
}

resource "aws_s3_bucket_lifecycle_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id

  rule {
    id     = "results"
    status = "Enabled"

    filter {
      prefix = "results/"
    }

    expiration {
      days = 7
    }
  }
}

resource "aws_athena_workgroup" "analysts" {
  name = "analysts"

  configuration {
    result_configuration {
      output_location = "s3://${aws_s3_bucket.lake.bucket}/results/"
    }
  }
}

# good
resource "aws_s3_bucket" "models" {
  bucket = "acme-models"
}
