# bad
resource "aws_iam_role" "analyst" {
  name = "analyst"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "lake" {
  role = aws_iam_role.analyst.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:DeleteObject"
      Resource = "arn:aws:s3:::acme-raw-data/*"
    }]
  })
}

# bad
resource "aws_iam_role" "transform" {
  name               = "transform"
  assume_role_policy = data.aws_iam_policy_document.glue.json
}

resource "aws_iam_role_policy_attachment" "lake" {
  role       = aws_iam_role.transform.name
  policy_arn = aws_iam_policy.lake.arn
}

resource "aws_iam_policy" "lake" {
  policy = data.aws_iam_policy_document.lake.json
}

data "aws_iam_policy_document" "lake" {
  statement {
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::acme-bronze/*"]
  }
}

data "aws_iam_policy_document" "glue" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }
  }
}

# bad
resource "aws_s3_bucket" "raw" {
  bucket = "acme-raw-data"
}

resource "aws_s3_bucket_policy" "raw" {
  bucket = aws_s3_bucket.raw.id
  policy = data.aws_iam_policy_document.raw.json
}

data "aws_iam_policy_document" "raw" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.raw.arn}/*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/analyst"]
    }
  }
}

# good
resource "aws_iam_role" "nightly" {
  name               = "lake-ingest"
  assume_role_policy = data.aws_iam_policy_document.glue.json
}

resource "aws_iam_role" "transform" {
  name               = "transform"
  assume_role_policy = data.aws_iam_policy_document.glue.json
}

resource "aws_iam_role_policy" "ingest" {
  role   = aws_iam_role.nightly.id
  policy = data.aws_iam_policy_document.ingest.json
}

resource "aws_iam_role_policy" "transform" {
  role   = aws_iam_role.transform.id
  policy = data.aws_iam_policy_document.transform.json
}

data "aws_iam_policy_document" "ingest" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::acme-raw-data/*"]
  }
}

data "aws_iam_policy_document" "transform" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::acme-raw-data/*"]
  }

  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:aws:s3:::acme-curated/*"]
  }
}

data "aws_iam_policy_document" "glue" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }
  }
}

# good
resource "aws_s3_bucket" "raw" {
  bucket = "acme-raw-data"
}

resource "aws_s3_bucket_policy" "raw" {
  bucket = aws_s3_bucket.raw.id
  policy = data.aws_iam_policy_document.raw.json
}

data "aws_iam_policy_document" "raw" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.raw.arn}/*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/web-ingestion"]
    }
  }

  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.raw.arn}/*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/analyst"]
    }
  }
}
