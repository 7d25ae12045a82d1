# bad
resource "aws_budgets_budget" "account" {
  name         = "account"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = "900"
  limit_unit   = "USD"
}

# good
resource "aws_sns_topic" "costs" {
  name = "ml-costs"
}

resource "aws_budgets_budget" "account" {
  name         = "account"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = "900"
  limit_unit   = "USD"

  notification {
    notification_type          = "FORECASTED"
    comparison_operator        = "GREATER_THAN"
    threshold                  = 100
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = ["ml-costs@example.com"]
  }
}

resource "aws_budgets_budget" "sagemaker" {
  name         = "sagemaker"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = "400"
  limit_unit   = "USD"

  cost_filter {
    name   = "Service"
    values = ["Amazon SageMaker"]
  }

  notification {
    notification_type         = "ACTUAL"
    comparison_operator       = "GREATER_THAN"
    threshold                 = 80
    threshold_type            = "PERCENTAGE"
    subscriber_sns_topic_arns = [aws_sns_topic.costs.arn]
  }
}
