# bad
resource "aws_ecr_repository" "training" {
  name = "training"
}

# bad
resource "aws_ecr_repository" "training" {
  name                 = "training"
  image_tag_mutability = "MUTABLE"
}

# good
resource "aws_ecr_repository" "training" {
  name                 = "training"
  image_tag_mutability = "IMMUTABLE"
}
