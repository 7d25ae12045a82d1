"""A report made by hand that has one of everything, and variations of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from auditor.findings import Severity, Status, Suppression, fingerprint
from auditor.gate import Gate
from auditor.pricing.savings import Saving
from auditor.raw import Gap, Location, Notice
from auditor.report import (
    CONTROL_STATUSES,
    Breakdown,
    Change,
    CheckInfo,
    Compliance,
    ControlResult,
    CostView,
    Report,
    ResourceInfo,
    Result,
    Share,
    Summary,
)
from auditor.score import Score

ACCOUNT, REGION = "111122223333", "eu-west-1"
TEMPLATE = "infra/ml.yaml"

CHECKS = {
    "ec2-gpu-spot-candidate": CheckInfo(
        "GPU instances for interruptible work run on spot",
        "low",
        "cost",
        "Interruptible training pays up to 90 % more than it must.",
        "request spot capacity and checkpoint to S3.",
    ),
    "iam-policy-admin-star": CheckInfo(
        "No policy allows every action on every resource",
        "critical",
        "identity",
        "Whoever gets hold of one such principal owns the account: every bucket, every key, every role.",
        "list the actions and resources that the role needs. IAM Access Analyzer proposes them from what was used.",
    ),
    "s3-bucket-kms-encryption": CheckInfo(
        "Buckets are encrypted with a customer managed key",
        "medium",
        "data-protection",
        "Only a customer managed key lets you say, and see, who can decrypt the data.",
        "set SSEAlgorithm to aws:kms and name a key.",
    ),
    "s3-bucket-public-access-block": CheckInfo(
        "Buckets block public access",
        "high",
        "data-protection",
        "One wrong ACL or policy makes every object in the bucket readable by anybody.",
        "turn all four settings of the public access block on.",
        bad="AWS::S3::Bucket: {}",
        good="AWS::S3::Bucket:\n  PublicAccessBlockConfiguration:\n    BlockPublicAcls: true",
    ),
    "s3-bucket-versioning": CheckInfo(
        "Buckets keep versions", "low", "resilience", "A wrong overwrite is final without them.", "turn versioning on."
    ),
    "sagemaker-notebook-direct-internet": CheckInfo(
        "Notebook instances have no direct internet access",
        "high",
        "network",
        "A notebook with direct internet access can send training data anywhere.\n\nNo firewall of yours sees it.",
        "set DirectInternetAccess to Disabled and give the notebook a private subnet;\n"
        "reach AWS through VPC endpoints.",
    ),
}


@dataclass
class Draft:
    """Puts a report together, with counts that are right."""

    kind: Any = "templates"

    def __post_init__(self) -> None:
        self.resources: dict[str, ResourceInfo] = {}
        self.results: list[Result] = []

    def template(self, name: str, type: str, line: int, file: str = TEMPLATE) -> str:
        address = f"{file}#{name}"
        self.resources[address] = ResourceInfo(type, name, Location(file, line, 3, line, 3 + len(name)))
        return address

    def live(self, title: str, type: str, arn: str, region: str = REGION) -> str:
        url = f"https://{region}.console.aws.amazon.com/go/view?arn={arn}"
        self.resources[arn] = ResourceInfo(type, title, Location(arn=arn, account=ACCOUNT, region=region, url=url))
        return arn

    def add(self, check: str, resource: str, status: Status = Status.FAIL, property: str = "", **more: Any) -> None:
        place = None if status is Status.PASS else self.resources[resource].location
        print_ = fingerprint(check, resource, property) if status in (Status.FAIL, Status.SUPPRESSED) else ""
        result = Result(check, resource, status, fingerprint=print_, property=property, location=place)
        self.results.append(replace(result, **more))

    def report(self, gate: Gate | None = None, **more: Any) -> Report:
        verdicts = {(result.check, result.resource): result.status for result in self.results}
        counts = Counter(verdicts.values())
        failures = Counter(CHECKS[check].severity for (check, _), status in verdicts.items() if status is Status.FAIL)
        savings = [result.saving for result in self.results if result.saving and result.status is Status.FAIL]
        used = {result.check for result in self.results}
        report = Report(
            version="0.1.0",
            created="2026-07-01T06:00:00+00:00",
            kind=self.kind,
            inputs=[{"kind": "template", "name": TEMPLATE, "resources": len(self.resources)}],
            summary=Summary(
                verdicts={status.value: counts[status] for status in Status},
                failures={severity.label: failures[severity.label] for severity in reversed(Severity)},
                findings=sum(result.status is Status.FAIL for result in self.results),
                resources=len(self.resources),
                checks=len(used),
                saving_low=sum(saving.low for saving in savings),
                saving_high=sum(saving.high for saving in savings),
            ),
            score=Score(61.96, 0.7142),
            pillars={
                "data-protection": Score(40.0, 0.8),
                "identity": Score(0.0, 1.0),
                "network": Score(99.7, 1.0),
                "resilience": Score(None, 0.0),
                "cost": Score(50.0, 0.999),
            },
            gate=gate or Gate(1, "high", "4 failures of severity high or above"),
            checks={check: info for check, info in CHECKS.items() if check in used},
            resources=self.resources,
            results=self.results,
        )
        return replace(report, **more)


def template_report() -> Report:
    """A template with a wrong value, absent ones, verdicts of every status, and a file that could not be read."""
    draft = Draft()
    notebook = draft.template("TrainingNotebook", "AWS::SageMaker::NotebookInstance", 9)
    other = draft.template("数据Notebook", "AWS::SageMaker::NotebookInstance", 20)
    bucket = draft.template("RawZone", "AWS::S3::Bucket", 30)
    role = draft.template("TrainingRole", "AWS::IAM::Role", 40)
    keyed = draft.template("CuratedZone", "AWS::S3::Bucket", 60)
    logs = draft.template("LogBucket", "AWS::S3::Bucket", 70)
    draft.add(
        "iam-policy-admin-star",
        role,
        property="Policies.0.PolicyDocument.Statement.0.Action",
        message='allows "*" on "*"',
        location=Location(TEMPLATE, 48, 30, 48, 33),
        source='\t\t\t- {Effect: Allow, Action: "*", Resource: "*"}',
        gain=12.5,
    )
    draft.add(
        "s3-bucket-public-access-block",
        bucket,
        property="PublicAccessBlockConfiguration.BlockPublicAcls",
        message="does not block public ACLs",
        expected="true",
        location=replace(draft.resources[bucket].location, present=False),
        source="  RawZone:",
        gain=3.125,
    )
    draft.add(
        "sagemaker-notebook-direct-internet",
        notebook,
        property="DirectInternetAccess",
        message="has direct internet access",
        expected="Disabled",
        location=Location(TEMPLATE, 13, 29, 13, 36),
        source="      DirectInternetAccess: Enabled",
        gain=3.125,
    )
    draft.add(
        "sagemaker-notebook-direct-internet",
        other,
        property="DirectInternetAccess",
        message="has direct internet access",
        expected="Disabled",
        location=replace(draft.resources[other].location, end_column=13, present=False),
        source="  数据Notebook: # 研究",
        gain=3.125,
    )
    draft.add(
        "s3-bucket-kms-encryption",
        logs,
        property="BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm",
        message="is encrypted with a key of S3, not yours",
        expected="aws:kms",
        location=Location("infra/logs.json", 7, 11, 7, 29, present=False),
        source='          "BucketEncryption": {}',
        gain=1.25,
    )
    draft.add("ec2-gpu-spot-candidate", notebook, Status.ERROR, reason="ZeroDivisionError: division by zero")
    draft.add("s3-bucket-kms-encryption", bucket, Status.UNKNOWN, reason="parameter KeyArn has no default")
    draft.add("s3-bucket-kms-encryption", keyed, Status.UNKNOWN, reason="parameter KeyArn has no default")
    draft.add("s3-bucket-versioning", keyed, Status.UNKNOWN, reason="!ImportValue shared-settings is not resolved")
    draft.add(
        "s3-bucket-versioning",
        logs,
        Status.SUPPRESSED,
        property="VersioningConfiguration",
        message="keeps no versions",
        suppression=Suppression("logs are written once", "data platform team", "2026-12-31"),
    )
    draft.add("s3-bucket-public-access-block", keyed, Status.PASS)
    draft.add("s3-bucket-public-access-block", logs, Status.PASS)
    return draft.report(
        notices=[
            Notice(
                "error",
                "not valid YAML: found a tab where an indentation was expected",
                Location("infra/broken.yaml", 4, 1),
            ),
            Notice(
                "warning",
                "the macro Shared::Tags is not run; what it adds is not seen",
                Location(TEMPLATE, 2, 1, 2, 10),
            ),
        ],
    )


def account_report() -> Report:
    """An account with savings, a denied call and a failed one."""
    draft = Draft("account")
    bucket = draft.live("raw-zone", "AWS::S3::Bucket", "arn:aws:s3:::raw-zone")
    secret = draft.live("payroll", "AWS::S3::Bucket", "arn:aws:s3:::payroll")
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/"
    gpu = draft.live("training-1", "AWS::EC2::Instance", f"{arn}i-0a1b2c3d4e5f60718")
    big = draft.live("training-2", "AWS::EC2::Instance", f"{arn}i-0a1b2c3d4e5f60719")
    draft.add(
        "s3-bucket-public-access-block",
        bucket,
        property="PublicAccessBlockConfiguration.BlockPublicAcls",
        message="does not block public ACLs",
        expected="true",
        gain=8.333,
    )
    for instance, low, high in ((gpu, 0.0, 384.02), (big, 1200.0, 2938.9)):
        draft.add(
            "ec2-gpu-spot-candidate",
            instance,
            property="InstanceLifecycle",
            message="runs on demand, though it is tagged as training",
            expected="spot",
            gain=1.6667,
            saving=Saving(
                low,
                high,
                f"730 hours x $0.526 x up to 70 % (the published average) = up to ${high:,.2f} a month; work repeated"
                " after interruptions costs extra",
                "AWS Price List API, EC2 eu-west-1",
                "2026-06-01",
                "low",
            ),
        )
    draft.add(
        "s3-bucket-kms-encryption", secret, Status.UNKNOWN, reason="s3:GetBucketEncryption was denied (AccessDenied)"
    )
    draft.add("s3-bucket-public-access-block", secret, Status.PASS)
    return draft.report(
        Gate(1, "high", "1 failure of severity high or above"),
        inputs=[{"kind": "account", "name": ACCOUNT, "regions": [REGION], "alias": None, "resources": 4, "calls": 44}],
        gaps=[
            Gap(
                "s3",
                "GetBucketEncryption",
                "AccessDenied",
                "not authorized to perform",
                ACCOUNT,
                resource="payroll",
                checks=("s3-bucket-encryption",),
            ),
            Gap("kms", "ListKeys", "InternalFailure", "try again", ACCOUNT, REGION, types=("AWS::KMS::Key",)),
        ],
        calls={"ec2:DescribeInstances": 2, "kms:ListKeys": 1, "s3:GetBucketEncryption": 2, "s3:ListBuckets": 1},
        compliance=[foundational(), cis()],
        costs=CostView(
            ("team", "owner"),
            Breakdown(
                1200.0,
                3322.92,
                top=[spot(big, 1200.0, 2938.9), spot(gpu, 0.0, 384.02)],
                services=[spot("EC2", 1200.0, 3322.92, resources=2)],
                teams=[spot("vision", 1200.0, 2938.9), spot("", 0.0, 384.02)],
            ),
        ),
    )


def spot(name: str | None, low: float, high: float, resources: int = 1) -> Share:
    """Somebody's share of what spot capacity saves."""
    check = ("ec2-gpu-spot-candidate",)
    return Share(name, low, high, resources, "2026-06-01", {"low": high}, {"spot": high}, check)


def framework(name: str, short: str, controls: list[ControlResult], **more: Any) -> Compliance:
    """A framework's standing, with counts that are right."""
    counts = Counter(control.status for control in controls)
    return Compliance(
        name=name,
        title=more.pop("title", short),
        short=short,
        version="1.0.0",
        complete=more.pop("complete", True),
        source="the publisher's guide",
        counts={status: counts[status] for status in CONTROL_STATUSES},
        controls=controls,
        **more,
    )


def foundational() -> Compliance:
    """A framework with a control of every status."""
    block = ("s3-bucket-public-access-block",)
    return framework(
        "fsbp",
        "FSBP",
        [
            ControlResult("S3.8", "Each bucket blocks public access", "fail", block, block, {"fail": 1, "pass": 1}),
            ControlResult("S3.9", "Buckets log access", "accepted", ("log",), ("log",), {"suppressed": 1}),
            ControlResult(
                "S3.17",
                "Buckets are encrypted with a KMS key",
                "unknown",
                ("s3-bucket-kms-encryption",),
                ("s3-bucket-kms-encryption",),
                {"unknown": 1},
            ),
            ControlResult("EC2.8", "Instances require IMDSv2", "pass", ("imds",), verdicts={"pass": 2}),
            ControlResult("EFS.1", "File systems are encrypted", "no-resources", ("efs-encryption-at-rest",)),
            ControlResult("IAM.6", "The root user has hardware MFA", "not-covered"),
        ],
        title="AWS Foundational Security Best Practices",
        complete=False,
        note="AWS adds controls every month.",
    )


def cis() -> Compliance:
    """A framework that nothing fails."""
    return framework(
        "cis-5.0",
        "CIS 5.0",
        [
            ControlResult("5.7", "Instances require IMDSv2", "pass", ("imds",), verdicts={"pass": 2}),
            ControlResult("1.1", "Contact details of the account are current", "not-covered"),
        ],
    )


def changed_report() -> Report:
    """The template, of which the branch it is compared with has all findings but one."""
    report = template_report()
    findings = [result for result in report.results if result.status is Status.FAIL]
    for result in findings:
        result.known = result.location is None or result.location.line != 13
    fixed = replace(findings[0], resource=f"{TEMPLATE}#OldRole", known=False)
    change = Change("origin/main", new=1, known=len(findings) - 1, fixed=[fixed], saving_low=10.0, saving_high=25.0)
    change.cost_low = change.cost_high = 36.5
    costs = CostView(
        ("team",),
        Breakdown(0.0, 0.0, [], [], []),
        Breakdown(
            1825.0,
            1861.5,
            top=[Share(f"{TEMPLATE}#TrainingNotebook", 1788.5, 1788.5, 1, "2026-06-01")],
            services=[
                Share("SageMaker", 1788.5, 1788.5, 1, "2026-06-01"),
                Share("VPC", 36.5, 73.0, 1, "2026-05-01"),
            ],
            teams=[Share("", 1825.0, 1861.5, 2, "2026-05-01")],
        ),
    )
    return replace(report, gate=Gate(1, "high", "1 finding of severity high or above"), change=change, costs=costs)


def clean_report() -> Report:
    """Nothing wrong, nothing unknown."""
    draft = Draft()
    draft.add("s3-bucket-versioning", draft.template("Lake", "AWS::S3::Bucket", 3), Status.PASS)
    return draft.report(
        Gate(0, "high", "no failure of severity high or above"),
        score=Score(100.0, 1.0),
        pillars={"resilience": Score(100.0, 1.0)},
    )


def empty_report() -> Report:
    """Not a single resource."""
    return Draft().report(Gate(0, "high", "no failure of severity high or above"), score=Score(None, 1.0), pillars={})


def large_report(findings: int) -> Report:
    """An account with that many findings, about as long as real ones."""
    draft = Draft("account")
    checks = sorted(CHECKS)
    for number in range(findings):
        check = checks[number % len(checks)]
        name = f"training-data-{number:05}"
        arn = draft.live(name, "AWS::S3::Bucket", f"arn:aws:s3:::{name}-{ACCOUNT}-{REGION}")
        saving = None
        if CHECKS[check].pillar == "cost":
            basis = f"{number} GB x $0.023 per GB-month = up to ${number * 0.023:.2f} a month; retrieval costs extra"
            saving = Saving(0.0, number * 0.023, basis, "AWS Price List API", "2026-06-01", "low")
        draft.add(
            check,
            arn,
            property="PublicAccessBlockConfiguration.BlockPublicAcls",
            message="does not block public access",
            expected="true",
            gain=0.01,
            saving=saving,
        )
    draft.results.sort(key=lambda r: (-Severity[CHECKS[r.check].severity.upper()], r.check, r.resource))
    return draft.report()


def large_framework(name: str) -> Compliance:
    """A framework with more failures than an HTML report lists."""
    controls = [
        ControlResult(f"S3.{number}", "Each bucket blocks public access", "fail", (check,), (check,), {"fail": 9})
        for number, check in enumerate(sorted(CHECKS) * 20)
    ]
    return framework(name, name.upper(), controls)
