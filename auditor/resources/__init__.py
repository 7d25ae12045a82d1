"""The typed resources, one module per AWS service, in CloudFormation's vocabulary."""
