terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region                      = var.region
  access_key                  = "x"
  secret_key                  = "y"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
variable "region" { default = "eu-west-1" }
variable "password" {
  sensitive = true
  default   = "hunter2"
}
locals { zone = "x" }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_security_group" "a" {
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {
    for_each = toset(["10.0.0.0/8", "0.0.0.0/0"])
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}
resource "aws_security_group" "b" {
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {
    for_each = [aws_vpc.v.id]
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      description = ingress.value
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
resource "aws_security_group" "c" {
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {
    for_each = toset([aws_vpc.v.id])
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      description = ingress.value
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
resource "aws_security_group" "d" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    security_groups = [aws_security_group.a.id, "sg-123", aws_security_group.b.id]
  }
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "none" {
  vpc_id = aws_vpc.v.id
}
resource "aws_s3_bucket" "b" {
  for_each = toset(["one", "two"])
  bucket   = each.key == "one" ? "my-${each.key}" : null
}
resource "aws_s3_bucket_versioning" "b" {
  for_each = aws_s3_bucket.b
  bucket   = each.value.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_public_access_block" "b" {
  for_each                = toset(["one", "two"])
  bucket                  = aws_s3_bucket.b[each.key].id
  block_public_acls       = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b["one"].bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.b["one"].arn}/*"
    }]
  })
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.b["one"].arn]
  }
}
data "aws_iam_policy_document" "e" {
  statement {
    actions   = ["s3:*"]
    resources = ["*"]
  }
}
resource "aws_iam_policy" "d" {
  name   = "d"
  policy = data.aws_iam_policy_document.d.json
}
resource "aws_iam_policy" "e" {
  name   = "e"
  policy = data.aws_iam_policy_document.e.json
}
resource "aws_db_instance" "d" {
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  password            = var.password
  username            = "u"
  allocated_storage   = 10
  skip_final_snapshot = true
  vpc_security_group_ids = [aws_security_group.a.id, aws_security_group.b.id]
}
resource "aws_db_instance" "e" {
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  password            = "hunter3"
  username            = "u"
  allocated_storage   = 10
  skip_final_snapshot = true
  vpc_security_group_ids = concat([aws_security_group.a.id], ["sg-1"])
}
module "m" {
  source   = "./mod"
  for_each = { x = aws_vpc.v.id }
  vpc_id   = each.value
}
module "n" {
  source = "./mod"
  vpc_id = aws_vpc.v.id
}
resource "aws_sagemaker_notebook_instance" "n" {
  name            = "n"
  instance_type   = "ml.t3.medium"
  role_arn        = "arn:aws:iam::123456789012:role/x"
  security_groups = [module.n.group, module.m["x"].group]
  subnet_id       = module.n.subnet
  tags = { Name = "n-${aws_vpc.v.id}", env = "prod" }
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/x"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/x:${aws_vpc.v.id}"
  package_type  = "Image"
  environment {
    variables = { VPC = aws_vpc.v.id, PW = var.password, OK = "1" }
  }
}
output "x" { value = aws_vpc.v.id }
