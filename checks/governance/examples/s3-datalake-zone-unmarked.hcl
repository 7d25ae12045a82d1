# bad
resource "aws_s3_bucket" "data" {
  bucket = "acme-data-lake"
}

# bad
resource "aws_s3_bucket" "data" {
  bucket = "acme-raw-and-curated"
}

# bad
resource "aws_s3_bucket" "data_lake" {
  tags = {
    owner = "data"
  }
}

# good
resource "aws_s3_bucket" "data" {
  bucket = "acme-data-lake-raw"
}

# good
resource "aws_s3_bucket" "data" {
  bucket = "acme-data-lake"
  tags = {
    zone = "gold"
  }
}
