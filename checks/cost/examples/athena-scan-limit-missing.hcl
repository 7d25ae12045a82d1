# bad
resource "aws_athena_workgroup" "analysts" {
  name = "analysts"
}

# bad
resource "aws_s3_bucket" "results" {
  bucket = "analysts-query-results"
}

resource "aws_athena_workgroup" "analysts" {
  name = "analysts"

  configuration {
    enforce_workgroup_configuration = true

    result_configuration {
      output_location = "s3://${aws_s3_bucket.results.bucket}/output/"
    }
  }
}

# good
resource "aws_athena_workgroup" "analysts" {
  name = "analysts"

  configuration {
    bytes_scanned_cutoff_per_query = 1099511627776 # a TB
  }
}

# good
resource "aws_athena_workgroup" "legacy" {
  name  = "legacy"
  state = "DISABLED"
}
