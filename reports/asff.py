"""AWS Security Finding Format (ASFF): what Security Hub takes.

https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html

Only findings about a live account have a place there; those of a template belong in its pull request (SARIF). Each
verdict that could not be reached is a finding of compliance status `WARNING`, as Security Hub would take its absence
for a pass. Findings of the same fingerprint update each other from scan to scan.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from auditor.errors import UsageError
from auditor.findings import Status
from reports import text
from reports.digest import gravest_first
from reports.evidence import broken, console_url, demand, statement
from reports.requirements import requirements_by_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.raw import Location
    from auditor.report import Report, Result
    from reports.interface import RenderOptions

MOST: Final = 100
"""Findings that BatchImportFindings takes in a call."""
_LONGEST_TITLE, _LONGEST_TEXT, _LONGEST_FIX = 256, 1024, 512
_STATUSES: Final = {Status.FAIL: "FAILED", Status.SUPPRESSED: "FAILED"}
_POSTURE: Final = "Software and Configuration Checks/AWS Security Best Practices"
_BY_PILLAR: Final = {"cost": "Software and Configuration Checks/Cost"}

# What Security Hub calls the types that it knows ("Resources" in the ASFF reference); all others are `Other`.
_KNOWN: Final = {
    "account": "AwsAccount",
    **{
        f"AWS::{service}::{kind}": f"Aws{named or service}{kind}"
        for service, named, kinds in (
            ("AutoScaling", "", ("AutoScalingGroup",)),
            ("CloudTrail", "", ("Trail",)),
            ("CloudWatch", "", ("Alarm",)),
            ("DynamoDB", "DynamoDb", ("Table",)),
            ("EC2", "Ec2", ("Instance", "LaunchTemplate", "NetworkAcl", "NetworkInterface", "RouteTable")),
            ("EC2", "Ec2", ("SecurityGroup", "Subnet", "TransitGateway", "Volume")),
            ("ECR", "Ecr", ("Repository",)),
            ("ECS", "Ecs", ("Cluster", "Service", "TaskDefinition")),
            ("EFS", "Efs", ("AccessPoint",)),
            ("EKS", "Eks", ("Cluster",)),
            ("GuardDuty", "", ("Detector",)),
            ("IAM", "Iam", ("AccessKey", "Group", "Role", "User")),
            ("KMS", "Kms", ("Key",)),
            ("Kinesis", "", ("Stream",)),
            ("Lambda", "", ("Function", "LayerVersion")),
            ("MSK", "Msk", ("Cluster",)),
            ("OpenSearchService", "", ("Domain",)),
            ("Redshift", "", ("Cluster",)),
            ("S3", "S3", ("Bucket", "AccessPoint")),
            ("SageMaker", "", ("NotebookInstance",)),
            ("SecretsManager", "", ("Secret",)),
            ("SNS", "Sns", ("Topic",)),
            ("SQS", "Sqs", ("Queue",)),
        )
        for kind in kinds
    },
    "AWS::EC2::EIP": "AwsEc2Eip",
    "AWS::EC2::VPC": "AwsEc2Vpc",
    "AWS::EC2::VPCEndpointService": "AwsEc2VpcEndpointService",
    "AWS::EC2::VPCPeeringConnection": "AwsEc2VpcPeeringConnection",
    "AWS::EC2::VPNConnection": "AwsEc2VpnConnection",
    "AWS::ElasticLoadBalancing::LoadBalancer": "AwsElbLoadBalancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "AwsElbv2LoadBalancer",
    "AWS::IAM::ManagedPolicy": "AwsIamPolicy",
    "AWS::RDS::DBCluster": "AwsRdsDbCluster",
    "AWS::RDS::DBInstance": "AwsRdsDbInstance",
    "AWS::StepFunctions::StateMachine": "AwsStepFunctionStateMachine",
}
# Where a finding about a global resource goes: the region that the partition's global services answer from.
_HOMES: Final = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


def render(report: Report, *, options: RenderOptions) -> str:
    """A JSON object with all findings, as BatchImportFindings takes them, a hundred a call.

    Raises:
        UsageError: the report is about templates.
    """
    return json.dumps({"Findings": list(findings(report))}, ensure_ascii=False, indent=1) + "\n"


def findings(report: Report, *, region: str | None = None) -> Iterator[dict[str, Any]]:
    """The findings, the gravest first.

    Args:
        report: about an account.
        region: whose Security Hub they are for; each resource's own where None.

    Raises:
        UsageError: the report is about templates.
    """
    if report.kind != "account":
        raise UsageError("Security Hub takes findings about an account, not about templates; SARIF is for those")
    requirements = requirements_by_check(report)
    told = [result for result in report.results if result.status is not Status.PASS]
    for result in gravest_first(report, told):
        if (result.location or report.resources[result.resource].location).account:
            yield _finding(report, result, region, [control for _, control in requirements.get(result.check, ())])


def _finding(report: Report, result: Result, region: str | None, controls: list[str]) -> dict[str, Any]:
    check, resource = report.checks[result.check], report.resources[result.resource]
    place = result.location or resource.location
    account, partition = text.name(place.account or ""), _partition(place)
    home = text.name(place.region or "")
    home = _HOMES[partition] if home in ("", "global") else home
    where = region or home
    check_id = text.name(result.check)
    identity = text.clip(result.fingerprint) or f"{check_id}/{text.clip(result.resource)}"
    moment = _moment(report.created)
    status = _STATUSES.get(result.status, "WARNING")
    finding: dict[str, Any] = {
        "SchemaVersion": "2018-10-08",
        "Id": f"auditor/{account}/{home}/{identity}"[:512],
        "ProductArn": f"arn:{partition}:securityhub:{where}:{account}:product/{account}/default",
        "ProductName": "auditor",
        "CompanyName": "auditor",
        "GeneratorId": f"auditor/{check_id}",
        "AwsAccountId": account,
        "Types": [_BY_PILLAR.get(check.pillar, _POSTURE)],
        "CreatedAt": moment,
        "UpdatedAt": moment,
        "Severity": {
            "Label": check.severity.upper() if status == "FAILED" else "INFORMATIONAL",
            "Original": check.severity,
        },
        "Title": text.clip(check.title, _LONGEST_TITLE),
        "Description": text.clip(_said(report, result), _LONGEST_TEXT),
        "Remediation": {"Recommendation": {"Text": text.clip(" ".join(text.paragraphs(check.fix)), _LONGEST_FIX)}},
        "Resources": [
            {
                "Type": _KNOWN.get(resource.type, "Other"),
                "Id": f"AWS::::Account:{account}" if resource.type == "account" else text.clip(result.resource, 512),
                "Partition": partition,
                "Region": home,
            }
        ],
        "Compliance": {"Status": status, **({"RelatedRequirements": controls[:32]} if controls else {})},
        "ProductFields": _fields(result),
        "RecordState": "ACTIVE",
        "Workflow": {"Status": "SUPPRESSED" if result.status is Status.SUPPRESSED else "NEW"},
    }
    url = console_url(place)
    return finding | ({"SourceUrl": url} if url else {})


def _said(report: Report, result: Result) -> str:
    if result.status is Status.ERROR:
        return broken(report, result)
    if result.status is Status.UNKNOWN:
        return f"{statement(report, result)}: not known: {text.clip(result.reason)}"
    return ". ".join(filter(None, [statement(report, result), demand(result)]))


def _fields(result: Result) -> dict[str, str]:
    fields = {"auditor/Property": text.clip(result.property)}
    if result.saving:
        fields["auditor/SavingUsdAMonth"] = text.usd_range(result.saving.low, result.saving.high)
        fields["auditor/SavingBasis"] = text.clip(result.saving.basis)
    if result.suppression:
        fields["auditor/AcceptedBecause"] = text.clip(result.suppression.reason)
    return {name: value for name, value in fields.items() if value}


def _partition(place: Location) -> str:
    partition = (place.arn or "arn:aws:").split(":")[1:2]
    return partition[0] if partition and partition[0] in _HOMES else "aws"


def _moment(created: str) -> str:
    """ISO 8601 with a Z; the time now for what is no date, as a saved report may come from anybody."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        moment = datetime.now(UTC)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
