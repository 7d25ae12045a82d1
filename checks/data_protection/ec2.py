"""User data of EC2 instances, and of what starts them."""

from auditor import HIGH, Findings, Inventory, check
from auditor.resources.autoscaling import LaunchConfiguration
from auditor.resources.ec2 import Instance, LaunchTemplate, UserData
from auditor.resources.texts import plaintext, secrets_of

_INSTANCE = """
        AWS::EC2::Instance:
          UserData:
            Fn::Base64: !Sub |
              #!/bin/bash
              %s
        """
_TEMPLATE = "AWS::EC2::LaunchTemplate: {LaunchTemplateData: {UserData: %s}}"
_KEY = """
        Resources:
          Deployer: {Type: AWS::IAM::AccessKey, Properties: {UserName: deployer}}
          Worker:
            Type: AWS::AutoScaling::LaunchConfiguration
            Properties:
              UserData: !Base64 {"Fn::Join": ["", ["aws configure set k ", !GetAtt Deployer.SecretAccessKey]]}
        """


@check(
    "ec2-instance-user-data-secrets",
    title="User data of EC2 instances, launch templates and configurations contains no credentials",
    severity=HIGH,
    uses=(UserData,),
    bad=(
        _INSTANCE % "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        _INSTANCE % "mysql --host ${AWS::StackName}.example.com --password hunter2 < /tmp/schema.sql",
        _TEMPLATE % '"export DB_PASSWORD=hunter2"',
        _TEMPLATE % "ZXhwb3J0IERCX1BBU1NXT1JEPWh1bnRlcjI=",
        _KEY,
    ),
    good=(
        "AWS::EC2::Instance: {InstanceType: t3.micro}",
        _INSTANCE % "TOKEN=$(curl -X PUT http://169.254.169.254/latest/api/token)",
        _INSTANCE % "/opt/aws/bin/cfn-init --stack ${AWS::StackName} --region ${AWS::Region}",
        _TEMPLATE % '"DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id prod/db)"',
        "AWS::AutoScaling::LaunchConfiguration: {InstanceType: t3.micro}",
    ),
)
def user_data_secrets(launched: Instance | LaunchTemplate | LaunchConfiguration, inventory: Inventory) -> Findings:
    """Whoever may describe the instance reads its user data, and so does every process on it, without a password.

    Fix: keep the secret in Secrets Manager, let the instance's role read it, and have the script fetch it when it runs.
    Then change the secret: what was in user data has been seen.
    """
    if isinstance(launched, Instance):
        secrets = launched.secrets(inventory)
    else:
        secrets = secrets_of(launched.data if isinstance(launched, LaunchTemplate) else launched, "user_data")
    yield from plaintext(launched, secrets, "its user data")
