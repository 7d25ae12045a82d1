# bad
resource "aws_glue_crawler" "events" {
  name          = "events"
  role          = "arn:aws:iam::111122223333:role/crawler"
  database_name = "events"

  s3_target {
    path = "s3://lake-of-ours/events"
  }

  schema_change_policy {
    delete_behavior = "DELETE_FROM_DATABASE"
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

  schema_change_policy {
    delete_behavior = "LOG"
    update_behavior = "LOG"
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

  schema_change_policy {
    delete_behavior = "DEPRECATE_IN_DATABASE"
    update_behavior = "UPDATE_IN_DATABASE"
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

  recrawl_policy {
    recrawl_behavior = "CRAWL_NEW_FOLDERS_ONLY"
  }

  schema_change_policy {
    delete_behavior = "LOG"
    update_behavior = "LOG"
  }
}
