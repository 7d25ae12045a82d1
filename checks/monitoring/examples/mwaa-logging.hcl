# bad
resource "aws_mwaa_environment" "pipelines" {
  name               = "pipelines"
  execution_role_arn = "arn:aws:iam::123456789012:role/airflow"
  source_bucket_arn  = "arn:aws:s3:::airflow-dags"
  dag_s3_path        = "dags/"

  network_configuration {
    security_group_ids = ["sg-0123456789abcdef0"]
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"]
  }
}

# bad
resource "aws_mwaa_environment" "pipelines" {
  name               = "pipelines"
  execution_role_arn = "arn:aws:iam::123456789012:role/airflow"
  source_bucket_arn  = "arn:aws:s3:::airflow-dags"
  dag_s3_path        = "dags/"

  network_configuration {
    security_group_ids = ["sg-0123456789abcdef0"]
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"]
  }

  logging_configuration {
    dag_processing_logs {
      enabled = true
    }

    scheduler_logs {
      enabled = true
    }

    task_logs {
      enabled = false
    }

    webserver_logs {
      enabled = true
    }

    worker_logs {
      enabled = true
    }
  }
}

# good
resource "aws_mwaa_environment" "pipelines" {
  name               = "pipelines"
  execution_role_arn = "arn:aws:iam::123456789012:role/airflow"
  source_bucket_arn  = "arn:aws:s3:::airflow-dags"
  dag_s3_path        = "dags/"

  network_configuration {
    security_group_ids = ["sg-0123456789abcdef0"]
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"]
  }

  logging_configuration {
    dag_processing_logs {
      enabled = true
    }

    scheduler_logs {
      enabled = true
    }

    task_logs {
      enabled = true
    }

    webserver_logs {
      enabled = true
    }

    worker_logs {
      enabled = true
    }
  }
}
