# bad
resource "aws_s3_bucket" "landing" {
  bucket = "acme-landing"
}

# bad
resource "aws_s3_bucket" "events" {
  tags = {
    zone = "bronze"
  }
}

resource "aws_s3_bucket_notification" "events" {
  bucket = aws_s3_bucket.events.id

  topic {
    topic_arn = "arn:aws:sns:us-east-1:111122223333:deleted"
    events    = ["s3:ObjectRemoved:*"]
  }
}

# good
resource "aws_s3_bucket" "landing" {
  bucket = "acme-landing"
}

resource "aws_s3_bucket_notification" "landing" {
  bucket      = aws_s3_bucket.landing.id
  eventbridge = true
}

# good
resource "aws_s3_bucket" "landing" {
  bucket = "acme-landing"
}

resource "aws_s3_bucket_notification" "landing" {
  bucket = aws_s3_bucket.landing.id

  queue {
    queue_arn = "arn:aws:sqs:us-east-1:111122223333:ingest"
    events    = ["s3:ObjectCreated:*"]
  }
}

# good
resource "aws_s3_bucket" "curated" {
  bucket = "acme-curated"
}
