# bad
resource "aws_athena_workgroup" "analysts" {
  name = "analysts"
}

# bad
resource "aws_athena_workgroup" "analysts" {
  name = "analysts"

  configuration {
    result_configuration {
      output_location = "s3://${aws_s3_bucket.results.bucket}/analysts/"
    }
  }
}

resource "aws_s3_bucket" "results" {
  bucket = "query-results-of-ours"
}

# good
resource "aws_athena_workgroup" "analysts" {
  name = "analysts"

  configuration {
    result_configuration {
      output_location = "s3://query-results-of-ours/analysts/"

      encryption_configuration {
        encryption_option = "SSE_S3"
      }
    }
  }
}

# good
resource "aws_athena_workgroup" "analysts" {
  name = "analysts"

  configuration {
    result_configuration {
      output_location = "s3://query-results-of-ours/analysts/"

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = aws_kms_key.results.arn
      }
    }
  }
}

resource "aws_kms_key" "results" {
  enable_key_rotation = true
}

# bad
resource "aws_athena_database" "features" {
  name   = "features"
  bucket = "query-results-of-ours"
}

# good
resource "aws_athena_database" "features" {
  name   = "features"
  bucket = "query-results-of-ours"

  encryption_configuration {
    encryption_option = "SSE_S3"
  }
}
