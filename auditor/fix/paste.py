"""What mends a finding, to be pasted: for CloudFormation, Terraform and the AWS CLI, only where it is certain.

The check says which property must hold what. That is written in another vocabulary where the resource class maps the
field to it; a command of the AWS CLI is listed here by hand, as no rule makes one from a property.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from textwrap import dedent
from typing import Any, Final

from auditor.fix.style import Style
from auditor.raw import Dialect
from auditor.resources.base import TYPES, Resource, Struct
from auditor.resources.fields import NOWHERE, Field, steps
from auditor.sources import yaml_text
from auditor.sources.nodes import SyntaxFault

_SAFE_ID: Final = re.compile(r"[A-Za-z0-9_./:+=@-]+")


@dataclass(frozen=True, slots=True)
class Paste:
    """What to paste; empty where nothing is certain.

    Attributes:
        cloudformation: what the resource's `Properties` must hold.
        terraform: what the configuration must hold.
        cli: a command.
    """

    cloudformation: str = ""
    terraform: str = ""
    cli: str = ""


def paste(type_name: str, property: str, expected: str | None, *, live: bool, arn: str = "", title: str = "") -> Paste:
    """The repairs of a property; of what stands in a Terraform configuration, the one in Terraform alone.

    Args:
        type_name: the resource's type: CloudFormation's, Terraform's, or an own one of live accounts.
        property: its path in the source's own words, list indexes as numbers.
        expected: what it must hold, as YAML writes it.
        live: the source is an account and not a template.
        arn: of a live resource.
        title: what people call it: in Terraform its address, so that it stands in the repair.
    """
    field = _located(type_name, property, live) if expected is not None else None
    if field is None or expected is None:
        return Paste()
    value, certain = _value(expected)
    if not certain:
        return Paste()
    cls, names = field
    tf = _in_terraform(cls, names, value)
    if type_name == cls.tf:
        known = title.removeprefix(f"{type_name}.")
        return Paste(terraform=re.sub(r"\bNAME\b", known, tf) if known.isidentifier() else tf)
    cfn = _in_cloudformation(cls, names, value)
    return Paste(cfn, tf, command(cls.cfn, ".".join(names), expected, arn) if live else "")


# --- which field a property is --------------------------------------------------------------------------------------


@cache
def _located(type_name: str, property: str, live: bool) -> tuple[type[Resource], tuple[str, ...]] | None:
    """The class of a resource, and the names of the fields down to a property; None where no field is just that."""
    _load_resources()
    cls = TYPES.get(type_name)
    if cls is None or not property or any(step.isdigit() for step in property.split(".")):
        return None
    dialect: Dialect = "live" if live else "cfn" if "::" in type_name else "tf"
    names = _names(cls, tuple(property.split(".")), dialect)
    return None if names is None else (cls, names)


@cache
def _load_resources() -> None:
    package = importlib.import_module("auditor.resources")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def _names(cls: type[Struct], path: tuple[str, ...], dialect: Dialect) -> tuple[str, ...] | None:
    for field in cls.plan(dialect).values():
        if field.parts and path == (field.parts[0].type,):
            return (field.name,)
        if not field.path or field.path == (NOWHERE,) or path[: len(field.path)] != field.path:
            continue
        rest = path[len(field.path) :]
        if not rest:
            return (field.name,)
        inner = _view(field)
        below = _names(inner, rest, dialect) if inner else None
        if below is not None:
            return (field.name, *below)
    return None


def _view(field: Field) -> type[Struct] | None:
    """The class of a block that is there once."""
    inner = field.inner
    return inner if isinstance(inner, type) and issubclass(inner, Struct) and not field.many else None


def _value(expected: str) -> tuple[Any, bool]:
    """What a check expects as data, and whether it is any."""
    try:
        return yaml_text.load(expected)[0], True
    except SyntaxFault:
        return None, False


# --- in other words -------------------------------------------------------------------------------------------------


def _in_cloudformation(cls: type[Struct], names: tuple[str, ...], value: Any) -> str:
    path = _path(cls, names, "cfn")
    if path is None or not getattr(cls, "cfn", "").startswith("AWS::"):
        return ""
    tree = value
    for step in reversed(path):
        tree = {step: tree}
    return dedent(Style().value({"Properties": tree})).strip("\n")


def _in_terraform(cls: type[Resource], names: tuple[str, ...], value: Any) -> str:
    first = cls.plan("tf")[names[0]]
    if not cls.tf:
        return ""
    part = first.parts[0] if first.parts else None
    if part is not None:
        head = list(steps(part.take))
        reference = [f"{part.by} = {cls.tf}.NAME.{'id' if part.by != 'arn' else 'arn'}", ""]
        inner = _view(first)
        below = _path(inner, names[1:], "tf") if inner and names[1:] else ()
        if below is None or (names[1:] and not inner):
            return ""
        return _block(part.type, [*head, *below], value, inner if not names[1:] else None, reference)
    path = _path(cls, names, "tf")
    return _block(cls.tf, list(path), value, _inner(cls, names), []) if path else ""


def _path(cls: type[Struct] | None, names: tuple[str, ...], dialect: Dialect) -> tuple[str, ...] | None:
    """Where a field stands in a vocabulary, None where nowhere."""
    if cls is None:
        return None
    field = cls.plan(dialect)[names[0]]
    if not field.path or field.path == (NOWHERE,):
        return None
    below = _path(_view(field), names[1:], dialect) if names[1:] else ()
    return None if below is None else (*field.path, *below)


def _inner(cls: type[Struct] | None, names: tuple[str, ...]) -> type[Struct] | None:
    """The class of the block that a field is, if it is one."""
    for name in names:
        cls = _view(cls.plan("tf")[name]) if cls else None
    return cls


def _block(type_name: str, path: list[str], value: Any, inner: type[Struct] | None, before: list[str]) -> str:
    """A Terraform resource with one value set in it, blocks around that as the path says."""
    settings = {(*path,): value}
    if isinstance(value, Mapping):
        if inner is None:
            return ""
        fields = {field.path[0]: field.name for field in inner.plan("cfn").values() if field.path}
        places = {key: _path(inner, (fields[key],), "tf") for key in value if key in fields}
        if len(places) < len(value) or None in places.values():
            return ""
        settings = {(*path, *(places[key] or ())): member for key, member in value.items()}
    lines = _lines(settings, 1)
    return "\n".join([f'resource "{type_name}" "NAME" {{', *(f"  {line}".rstrip() for line in before), *lines, "}"])


def _lines(settings: Mapping[tuple[str, ...], Any], depth: int) -> list[str]:
    """Arguments, and blocks around those that are deeper."""
    indent = "  " * depth
    arguments = {path[0]: value for path, value in settings.items() if len(path) == 1}
    widest = max(map(len, arguments), default=0)
    lines = [f"{indent}{name:{widest}} = {_hcl(value)}" for name, value in arguments.items()]
    blocks: dict[str, dict[tuple[str, ...], Any]] = {}
    for path, value in settings.items():
        if len(path) > 1:
            blocks.setdefault(path[0], {})[path[1:]] = value
    for name, inside in blocks.items():
        lines += [f"{indent}{name} {{", *_lines(inside, depth + 1), f"{indent}}}"]
    return lines


def _hcl(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_hcl, value))}]"
    quoted = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
    return f'"{quoted}"'


# --- commands -------------------------------------------------------------------------------------------------------

_ALL_FOUR: Final = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
_SETTINGS: Final = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")

COMMANDS: Final[dict[tuple[str, str, str], tuple[str, str]]] = {
    # (type, field, expected; * for whatever): what stands before the id in the ARN, and the command
    ("AWS::AutoScaling::AutoScalingGroup", "capacity_rebalance", "true"): (
        "autoScalingGroupName/",
        "autoscaling update-auto-scaling-group --auto-scaling-group-name {id} --capacity-rebalance",
    ),
    ("AWS::CloudTrail::Trail", "enable_log_file_validation", "true"): (
        ":trail/",
        "cloudtrail update-trail --name {id} --enable-log-file-validation",
    ),
    ("AWS::CloudTrail::Trail", "is_logging", "true"): (":trail/", "cloudtrail start-logging --name {id}"),
    ("AWS::CloudWatch::Alarm", "actions_enabled", "true"): (
        ":alarm:",
        "cloudwatch enable-alarm-actions --alarm-names {id}",
    ),
    ("AWS::DynamoDB::Table", "point_in_time_recovery", "true"): (
        ":table/",
        "dynamodb update-continuous-backups --table-name {id}"
        " --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true",
    ),
    ("AWS::EC2::Subnet", "map_public_ip_on_launch", "false"): (
        ":subnet/",
        "ec2 modify-subnet-attribute --subnet-id {id} --no-map-public-ip-on-launch",
    ),
    ("AWS::EC2::Volume", "volume_type", "gp3"): (":volume/", "ec2 modify-volume --volume-id {id} --volume-type gp3"),
    ("AWS::ECR::Repository", "image_tag_mutability", "IMMUTABLE"): (
        ":repository/",
        "ecr put-image-tag-mutability --repository-name {id} --image-tag-mutability IMMUTABLE",
    ),
    ("AWS::EFS::FileSystem", "backup_status", "ENABLED"): (
        ":file-system/",
        "efs put-backup-policy --file-system-id {id} --backup-policy Status=ENABLED",
    ),
    ("AWS::GuardDuty::Detector", "enable", "true"): (
        ":detector/",
        "guardduty update-detector --detector-id {id} --enable",
    ),
    ("AWS::KMS::Key", "enable_key_rotation", "true"): (":key/", "kms enable-key-rotation --key-id {id}"),
    ("AWS::Kinesis::Stream", "encryption_type", "KMS"): (
        ":stream/",
        "kinesis start-stream-encryption --stream-name {id} --encryption-type KMS --key-id alias/aws/kinesis",
    ),
    ("AWS::Lambda::Function", "tracing_mode", "Active"): (
        ":function:",
        "lambda update-function-configuration --function-name {id} --tracing-config Mode=Active",
    ),
    ("AWS::Logs::LogGroup", "retention_in_days", "*"): (
        ":log-group:",
        "logs put-retention-policy --log-group-name {id} --retention-in-days {expected}",
    ),
    ("AWS::RDS::DBInstance", "enable_iam_database_authentication", "true"): (
        ":db:",
        "rds modify-db-instance --db-instance-identifier {id} --enable-iam-database-authentication --apply-immediately",
    ),
    ("AWS::RDS::DBInstance", "publicly_accessible", "false"): (
        ":db:",
        "rds modify-db-instance --db-instance-identifier {id} --no-publicly-accessible --apply-immediately",
    ),
    ("AWS::Redshift::Cluster", "encrypted", "true"): (
        ":cluster:",
        "redshift modify-cluster --cluster-identifier {id} --encrypted",
    ),
    ("AWS::Redshift::Cluster", "enhanced_vpc_routing", "true"): (
        ":cluster:",
        "redshift modify-cluster --cluster-identifier {id} --enhanced-vpc-routing",
    ),
    ("AWS::Redshift::Cluster", "publicly_accessible", "false"): (
        ":cluster:",
        "redshift modify-cluster --cluster-identifier {id} --no-publicly-accessible",
    ),
    ("AWS::S3::Bucket", "versioning", "Enabled"): (
        ":s3:::",
        "s3api put-bucket-versioning --bucket {id} --versioning-configuration Status=Enabled",
    ),
    **{
        ("AWS::S3::Bucket", ".".join(("public_access_block", *setting)), "*"): (
            ":s3:::",
            f"s3api put-public-access-block --bucket {{id}} --public-access-block-configuration {_ALL_FOUR}",
        )
        for setting in ((), *((one,) for one in _SETTINGS))
    },
    ("AWS::SageMaker::NotebookInstance", "root_access", "Disabled"): (
        ":notebook-instance/",
        "sagemaker update-notebook-instance --notebook-instance-name {id} --root-access Disabled",
    ),
}
"""Commands that set just the expected value and nothing else, or what the check asks for as a whole."""


def command(type_name: str, field: str, expected: str, arn: str) -> str:
    """The command of the AWS CLI that sets a field of a live resource; empty where none is certain.

    Nothing that a shell would act on can be in it: an id with other characters than ids have makes no command.
    """
    found = COMMANDS.get((type_name, field, expected)) or COMMANDS.get((type_name, field, "*"))
    if found is None:
        return ""
    marker, text = found
    parts, name = arn.split(":", 5), arn.partition(marker)[2].removesuffix(":*")
    if len(parts) < 6 or not _SAFE_ID.fullmatch(name) or name.startswith("-"):
        return ""
    region = parts[3] if _SAFE_ID.fullmatch(parts[3]) else ""
    words = ["aws", *text.format(id=shlex.quote(name), expected=shlex.quote(expected)).split(" ")]
    return " ".join([*words, *(("--region", region) if region else ())])
