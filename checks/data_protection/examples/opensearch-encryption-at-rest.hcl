# bad
resource "aws_opensearch_domain" "vectors" {
  domain_name = "vectors"
}

# bad
resource "aws_opensearch_domain" "vectors" {
  domain_name = "vectors"

  encrypt_at_rest {
    enabled = false
  }
}

# bad
resource "aws_elasticsearch_domain" "vectors" {
  domain_name           = "vectors"
  elasticsearch_version = "7.10"
}

# good
resource "aws_opensearch_domain" "vectors" {
  domain_name = "vectors"

  encrypt_at_rest {
    enabled = true
  }
}

# good
resource "aws_opensearch_domain" "vectors" {
  domain_name = "vectors"

  encrypt_at_rest {
    enabled    = true
    kms_key_id = aws_kms_key.vectors.arn
  }
}

resource "aws_kms_key" "vectors" {
  enable_key_rotation = true
}
