"""Repairs of findings: every fixable check mends its own examples and harms nothing; the uncertain is refused."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from auditor.config import Config, Suppress
from auditor.fix import Refusal, Repair, repairs, rewrite
from auditor.registry import Check, load_checks
from auditor.report import Report
from auditor.scan import scan_templates
from auditor.sources.documents import Document
from tests.support import as_template

FIXABLE = [check for check in load_checks().values() if check.fixable]
EXAMPLES = [pytest.param(c, example, id=f"{c.id}-{n}") for c in FIXABLE for n, example in enumerate(c.bad)]
SPELLINGS = ("as written", "block", "json")
ENCRYPTED, GP3, BLOCK = "ebs-volume-encryption", "ebs-volume-gp2", "s3-bucket-public-access-block"
OPEN = ("fail", "unknown", "error")


def spelt(text: str, spelling: str, folder: Path) -> Path:
    """A template as a file: as it is, in YAML's block style, or as JSON."""
    if spelling == "json":
        text = json.dumps(Document("example.yaml", text).data, indent=4)
    elif spelling == "block":
        text = yaml.safe_dump(Document("example.yaml", text).data, sort_keys=False)
    file = folder / ("example.json" if spelling == "json" else "example.yaml")
    file.write_text(text, encoding="utf-8")
    return file


def fix(file: Path, config: Config | None = None) -> tuple[Report, list[Repair], list[Refusal]]:
    """Scan a file, and write all repairs of it."""
    report = scan_templates([str(file)], config or Config())
    found, refused = repairs(report)
    rewritten, contradicting = rewrite(found)
    for each in rewritten:
        Path(each.file).write_bytes(each.after.encode())
    return report, [repair for each in rewritten for repair in each.repairs], refused + contradicting


def open_ones(report: Report) -> dict[tuple[str, str], str]:
    return {(r.check, r.resource): r.status.value for r in report.results if r.status.value in OPEN}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(("check", "example"), EXAMPLES)
def test_a_repair_mends_and_harms_nothing(check: Check, example: str, spelling: str, tmp_path: Path) -> None:
    file = spelt(as_template(example), spelling, tmp_path)
    before, made, _ = fix(file)
    after = scan_templates([str(file)], Config())
    mended = {(repair.result.check, repair.result.resource) for repair in made}
    assert not mended & set(open_ones(after))
    brought_about = {name for repaired, _ in mended for name in BRINGS_ABOUT.get(repaired, ())}
    assert {name for (name, _), _ in open_ones(after).items() - open_ones(before).items()} <= brought_about
    assert not [notice for notice in after.notices if notice.level == "error"]
    assert {repair.result.check for repair in repairs(after)[0]} <= brought_about
    if (check.id, example) not in LEFT_TO_A_PERSON:
        assert check.id in {name for name, _ in mended}


LEFT_TO_A_PERSON = {
    (check.id, example)
    for check in FIXABLE
    for example in check.bad
    # A trail that does not log, or not everything, may do so for a reason.
    if (check.id == "cloudtrail-multi-region" and "IsMultiRegionTrail" in example)
    # Whom an alarm tells, only a person knows.
    or (check.id == "cloudwatch-alarm-action-missing" and "ActionsEnabled: false" not in example)
}

# What a repair switches on has checks of its own.
BRINGS_ABOUT = {
    "s3-bucket-versioning": {"s3-bucket-noncurrent-versions"},
    "cloudtrail-multi-region": {"cloudwatch-metric-filter-unauthorized-api"},
    "cloudtrail-logging-stopped": {"cloudtrail-multi-region", "cloudwatch-metric-filter-unauthorized-api"},
}


@pytest.mark.slow
@pytest.mark.parametrize("spelling", SPELLINGS[1:])
def test_cfn_lint_reports_nothing_new(spelling: str, tmp_path: Path) -> None:
    """All examples in one template, as linting takes a third of a second; but a second trail is another case."""
    alone = next(check for check in FIXABLE if check.id == "cloudtrail-multi-region")
    others = [example for check in FIXABLE if check is not alone for example in check.bad]
    for text in (together(others), as_template(alone.bad[0])):
        file = spelt(text, spelling, tmp_path)
        before = lint(file)
        assert len(fix(file)[1]) >= text.count("Type: AWS")
        assert not lint(file) - before


def together(examples: list[str]) -> str:
    """One template with the resources of many; none of them refers to another."""
    resources = {}
    for number, example in enumerate(examples):
        for name, resource in Document("example.yaml", as_template(example)).data["Resources"].items():
            resources[f"{name}{number}"] = resource
    return yaml.safe_dump({"Resources": resources}, sort_keys=False)


def lint(file: Path) -> Counter[tuple[str, str]]:
    from cfnlint.api import lint_file
    from cfnlint.config import ManualArgs

    found = ((match.rule.id, match.message) for match in lint_file(file, ManualArgs(regions=["us-east-1"])))
    return Counter(one for one in found if not (one[0] == "E3692" and _ALLOWED_BY_NOW in one[1]))


_ALLOWED_BY_NOW = "'EnableIAMDatabaseAuthentication' when creating Multi-AZ cluster"
"""cfn-lint does not know it yet. Source: RDS CreateDBCluster, "Valid for Cluster Type"."""


def test_the_examples_are_linted_at_all(tmp_path: Path) -> None:
    """Else the test above would pass whatever a repair writes."""
    file = put(tmp_path, as_template("AWS::KMS::Key: {EnableKeyRotation: perhaps}"))
    assert "E3012" in {rule for rule, _ in lint(file)}


@pytest.mark.parametrize("check", FIXABLE, ids=lambda check: check.id)
def test_a_fixable_check_says_what_it_expects(check: Check) -> None:
    assert check.bad, "nothing would test its repair"
    assert not check.side_effect.endswith(".")


# --- what is repaired -----------------------------------------------------------------------------------------------


def put(folder: Path, text: str, name: str = "t.yaml") -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


def test_several_findings_in_one_file(tmp_path: Path) -> None:
    file = put(
        tmp_path,
        """\
Resources:
  Data:
    Type: AWS::S3::Bucket
  Models:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, RestrictPublicBuckets: false}
      VersioningConfiguration: {Status: Suspended}  # for now
  Key:
    Type: AWS::KMS::Key
    Properties:
""",
    )
    made = fix(file)[1]
    assert len(made) == 7
    assert (
        file.read_text()
        == """\
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
      VersioningConfiguration:
        Status: Enabled
  Models:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, RestrictPublicBuckets: true, \
BlockPublicPolicy: true, IgnorePublicAcls: true}
      VersioningConfiguration: {Status: Enabled}  # for now
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
"""
    )


def test_byte_order_mark_and_line_ends_stay(tmp_path: Path) -> None:
    file = put(tmp_path, "\ufeffResources:\r\n  Key:\r\n    Type: AWS::KMS::Key\r\n")
    fix(file)
    expected = (
        "\ufeffResources:\r\n  Key:\r\n    Type: AWS::KMS::Key\r\n    Properties:\r\n      EnableKeyRotation: true\r\n"
    )
    assert file.read_bytes() == expected.encode()


def test_configured_retention_is_one_that_there_is(tmp_path: Path) -> None:
    for days, expected in ((90, 90), (100, 120), (1, 1), (9999, 3653)):
        file = put(tmp_path, "Resources: {Logs: {Type: AWS::Logs::LogGroup}}")
        fix(file, Config(log_retention_days=days))
        assert f"RetentionInDays: {expected}}}" in file.read_text()


def test_a_trail_that_lacks_regions_only(tmp_path: Path) -> None:
    file = put(
        tmp_path, "Resources: {T: {Type: AWS::CloudTrail::Trail, Properties: {S3BucketName: a, IsLogging: true}}}"
    )
    fix(file, Config(select=("cloudtrail-multi-region",)))
    assert "IsLogging: true, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true}" in file.read_text()


def test_edits_of_one_repair_are_enough_alone(tmp_path: Path) -> None:
    """As SARIF's `fixes` need them: by line and column, each repair for itself."""
    file = put(tmp_path, "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n")
    found, _ = repairs(scan_templates([str(file)], Config(select=("s3-bucket-versioning",))))
    (edit,) = found[0].edits
    assert (edit.region.file, edit.region.line, edit.region.column) == (file.as_posix(), 3, 26)
    assert edit.text == "\n    Properties:\n      VersioningConfiguration:\n        Status: Enabled"


# --- what is not ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "resource", "why"),
    [
        (ENCRYPTED, "Type: AWS::EC2::Volume\n    Properties: {Encrypted: !FindInMap [No, a, b]}", "by Fn::FindInMap"),
        (ENCRYPTED, "Type: AWS::EC2::Volume\n    Properties: {Encrypted: !If [Never, true, false]}", "by Fn::If"),
        (ENCRYPTED, "Type: AWS::EC2::Volume\n    Properties: *shared", "outside of its resource"),
        (ENCRYPTED, "Type: AWS::EC2::Volume\n    Properties: {<<: *shared, Size: 2}", "outside of its resource"),
        (ENCRYPTED, "Type: AWS::EC2::Volume\n    Properties: &own {Size: 2}", "a YAML anchor shares it"),
        (GP3, "Type: AWS::EC2::Volume\n    Properties: {Size: 3000, VolumeType: gp2}", "no value is certain"),
        (GP3, "Type: AWS::EC2::Volume\n    Properties: {Size: !Ref Many, VolumeType: gp2}", "no value is certain"),
        (BLOCK, "Type: AWS::S3::Bucket\n    Properties: {WebsiteConfiguration: {IndexDocument: a}}", "no value is"),
        (BLOCK, "Type: AWS::S3::Bucket\n    Properties: {AccessControl: PublicRead}", "no value is certain"),
        (BLOCK, "Type: AWS::S3::Bucket\n    Properties: {AccessControl: !Ref Acl}", "no value is certain"),
    ],
)
def test_uncertain_repairs_are_refused(check: str, resource: str, why: str, tmp_path: Path) -> None:
    file = put(
        tmp_path,
        f"""\
Parameters:
  Many: {{Type: Number}}
  Acl: {{Type: String}}
  Stage: {{Type: String, Default: a}}
Conditions: {{Never: !Equals [!Ref Stage, b]}}
Mappings: {{No: {{a: {{b: false}}}}}}
Metadata:
  Shared: &shared {{Size: 1, Encrypted: false}}
Resources:
  It:
    {resource}
""",
    )
    before = file.read_text()
    _, made, (refusal,) = fix(file, Config(select=(check,)))
    assert not made
    assert why in refusal.reason
    assert file.read_text() == before


def test_suppressed_findings_are_not_repaired(tmp_path: Path) -> None:
    file = put(tmp_path, "Resources: {Key: {Type: AWS::KMS::Key}}")
    config = Config(suppress=(Suppress("kms-key-rotation", "rotated by hand"),))
    assert fix(file, config)[1:] == ([], [])


def test_a_bucket_with_a_public_policy_is_left_to_a_person(tmp_path: Path) -> None:
    file = put(
        tmp_path,
        """\
Resources:
  Site:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Site
      PolicyDocument: {Statement: {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Site.Arn}/*"}}
""",
    )
    _, made, (refusal,) = fix(file, Config(select=("s3-bucket-public-access-block",)))
    assert not made
    assert "no value is certain" in refusal.reason


def test_a_template_that_several_stacks_use(tmp_path: Path) -> None:
    """What mends it in one of them must be right in all."""
    child = put(
        tmp_path,
        """\
Parameters: {Spec: {Type: String}}
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeySpec: !Ref Spec}}
  Logs: {Type: AWS::Logs::LogGroup}
""",
        "child.yaml",
    )
    stack = "{{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: child.yaml, Parameters: {{Spec: {}}}}}}}"
    parent = put(
        tmp_path,
        f"Resources:\n  A: {stack.format('SYMMETRIC_DEFAULT')}\n  B: {stack.format('RSA_4096')}\n",
        "main.yaml",
    )
    _, _, (refusal,) = fix(parent)
    assert "used more than once" in refusal.reason
    assert "EnableKeyRotation" not in child.read_text()
    assert child.read_text().count("RetentionInDays: 90") == 1


def test_what_a_loop_or_sam_makes_is_refused(tmp_path: Path) -> None:
    file = put(
        tmp_path,
        """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Keys:
    - Name
    - [A, B]
    - Key${Name}:
        Type: AWS::KMS::Key
  Plain:
    Type: AWS::KMS::Key
""",
    )
    before = file.read_text()
    _, made, refused = fix(file)
    assert [repair.path[1] for repair in made] == ["Plain"]
    assert all("what makes it" in refusal.reason for refusal in refused)
    assert file.read_text() == before + "    Properties:\n      EnableKeyRotation: true\n"


def test_a_file_that_is_gone_or_utf_16_is_refused(tmp_path: Path) -> None:
    gone = put(tmp_path, "Resources: {Key: {Type: AWS::KMS::Key}}")
    wide = tmp_path / "wide.yaml"
    wide.write_bytes("\ufeffResources: {Key: {Type: AWS::KMS::Key}}".encode("utf-16-le"))
    report = scan_templates([str(gone), str(wide)], Config())
    gone.unlink()
    found, refused = repairs(report)
    assert not found
    assert ["no such file" in r.reason or "UTF-16" in r.reason for r in refused] == [True, True]


def test_a_resource_that_something_else_makes_is_refused(tmp_path: Path) -> None:
    """A report that says so of what stands under another type in the file, as SAM's and a loop's resources do."""
    file = put(tmp_path, "Resources:\n  Key:\n    Type: AWS::KMS::Key\n")
    report = scan_templates([str(file)], Config())
    put(tmp_path, "Resources:\n  Key:\n    Type: AWS::Serverless::Key\n")
    assert [refusal.reason for refusal in repairs(report)[1]] == [
        "what stands there is not the resource itself but what makes it"
    ]


def test_the_same_property_twice(tmp_path: Path) -> None:
    """Two findings that want the same make one change; of two that contradict each other the first is made."""
    file = put(tmp_path, "Resources:\n  Key:\n    Type: AWS::KMS::Key\n")
    report = scan_templates([str(file)], Config(select=("kms-key-rotation",)))
    (result,) = [result for result in report.results if result.status == "fail"]
    report.results.append(result)
    found, _ = repairs(report)
    (rewritten,), refused = rewrite(found)
    assert rewritten.after.count("EnableKeyRotation") == 1
    assert len(rewritten.repairs) == 2
    assert not refused
    report.results[-1] = type(result)(**{name: getattr(result, name) for name in result.__slots__} | {"expected": "no"})
    found, _ = repairs(report)
    (rewritten,), (refusal,) = rewrite(found)
    assert "EnableKeyRotation: true" in rewritten.after
    assert refusal.reason == "another repair sets EnableKeyRotation to something else"
