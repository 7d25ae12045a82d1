# bad
resource "aws_opensearch_domain" "vectors" {
  domain_name = "vectors"
}

# bad
resource "aws_opensearch_domain" "vectors" {
  domain_name = "vectors"

  domain_endpoint_options {
    enforce_https = true
  }
}

# bad
resource "aws_opensearch_domain" "vectors" {
  domain_name = "vectors"

  domain_endpoint_options {
    enforce_https       = false
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
}

# bad
resource "aws_elasticsearch_domain" "vectors" {
  domain_name           = "vectors"
  elasticsearch_version = "7.10"

  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }
}

# good
resource "aws_opensearch_domain" "vectors" {
  domain_name = "vectors"

  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }
}

# good
resource "aws_elasticsearch_domain" "vectors" {
  domain_name           = "vectors"
  elasticsearch_version = "7.10"

  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
}
