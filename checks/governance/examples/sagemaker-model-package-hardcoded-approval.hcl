# bad
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::123456789012:role/pipelines"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps = [{
      Name = "Register"
      Type = "RegisterModel"
      Arguments = {
        ModelPackageGroupName = "churn"
        ModelApprovalStatus   = "Approved"
      }
    }]
  })
}

# bad
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::123456789012:role/pipelines"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Parameters = [{
      Name         = "ModelApprovalStatus"
      Type         = "String"
      DefaultValue = "Approved"
    }]
    Steps = [{
      Name = "Register"
      Type = "RegisterModel"
      Arguments = {
        ModelPackageGroupName = "churn"
        ModelApprovalStatus   = { Get = "Parameters.ModelApprovalStatus" }
      }
    }]
  })
}

# bad
resource "aws_sfn_state_machine" "registration" {
  role_arn = "arn:aws:iam::123456789012:role/training-workflow"
  definition = jsonencode({
    StartAt = "Register"
    States = {
      Register = {
        Type     = "Task"
        Resource = "arn:aws:states:::aws-sdk:sagemaker:createModelPackage"
        Parameters = {
          ModelPackageGroupName = "churn"
          ModelApprovalStatus   = "Approved"
        }
        End = true
      }
    }
  })
}

# good
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::123456789012:role/pipelines"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps = [{
      Name = "Register"
      Type = "RegisterModel"
      Arguments = {
        ModelPackageGroupName = "churn"
        ModelApprovalStatus   = "PendingManualApproval"
      }
    }]
  })
}

# good
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::123456789012:role/pipelines"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Parameters = [{
      Name         = "ModelApprovalStatus"
      Type         = "String"
      DefaultValue = "PendingManualApproval"
    }]
    Steps = [{
      Name = "Register"
      Type = "RegisterModel"
      Arguments = {
        ModelPackageGroupName = "churn"
        ModelApprovalStatus   = { Get = "Parameters.ModelApprovalStatus" }
      }
    }]
  })
}

# good
resource "aws_sfn_state_machine" "registration" {
  role_arn = "arn:aws:iam::123456789012:role/training-workflow"
  definition = jsonencode({
    StartAt = "Register"
    States = {
      Register = {
        Type     = "Task"
        Resource = "arn:aws:states:::aws-sdk:sagemaker:createModelPackage"
        Parameters = {
          ModelPackageGroupName = "churn"
          ModelApprovalStatus   = "PendingManualApproval"
        }
        End = true
      }
    }
  })
}
