# bad
resource "aws_glue_resource_policy" "catalog" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = ["glue:GetDatabase", "glue:GetTable"]
      Resource  = "arn:aws:glue:eu-west-1:111122223333:*"
    }]
  })
}

# bad
data "aws_iam_policy_document" "catalog" {
  statement {
    actions   = ["glue:*"]
    resources = ["arn:aws:glue:eu-west-1:111122223333:*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_glue_resource_policy" "catalog" {
  policy = data.aws_iam_policy_document.catalog.json
}

# good
resource "aws_glue_resource_policy" "catalog" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::444455556666:role/analytics" }
      Action    = ["glue:GetDatabase", "glue:GetTable"]
      Resource  = "arn:aws:glue:eu-west-1:111122223333:*"
    }]
  })
}
