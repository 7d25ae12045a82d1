# bad
resource "aws_lambda_function" "features" {
  function_name = "features"
  role          = "arn:aws:iam::111122223333:role/features"
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.us-east-1.amazonaws.com/features:1.4"

  environment {
    variables = {
      STAGE       = "prod"
      DB_PASSWORD = "hunter2"
    }
  }
}

# bad
resource "aws_lambda_function" "features" {
  function_name = "features"
  role          = aws_iam_role.features.arn
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.us-east-1.amazonaws.com/features:1.4"

  environment {
    variables = {
      BUCKET = aws_s3_bucket.features.bucket
      QUEUE  = "amqps://worker:hunter2@mq.example.com:5671"
    }
  }
}

resource "aws_iam_role" "features" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_s3_bucket" "features" {
  bucket = "features-of-ours"
}

# good
resource "aws_lambda_function" "features" {
  function_name = "features"
  role          = "arn:aws:iam::111122223333:role/features"
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.us-east-1.amazonaws.com/features:1.4"

  environment {
    variables = {
      STAGE              = "prod"
      DB_SECRET          = aws_secretsmanager_secret.features.name
      PASSWORD_PARAMETER = "/prod/db/password"
      TOKEN_TTL          = 3600
    }
  }
}

resource "aws_secretsmanager_secret" "features" {
  name = "prod/features"
}
