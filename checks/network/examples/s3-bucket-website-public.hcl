# bad
resource "aws_s3_bucket" "demo" {
}

resource "aws_s3_bucket_website_configuration" "demo" {
  bucket = aws_s3_bucket.demo.id
  index_document {
    suffix = "index.html"
  }
}

data "aws_iam_policy_document" "demo" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.demo.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket_policy" "demo" {
  bucket = aws_s3_bucket.demo.id
  policy = data.aws_iam_policy_document.demo.json
}

# bad
resource "aws_s3_bucket" "demo" {
  bucket = "churn-model-demo"
}

resource "aws_s3_bucket_website_configuration" "demo" {
  bucket = aws_s3_bucket.demo.id
  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_bucket_policy" "demo" {
  bucket = aws_s3_bucket.demo.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::churn-model-demo/*"
    }]
  })
}

# bad
resource "aws_s3_bucket" "demo" {
}

resource "aws_s3_bucket_website_configuration" "demo" {
  bucket = aws_s3_bucket.demo.id
  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_bucket_acl" "demo" {
  bucket = aws_s3_bucket.demo.id
  acl    = "public-read"
}

# good
resource "aws_s3_bucket" "demo" {
}

resource "aws_s3_bucket_website_configuration" "demo" {
  bucket = aws_s3_bucket.demo.id
  redirect_all_requests_to {
    host_name = "example.com"
  }
}

# good
resource "aws_s3_bucket" "demo" {
  bucket = "churn-model-demo"
}

resource "aws_s3_bucket_website_configuration" "demo" {
  bucket = aws_s3_bucket.demo.id
  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_bucket_public_access_block" "demo" {
  bucket                  = aws_s3_bucket.demo.id
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "demo" {
  bucket = aws_s3_bucket.demo.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::churn-model-demo/*"
    }]
  })
}

# good
resource "aws_s3_bucket" "demo" {
  bucket = "churn-model-demo"
}

resource "aws_s3_bucket_policy" "demo" {
  bucket = aws_s3_bucket.demo.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::churn-model-demo/*"
    }]
  })
}
