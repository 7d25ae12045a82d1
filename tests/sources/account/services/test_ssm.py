"""Systems Manager's managed instances; CloudFormation stacks; what Inspector scans."""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.resources.cloudformation import Stack
from auditor.resources.inspector import Enabler
from auditor.resources.ssm import ManagedInstance
from auditor.values import Unknown
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/ml/1"
_ENABLER = "api:Inspector2::Enabler"
_NO_ERROR = {"errorCode": "ALREADY_ENABLED", "errorMessage": "none"}
_STATUS = {"status": "ENABLED", **_NO_ERROR}
_OFF = {"status": "DISABLED", **_NO_ERROR}


class TestSsm(Behaviour):
    cases = (
        Case(
            "api:SSM::ManagedInstance",
            f"arn:aws:ssm:{REGION}:{ACCOUNT}:managed-instance/i-1",
            "DescribeInstanceInformation",
            {
                "DescribeInstanceInformation": {
                    "InstanceInformationList": [{"InstanceId": "i-1", "PingStatus": "Online"}]
                },
                "ListResourceComplianceSummaries": {
                    "ResourceComplianceSummaryItems": [
                        {"ResourceId": "i-1", "ComplianceType": "Patch", "Status": "NON_COMPLIANT"},
                        {"ResourceId": "i-2", "ComplianceType": "Patch", "Status": "COMPLIANT"},
                    ]
                },
            },
            {"Compliance": [{"ComplianceType": "Patch", "Status": "NON_COMPLIANT"}]},
            token="NextToken",
            needs=("InstanceId", "ResourceId"),
            title="i-1",
        ),
        Case(
            "AWS::CloudFormation::Stack",
            _STACK,
            "ListStacks",
            {
                "ListStacks": {
                    "StackSummaries": [
                        {
                            "StackId": _STACK,
                            "StackName": "ml",
                            "CreationTime": "2025-01-03T20:54:22Z",
                            "StackStatus": "CREATE_COMPLETE",
                        }
                    ]
                },
                "ListStackResources": {
                    "StackResourceSummaries": [
                        {
                            "LogicalResourceId": "Pipeline",
                            "PhysicalResourceId": "churn",
                            "ResourceType": "AWS::SageMaker::Pipeline",
                            "LastUpdatedTimestamp": "2025-01-03T20:54:22Z",
                            "ResourceStatus": "CREATE_COMPLETE",
                        }
                    ]
                },
            },
            {"Resources": [{"ResourceType": "AWS::SageMaker::Pipeline", "PhysicalResourceId": "churn"}]},
            token="NextToken",
            gone={"ListStackResources": "ValidationError"},
            needs=(
                "StackId",
                "StackName",
                "CreationTime",
                "StackStatus",
                "LogicalResourceId",
                "ResourceType",
                "LastUpdatedTimestamp",
                "ResourceStatus",
            ),
            title="ml",
        ),
    )

    def test_what_is_read(self, scripted) -> None:
        for case in self.cases:
            scripted(case.answers)
        inventory = Inventory(scan(*(case.type for case in self.cases)))
        (instance,), (stack,) = inventory.of(ManagedInstance), inventory.of(Stack)
        assert inventory.get(ManagedInstance, "i-1") is instance
        assert (instance.instance_id, instance.ping_status) == ("i-1", "Online")
        assert [(one.compliance_type, one.status) for one in instance.compliance] == [("Patch", "NON_COMPLIANT")]
        (made,) = stack.resources
        assert (made.resource_type, made.physical_resource_id) == ("AWS::SageMaker::Pipeline", "churn")


def _account(**states):
    every = {"ec2": _OFF, "ecr": _OFF, **states}
    return {"accountId": ACCOUNT, "state": _STATUS, "resourceState": every}


def test_what_inspector_scans(moto, scripted):
    scripted({"BatchGetAccountStatus": {"accounts": [_account(ec2=_STATUS, lambdaCode=_STATUS)]}})
    (enabler,) = Inventory(scan(_ENABLER)).of(Enabler)
    assert enabler.resource_types == ("EC2", "LAMBDA_CODE")


def test_inspector_does_not_tell(moto, scripted):
    failed = {"accountId": ACCOUNT, "errorCode": "SUSPENDED_ACCOUNT", "errorMessage": "suspended"}
    scripted({"BatchGetAccountStatus": {"accounts": [], "failedAccounts": [failed]}})
    (raw,) = scan(_ENABLER).raws
    assert raw.properties["ResourceTypes"] == Unknown(
        "Inspector does not tell the account's status (SUSPENDED_ACCOUNT)"
    )


def test_inspector_is_denied(moto, scripted):
    scripted({"BatchGetAccountStatus": "AccessDeniedException"})
    found = scan(_ENABLER)
    assert found.raws[0].properties["ResourceTypes"] == Unknown(found.gaps[0].reason)


def test_what_moto_has(aws):
    aws("inspector2").enable(accountIds=[ACCOUNT], resourceTypes=["ECR"])
    found = scan(_ENABLER)
    assert (found.gaps, found.notices) == ([], [])
    (enabler,) = Inventory(found).of(Enabler)
    assert enabler.resource_types == ("ECR",)
