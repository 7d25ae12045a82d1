resource "aws_db_instance" "plain_database" {
  engine              = "postgres"
  engine_version      = "16.4"
  instance_class      = "db.m5.large"
  allocated_storage   = 100
  storage_type        = "gp2"
  publicly_accessible = true
  username            = "admin"
  password            = "hunter2-hunter2"
}

resource "aws_db_instance" "database" {
  engine                              = "postgres"
  engine_version                      = "16.4"
  instance_class                      = "db.m6g.large"
  allocated_storage                   = 100
  storage_type                        = "gp3"
  publicly_accessible                 = false
  username                            = "keeper"
  manage_master_user_password         = true
  storage_encrypted                   = true
  kms_key_id                          = "arn:aws:kms:eu-west-1:111122223333:key/1"
  multi_az                            = true
  backup_retention_period             = 14
  deletion_protection                 = true
  copy_tags_to_snapshot               = true
  iam_database_authentication_enabled = true
  performance_insights_enabled        = true
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  monitoring_interval                 = 60
  ca_cert_identifier                  = "rds-ca-rsa2048-g1"
  port                                = 5433
}

resource "aws_rds_cluster" "plain_cluster" {
  engine          = "aurora-postgresql"
  master_username = "admin"
  master_password = "hunter2-hunter2"
}

resource "aws_rds_cluster_instance" "member" {
  engine              = "aurora-postgresql"
  cluster_identifier  = aws_rds_cluster.plain_cluster.id
  instance_class      = "db.r5.large"
  publicly_accessible = true
}

resource "aws_rds_cluster" "cluster" {
  engine                              = "aurora-postgresql"
  master_username                     = "keeper"
  manage_master_user_password         = true
  storage_encrypted                   = true
  backup_retention_period             = 14
  deletion_protection                 = true
  copy_tags_to_snapshot               = true
  iam_database_authentication_enabled = true
  enabled_cloudwatch_logs_exports     = ["postgresql"]
}

resource "aws_db_parameter_group" "parameters" {
  family      = "postgres14"
  description = "ours"
  parameter {
    name  = "rds.force_ssl"
    value = "0"
  }
}

resource "aws_redshift_cluster" "plain_warehouse" {
  cluster_identifier                  = "plain"
  cluster_type                        = "single-node"
  database_name                       = "dev"
  node_type                           = "dc2.large"
  master_username                     = "awsuser"
  master_password                     = "Hunter2-hunter2"
  encrypted                           = false
  publicly_accessible                 = true
  allow_version_upgrade               = false
  automated_snapshot_retention_period = 0
}

resource "aws_redshift_cluster" "warehouse" {
  cluster_identifier                  = "warehouse"
  cluster_type                        = "multi-node"
  number_of_nodes                     = 2
  database_name                       = "sales"
  node_type                           = "ra3.large"
  master_username                     = "keeper"
  manage_master_password              = true
  encrypted                           = true
  publicly_accessible                 = false
  enhanced_vpc_routing                = true
  automated_snapshot_retention_period = 14
}

resource "aws_redshift_logging" "warehouse" {
  cluster_identifier   = aws_redshift_cluster.warehouse.id
  log_destination_type = "s3"
  bucket_name          = "logs"
}

resource "aws_redshift_parameter_group" "warehouse_parameters" {
  name   = "ours"
  family = "redshift-1.0"
  parameter {
    name  = "require_ssl"
    value = "false"
  }
}

resource "aws_opensearch_domain" "plain_search" {
  domain_name    = "plain"
  engine_version = "OpenSearch_1.3"
  cluster_config {
    instance_type  = "m5.large.search"
    instance_count = 1
  }
  ebs_options {
    ebs_enabled = true
    volume_type = "gp2"
    volume_size = 100
  }
  domain_endpoint_options {
    enforce_https       = false
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }
}

resource "aws_opensearch_domain" "search" {
  domain_name    = "search"
  engine_version = "OpenSearch_2.17"
  cluster_config {
    instance_type            = "m6g.large.search"
    instance_count           = 3
    zone_awareness_enabled   = true
    dedicated_master_enabled = true
    dedicated_master_count   = 3
    dedicated_master_type    = "m6g.large.search"
  }
  ebs_options {
    ebs_enabled = true
    volume_type = "gp3"
    volume_size = 100
  }
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }
  node_to_node_encryption {
    enabled = true
  }
  encrypt_at_rest {
    enabled = true
  }
  vpc_options {
    subnet_ids         = ["subnet-12345678"]
    security_group_ids = ["sg-12345678"]
  }
  advanced_security_options {
    enabled                        = true
    internal_user_database_enabled = false
  }
}

resource "aws_msk_cluster" "broker" {
  cluster_name           = "broker"
  kafka_version          = "3.6.0"
  number_of_broker_nodes = 3
  broker_node_group_info {
    instance_type   = "kafka.m5.large"
    client_subnets  = ["subnet-1", "subnet-2", "subnet-3"]
    security_groups = ["sg-12345678"]
  }
  encryption_info {
    encryption_in_transit {
      client_broker = "TLS_PLAINTEXT"
      in_cluster    = true
    }
  }
  client_authentication {
    unauthenticated = true
  }
}

resource "aws_secretsmanager_secret" "secret" {
  name       = "secret"
  kms_key_id = "alias/secrets"
}
