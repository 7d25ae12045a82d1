# bad
resource "aws_iam_access_key" "pipeline" {
  user = "pipeline"
}

# good
resource "aws_iam_access_key" "pipeline" {
  user   = "pipeline"
  status = "Inactive"
}
