resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_default_vpc" "d" {}
resource "aws_default_security_group" "none" {
  vpc_id = aws_vpc.v.id
}
resource "aws_default_security_group" "open" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_vpc_security_group_ingress_rule" "joined" {
  security_group_id = aws_default_security_group.none.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_default_subnet" "s" {
  availability_zone = "us-east-1a"
}
resource "aws_default_route_table" "r" {
  default_route_table_id = aws_vpc.v.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.i.id
  }
}
resource "aws_internet_gateway" "i" {
  vpc_id = aws_vpc.v.id
}
resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.0.0/24"
  tags       = { Name = "isolated" }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_default_route_table.r.id
}
resource "aws_default_network_acl" "n" {
  default_network_acl_id = aws_vpc.v.default_network_acl_id
}
resource "aws_network_acl_rule" "joined" {
  network_acl_id = aws_default_network_acl.n.id
  rule_number    = 100
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/8"
}
