# bad
resource "aws_lambda_function" "scoring" {
  function_name = "scoring"
  role          = "arn:aws:iam::123456789012:role/scoring"
  runtime       = "python3.13"
  handler       = "scoring.handler"
  s3_bucket     = "lambda-code"
  s3_key        = "scoring.zip"
}

# bad
resource "aws_lambda_function" "scoring" {
  function_name = "scoring"
  role          = "arn:aws:iam::123456789012:role/scoring"
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.us-east-1.amazonaws.com/scoring:7"

  tracing_config {
    mode = "PassThrough"
  }
}

# good
resource "aws_lambda_function" "scoring" {
  function_name = "scoring"
  role          = "arn:aws:iam::123456789012:role/scoring"
  runtime       = "python3.13"
  handler       = "scoring.handler"
  s3_bucket     = "lambda-code"
  s3_key        = "scoring.zip"

  tracing_config {
    mode = "Active"
  }
}
