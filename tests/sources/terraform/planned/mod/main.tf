variable "vpc_id" {}
resource "aws_security_group" "g" { vpc_id = var.vpc_id }
resource "aws_subnet" "s" {
  count      = 2
  vpc_id     = var.vpc_id
  cidr_block = "10.0.${count.index}.0/24"
}
output "group" { value = aws_security_group.g.id }
output "subnet" { value = aws_subnet.s[0].id }
