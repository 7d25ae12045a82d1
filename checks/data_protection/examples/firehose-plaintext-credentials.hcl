# bad
resource "aws_kinesis_firehose_delivery_stream" "features" {
  name        = "features"
  destination = "redshift"

  redshift_configuration {
    cluster_jdbcurl = "jdbc:redshift://features.example.com:5439/dev"
    data_table_name = "features"
    role_arn        = "arn:aws:iam::111122223333:role/features"
    username        = "loader"
    password        = "Hunter2-hunter2"

    s3_configuration {
      role_arn   = "arn:aws:iam::111122223333:role/features"
      bucket_arn = "arn:aws:s3:::features-of-ours"
    }
  }
}

# bad
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "http_endpoint"

  http_endpoint_configuration {
    url        = "https://events.example.com"
    access_key = "hunter2"
    role_arn   = "arn:aws:iam::111122223333:role/events"

    s3_configuration {
      role_arn   = "arn:aws:iam::111122223333:role/events"
      bucket_arn = "arn:aws:s3:::events-of-ours"
    }
  }
}

# bad
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "splunk"

  splunk_configuration {
    hec_endpoint = "https://splunk.example.com:8088"
    hec_token    = "51d4da16-c61b-4f5f-8ec7-ed4301342a4a"

    s3_configuration {
      role_arn   = "arn:aws:iam::111122223333:role/events"
      bucket_arn = "arn:aws:s3:::events-of-ours"
    }
  }
}

# good
resource "aws_kinesis_firehose_delivery_stream" "features" {
  name        = "features"
  destination = "redshift"

  redshift_configuration {
    cluster_jdbcurl = "jdbc:redshift://features.example.com:5439/dev"
    data_table_name = "features"
    role_arn        = "arn:aws:iam::111122223333:role/features"

    secrets_manager_configuration {
      enabled    = true
      secret_arn = aws_secretsmanager_secret.loader.arn
      role_arn   = "arn:aws:iam::111122223333:role/features"
    }

    s3_configuration {
      role_arn   = "arn:aws:iam::111122223333:role/features"
      bucket_arn = "arn:aws:s3:::features-of-ours"
    }
  }
}

resource "aws_secretsmanager_secret" "loader" {
  name = "features/loader"
}

# good
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "http_endpoint"

  http_endpoint_configuration {
    url      = "https://events.example.com"
    role_arn = "arn:aws:iam::111122223333:role/events"

    secrets_manager_configuration {
      enabled    = true
      secret_arn = aws_secretsmanager_secret.endpoint.arn
      role_arn   = "arn:aws:iam::111122223333:role/events"
    }

    s3_configuration {
      role_arn   = "arn:aws:iam::111122223333:role/events"
      bucket_arn = "arn:aws:s3:::events-of-ours"
    }
  }
}

resource "aws_secretsmanager_secret" "endpoint" {
  name = "events/endpoint"
}

# good
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn   = "arn:aws:iam::111122223333:role/events"
    bucket_arn = "arn:aws:s3:::events-of-ours"
  }
}
