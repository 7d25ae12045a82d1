# bad
resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "start" {
  name = "start"
  on_start = base64encode(<<-EOT
    #!/bin/bash
    git clone https://bot:hunter2@git.example.com/ml.git
  EOT
  )
}

# bad
resource "aws_sagemaker_studio_lifecycle_config" "start" {
  studio_lifecycle_config_name     = "start"
  studio_lifecycle_config_app_type = "JupyterLab"
  studio_lifecycle_config_content = base64encode(<<-EOT
    #!/bin/bash
    pip config set global.password=hunter2
  EOT
  )
}

# good
resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "start" {
  name = "start"
  on_start = base64encode(<<-EOT
    #!/bin/bash
    export HF_TOKEN=$(aws secretsmanager get-secret-value --secret-id huggingface --query SecretString --output text)
  EOT
  )
}

# good
resource "aws_sagemaker_studio_lifecycle_config" "start" {
  studio_lifecycle_config_name     = "start"
  studio_lifecycle_config_app_type = "JupyterLab"
  studio_lifecycle_config_content = base64encode(<<-EOT
    #!/bin/bash
    pip install polars
  EOT
  )
}
