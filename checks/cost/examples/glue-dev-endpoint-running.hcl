# bad
resource "aws_glue_dev_endpoint" "research" {
  name              = "research"
  role_arn          = "arn:aws:iam::123456789012:role/glue"
  worker_type       = "G.2X"
  number_of_workers = 3
}

# bad
resource "aws_glue_dev_endpoint" "research" {
  name     = "research"
  role_arn = "arn:aws:iam::123456789012:role/glue"
}
