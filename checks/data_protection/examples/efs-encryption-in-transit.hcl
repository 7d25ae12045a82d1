# bad
resource "aws_efs_file_system" "notebooks" {
  encrypted = true
}

# bad
resource "aws_efs_file_system" "notebooks" {
  encrypted = true
}

resource "aws_efs_file_system_policy" "notebooks" {
  file_system_id = aws_efs_file_system.notebooks.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "elasticfilesystem:ClientMount"
      Condition = { Bool = { "aws:SecureTransport" = "true" } }
    }]
  })
}

# good
resource "aws_efs_file_system" "notebooks" {
  encrypted = true
}

resource "aws_efs_file_system_policy" "notebooks" {
  file_system_id = aws_efs_file_system.notebooks.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = { AWS = "*" }
      Action    = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# good
resource "aws_efs_file_system" "notebooks" {
  encrypted = true
}

resource "aws_efs_file_system_policy" "notebooks" {
  file_system_id = aws_efs_file_system.notebooks.id
  policy         = data.aws_iam_policy_document.notebooks.json
}

data "aws_iam_policy_document" "notebooks" {
  statement {
    effect    = "Deny"
    actions   = ["*"]
    resources = [aws_efs_file_system.notebooks.arn]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
