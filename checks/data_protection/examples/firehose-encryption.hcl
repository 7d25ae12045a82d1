# bad
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn   = aws_iam_role.events.arn
    bucket_arn = "arn:aws:s3:::events-of-ours"
  }
}

resource "aws_iam_role" "events" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "firehose.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# bad
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn   = "arn:aws:iam::111122223333:role/events"
    bucket_arn = "arn:aws:s3:::events-of-ours"
  }

  server_side_encryption {
    enabled = false
  }
}

# good
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn   = "arn:aws:iam::111122223333:role/events"
    bucket_arn = "arn:aws:s3:::events-of-ours"
  }

  server_side_encryption {
    enabled = true
  }
}

# good
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn   = "arn:aws:iam::111122223333:role/events"
    bucket_arn = "arn:aws:s3:::events-of-ours"
  }

  server_side_encryption {
    enabled  = true
    key_type = "CUSTOMER_MANAGED_CMK"
    key_arn  = aws_kms_key.events.arn
  }
}

resource "aws_kms_key" "events" {
  enable_key_rotation = true
}

# good
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "extended_s3"

  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.events.arn
    role_arn           = "arn:aws:iam::111122223333:role/events"
  }

  extended_s3_configuration {
    role_arn   = "arn:aws:iam::111122223333:role/events"
    bucket_arn = "arn:aws:s3:::events-of-ours"
  }
}

resource "aws_kinesis_stream" "events" {
  name            = "events"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = "alias/aws/kinesis"
}

# good
resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "extended_s3"

  msk_source_configuration {
    msk_cluster_arn = "arn:aws:kafka:us-east-1:111122223333:cluster/events/0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d-1"
    topic_name      = "clicks"

    authentication_configuration {
      connectivity = "PRIVATE"
      role_arn     = "arn:aws:iam::111122223333:role/events"
    }
  }

  extended_s3_configuration {
    role_arn   = "arn:aws:iam::111122223333:role/events"
    bucket_arn = "arn:aws:s3:::events-of-ours"
  }
}
