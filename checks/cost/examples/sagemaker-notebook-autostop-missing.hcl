# bad
resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  instance_type = "ml.t3.xlarge"
  role_arn      = "arn:aws:iam::123456789012:role/notebooks"
}

# bad
resource "aws_sagemaker_notebook_instance" "research" {
  name                  = "research"
  instance_type         = "ml.t3.xlarge"
  role_arn              = "arn:aws:iam::123456789012:role/notebooks"
  lifecycle_config_name = aws_sagemaker_notebook_instance_lifecycle_configuration.packages.name
}

resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "packages" {
  name     = "packages"
  on_start = base64encode("pip install polars")
}

# good
resource "aws_sagemaker_notebook_instance" "research" {
  name                  = "research"
  instance_type         = "ml.t3.xlarge"
  role_arn              = "arn:aws:iam::123456789012:role/notebooks"
  lifecycle_config_name = aws_sagemaker_notebook_instance_lifecycle_configuration.autostop.name
}

resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "autostop" {
  name = "autostop"
  on_start = base64encode(<<-EOT
    #!/bin/bash
    set -e
    aws s3 cp s3://acme-code/autostop.py /usr/local/bin/autostop.py
    (crontab -l; echo "*/5 * * * * python3 /usr/local/bin/autostop.py --time 3600") | crontab -
  EOT
  )
}

# good
resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  instance_type = "ml.t3.xlarge"
  role_arn      = "arn:aws:iam::123456789012:role/notebooks"
}

resource "aws_scheduler_schedule" "evening" {
  schedule_expression = "cron(0 20 * * ? *)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = "arn:aws:scheduler:::aws-sdk:sagemaker:stopNotebookInstance"
    role_arn = "arn:aws:iam::123456789012:role/notebook-stopper"
    input    = jsonencode({ NotebookInstanceName = aws_sagemaker_notebook_instance.research.name })
  }
}
