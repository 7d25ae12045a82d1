# bad
resource "aws_sfn_state_machine" "nightly" {
  name     = "nightly"
  role_arn = "arn:aws:iam::111122223333:role/nightly"

  definition = jsonencode({
    StartAt = "Load"
    States = {
      Load = {
        Type     = "Task"
        Resource = "arn:aws:states:::glue:startJobRun.sync"
        Parameters = {
          JobName   = aws_glue_job.load.name
          Arguments = { "--password" = "hunter2" }
        }
        End = true
      }
    }
  })
}

resource "aws_glue_job" "load" {
  name     = "load"
  role_arn = "arn:aws:iam::111122223333:role/load"

  command {
    script_location = "s3://scripts-of-ours/load.py"
  }
}

# bad
resource "aws_sfn_state_machine" "nightly" {
  name     = "nightly"
  role_arn = "arn:aws:iam::111122223333:role/nightly"

  definition = <<-JSON
    {
      "StartAt": "Train",
      "States": {
        "Train": {
          "Type": "Task",
          "Resource": "arn:aws:states:::ecs:runTask.sync",
          "Parameters": {
            "TaskDefinition": "train",
            "Overrides": {
              "ContainerOverrides": [
                {"Name": "train", "Environment": [{"Name": "DB_PASSWORD", "Value": "hunter2"}]}
              ]
            }
          },
          "End": true
        }
      }
    }
  JSON
}

# good
resource "aws_sfn_state_machine" "nightly" {
  name     = "nightly"
  role_arn = "arn:aws:iam::111122223333:role/nightly"

  definition = jsonencode({
    StartAt = "Load"
    States = {
      Load = {
        Type     = "Task"
        Resource = "arn:aws:states:::glue:startJobRun.sync"
        Parameters = {
          JobName = "load"
          Arguments = {
            "--secret-arn" = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"
            "--date.$"     = "$.date"
          }
        }
        End = true
      }
    }
  })
}
