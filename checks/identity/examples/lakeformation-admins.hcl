# bad
resource "aws_lakeformation_data_lake_settings" "lake" {
  admins = ["arn:aws:iam::111122223333:root"]
}

# bad
resource "aws_iam_user" "ana" {
  name = "ana"
}

resource "aws_lakeformation_data_lake_settings" "lake" {
  admins = [aws_iam_user.ana.arn]
}

# bad
resource "aws_lakeformation_data_lake_settings" "lake" {
  admins = [for team in ["a", "b", "c", "d", "e", "f"] : "arn:aws:iam::111122223333:role/${team}"]
}

# good
resource "aws_lakeformation_data_lake_settings" "lake" {
  admins = ["arn:aws:iam::111122223333:role/lake-admin"]
}

# good
resource "aws_iam_role" "lake_admin" {
  name = "lake-admin"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_lakeformation_data_lake_settings" "lake" {
  admins = [aws_iam_role.lake_admin.arn]
}
