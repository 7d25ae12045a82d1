variable "name" { type = string }
resource "aws_vpc" "m" { cidr_block = "10.1.0.0/16" }
resource "aws_security_group" "m" { vpc_id = aws_vpc.m.id }
output "vpc" { value = aws_vpc.m }
output "settings" {
  value = {
    subnet_ids         = [aws_vpc.m.id]
    security_group_ids = [aws_security_group.m.id]
  }
}
output "rules" {
  value = [{ port = 22, cidr = aws_vpc.m.cidr_block, id = aws_vpc.m.id }]
}
