# bad
resource "aws_glue_crawler" "events" {
  name          = "events"
  role          = "arn:aws:iam::111122223333:role/crawler"
  database_name = "events"

  s3_target {
    path = "s3://lake-of-ours/events"
  }
}

# bad
resource "aws_glue_crawler" "events" {
  name          = "events"
  role          = "arn:aws:iam::111122223333:role/crawler"
  database_name = "events"

  s3_target {
    path = "s3://lake-of-ours/events"
  }
}

resource "aws_glue_trigger" "nightly" {
  name     = "nightly"
  type     = "SCHEDULED"
  schedule = "cron(0 2 * * ? *)"

  actions {
    crawler_name = "orders"
  }
}

# good
resource "aws_glue_crawler" "events" {
  name          = "events"
  role          = "arn:aws:iam::111122223333:role/crawler"
  database_name = "events"
  schedule      = "cron(0 2 * * ? *)"

  s3_target {
    path = "s3://lake-of-ours/events"
  }
}

# good
resource "aws_glue_crawler" "events" {
  name          = "events"
  role          = "arn:aws:iam::111122223333:role/crawler"
  database_name = "events"

  s3_target {
    path = "s3://lake-of-ours/events"
  }
}

resource "aws_glue_trigger" "nightly" {
  name     = "nightly"
  type     = "SCHEDULED"
  schedule = "cron(0 2 * * ? *)"

  actions {
    crawler_name = aws_glue_crawler.events.name
  }
}

# good
resource "aws_glue_crawler" "events" {
  name          = "events"
  role          = "arn:aws:iam::111122223333:role/crawler"
  database_name = "events"

  s3_target {
    path = "s3://lake-of-ours/events"
  }
}

resource "aws_sfn_state_machine" "ingest" {
  name     = "ingest"
  role_arn = "arn:aws:iam::111122223333:role/ingest"
  definition = jsonencode({
    StartAt = "Crawl"
    States = {
      Crawl = {
        Type       = "Task"
        Resource   = "arn:aws:states:::aws-sdk:glue:startCrawler"
        Parameters = { Name = aws_glue_crawler.events.name }
        End        = true
      }
    }
  })
}
