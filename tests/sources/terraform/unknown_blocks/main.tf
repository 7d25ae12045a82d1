terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_acm_certificate" "c" {
  domain_name       = "example.com"
  validation_method = "DNS"
}
resource "aws_vpc_endpoint" "e" {
  vpc_id            = aws_vpc.v.id
  vpc_endpoint_type = "Interface"
  service_name      = "com.amazonaws.us-east-1.s3"
}

module "m" {
  source = "./mod"
  name   = "x"
}

# dynamic over an unknown list
resource "aws_security_group" "list" {
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {
    for_each = aws_vpc_endpoint.e.cidr_blocks
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}
# dynamic over unknown set/for expression
resource "aws_security_group" "set" {
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {
    for_each = toset([for one in aws_acm_certificate.c.domain_validation_options : one.resource_record_name])
    content {
      from_port   = 443
      to_port     = 443
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}
# over unknown map
resource "aws_s3_bucket_lifecycle_configuration" "map" {
  bucket = "b"
  dynamic "rule" {
    for_each = aws_vpc.v.tags_all
    content {
      id     = rule.key
      status = "Enabled"
      filter {}
      expiration { days = 30 }
    }
  }
}
# mixed: static and dynamic
resource "aws_security_group" "mixed" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
  dynamic "ingress" {
    for_each = aws_vpc_endpoint.e.cidr_blocks
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}
# nested dynamic
resource "aws_s3_bucket_server_side_encryption_configuration" "nested" {
  bucket = "b"
  rule {
    dynamic "apply_server_side_encryption_by_default" {
      for_each = aws_vpc_endpoint.e.cidr_blocks
      content {
        sse_algorithm = "aws:kms"
      }
    }
  }
}
resource "aws_launch_template" "nested" {
  name = "training"
  block_device_mappings {
    device_name = "/dev/sda1"
    dynamic "ebs" {
      for_each = aws_vpc_endpoint.e.cidr_blocks
      content {
        encrypted = true
      }
    }
  }
}
# single dynamic block
resource "aws_lambda_function" "single" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/x"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/x:1"
  package_type  = "Image"
  dynamic "vpc_config" {
    for_each = aws_vpc_endpoint.e.cidr_blocks
    content {
      subnet_ids         = ["subnet-1"]
      security_group_ids = ["sg-1"]
    }
  }
  dynamic "dead_letter_config" {
    for_each = aws_vpc_endpoint.e.cidr_blocks
    content {
      target_arn = "arn:aws:sqs:us-east-1:123456789012:q"
    }
  }
  reserved_concurrent_executions = aws_vpc.v.enable_network_address_usage_metrics ? 1 : null
}
# for_each over unknown in jsonencode
resource "aws_s3_bucket_policy" "json" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for cidr in aws_vpc_endpoint.e.cidr_blocks : {
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::b/${cidr}"
    }]
  })
}
# conditional with null
resource "aws_ebs_volume" "cond" {
  availability_zone = "us-east-1a"
  size              = 10
  encrypted         = aws_vpc.v.id == "vpc-1" ? true : null
  kms_key_id        = aws_vpc.v.id == "vpc-1" ? aws_vpc.v.arn : null
}
resource "aws_efs_file_system" "cond" {
  encrypted = aws_vpc.v.id == "vpc-1" ? true : null
}
# object from a module's output
resource "aws_lambda_function" "module" {
  function_name = "g"
  role          = "arn:aws:iam::123456789012:role/x"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/x:1"
  package_type  = "Image"
  vpc_config {
    subnet_ids         = module.m.settings.subnet_ids
    security_group_ids = module.m.settings.security_group_ids
  }
}
resource "aws_security_group" "module" {
  vpc_id = module.m.vpc.id
  dynamic "ingress" {
    for_each = module.m.rules
    content {
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      description = ingress.value.id
      cidr_blocks = [ingress.value.cidr]
    }
  }
}
resource "aws_instance" "list" {
  ami                         = "ami-1"
  instance_type               = "t3.micro"
  vpc_security_group_ids      = module.m.vpc.id == "x" ? [] : [module.m.vpc.default_security_group_id]
  associate_public_ip_address = module.m.vpc.id == "x"
  dynamic "metadata_options" {
    for_each = module.m.vpc.id == "x" ? [1] : []
    content {
      http_tokens = "required"
    }
  }
}
# attribute as blocks: whole list
resource "aws_security_group" "attr" {
  vpc_id = aws_vpc.v.id
  ingress = [for cidr in aws_vpc_endpoint.e.cidr_blocks : {
    from_port   = 22, to_port = 22, protocol = "tcp", cidr_blocks = [cidr]
    description = "", ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [], self = false
  }]
}
# data source read during apply
data "aws_vpc" "late" {
  id = aws_vpc.v.id
}
data "aws_subnets" "late" {
  filter {
    name   = "vpc-id"
    values = [aws_vpc.v.id]
  }
}
resource "aws_security_group" "data" {
  vpc_id = data.aws_vpc.late.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [data.aws_vpc.late.cidr_block]
  }
  dynamic "egress" {
    for_each = data.aws_subnets.late.ids
    content {
      from_port   = 0
      to_port     = 0
      protocol    = "-1"
      description = egress.value
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
resource "aws_sagemaker_notebook_instance" "data" {
  name                   = "n"
  instance_type          = "ml.t3.medium"
  role_arn               = "arn:aws:iam::123456789012:role/x"
  subnet_id              = data.aws_subnets.late.ids[0]
  security_groups        = data.aws_vpc.late.tags["a"] == "x" ? null : ["sg-1"]
  direct_internet_access = data.aws_vpc.late.tags["public"]
}
data "aws_iam_policy_document" "late" {
  dynamic "statement" {
    for_each = aws_vpc_endpoint.e.cidr_blocks
    content {
      actions   = ["s3:*"]
      resources = ["*"]
    }
  }
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}
resource "aws_iam_policy" "late" {
  name   = "late"
  policy = data.aws_iam_policy_document.late.json
}
# for_each maps of resources in tags
resource "aws_kms_key" "tags" {
  tags                = { for cidr in aws_vpc_endpoint.e.cidr_blocks : cidr => "x" }
  enable_key_rotation = aws_vpc.v.id == "x" ? true : null
}
