"""What tags say of costs: whose they are, and until when they should last."""

import re
from datetime import UTC, date

from auditor import MEDIUM, Findings, Inventory, Undecided, check, clock
from auditor.config import Config
from auditor.members import those
from auditor.pricing.monthly import monthly
from auditor.pricing.saving import Saving
from auditor.resources import dynamodb, ecs, efs, eks, emr, glue, kinesis, lambda_, msk, opensearch, rds, redshift, s3
from auditor.resources.base import Resource
from auditor.resources.batch import ComputeEnvironment
from auditor.resources.ec2 import Instance, LaunchTemplate, Volume
from auditor.resources.sagemaker import Domain, Endpoint, EndpointConfig, NotebookInstance, Pipeline
from auditor.resources.stepfunctions import StateMachine

_ALL = "[{Key: Project, Value: churn}, {Key: cost-center, Value: a7}, {Key: Env, Value: prod}]"


@check(
    "tags-cost-allocation-missing",
    title="Resources carry the cost allocation tags (project, team, environment)",
    severity=MEDIUM,
    bad=(
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium}",
        "AWS::EC2::Instance: {InstanceType: g5.xlarge, Tags: [{Key: project, Value: churn}]}",
        f"AWS::EFS::FileSystem: {{FileSystemTags: {_ALL.replace('Key: Project', 'Key: Name')}}}",
        "AWS::Glue::Job: {Role: a, Tags: {team: ml, env: dev}}",
    ),
    good=(
        f"AWS::SageMaker::NotebookInstance: {{InstanceType: ml.t3.medium, Tags: {_ALL}}}",
        "AWS::Glue::Job: {Role: a, Tags: {app: churn, owner: ml, stage: dev}}",
    ),
)
def cost_allocation_missing(
    resource: NotebookInstance
    | Endpoint
    | Domain
    | Pipeline
    | Instance
    | Volume
    | s3.Bucket
    | efs.FileSystem
    | glue.Job
    | emr.Cluster
    | kinesis.Stream
    | msk.Cluster
    | redshift.Cluster
    | rds.DBInstance
    | dynamodb.Table
    | opensearch.Domain
    | lambda_.Function
    | ecs.Service
    | eks.Cluster
    | ComputeEnvironment
    | StateMachine,
    config: Config,
) -> Findings:
    """Without them nobody can say which project or team spends the money, so nobody is asked about it.

    Nothing is saved by a tag itself: what is at stake is the cost that belongs to nobody. Which tags are wanted is set
    with cost-tags. Where every deployment sets them as stack tags, ignore this check for templates.

    Fix: add the tags, best as stack tags or the provider's default_tags, and activate their keys as cost allocation
    tags in the management account (Billing, "Cost allocation tags"), which is not seen here.
    """
    missing = those(config.tags_of_costs, lambda keys: not (resource.tags.get(*keys.split("|")) or "").strip())
    if missing:
        names = ", ".join(keys.partition("|")[0] for keys in tuple.__iter__(missing))
        yield resource.fail(f"has no tag for {names}", at="tags")


_EXPIRED = "[{Key: expires, Value: %s}]"
_DATE = re.compile(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)(?:[T ].*)?")
_NEVER = ("", "never", "no", "none", "false", "-", "n/a", "permanent")


@check(
    "tags-expiry-passed",
    title="Experiment resources whose expiry tag has passed are removed",
    severity=MEDIUM,
    uses=(LaunchTemplate, EndpointConfig),
    bad=(
        f"AWS::EC2::Instance: {{InstanceType: g5.xlarge, Tags: {_EXPIRED % '2024-03-31'}}}",
        "AWS::S3::Bucket: {Tags: [{Key: Delete-After, Value: 2024/03/31}]}",
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium, Tags: [{Key: expiry, Value: '20240331'}]}",
    ),
    good=(
        f"AWS::EC2::Instance: {{InstanceType: g5.xlarge, Tags: {_EXPIRED % '2999-03-31'}}}",
        f"AWS::EC2::Instance: {{InstanceType: g5.xlarge, Tags: {_EXPIRED % 'never'}}}",
        "AWS::EC2::Instance: {InstanceType: g5.xlarge}",
    ),
)
def expiry_passed(
    resource: Instance
    | Volume
    | Endpoint
    | NotebookInstance
    | emr.Cluster
    | rds.DBInstance
    | redshift.Cluster
    | s3.Bucket,
    inventory: Inventory,
    config: Config,
) -> Findings:
    """Whoever made it knew until when it was needed; nobody came back to remove it.

    Which tags count is set with expiry-tags; their value is a date (2026-12-31). It has passed on the day after.

    Fix: remove the resource, after a snapshot or copy of data that is still needed; or move the date, with its owner.
    """
    told = (resource.tags.get(*config.expiry_tags) or "").strip()
    if told.lower() in _NEVER:
        return
    last = _day_of(told)
    if last < clock.now().astimezone(UTC).date():
        saving = _all_of_it(resource, inventory)
        hint = "" if saving else "; what it costs depends on how much it is used"
        yield resource.fail(f"was needed until {last:%Y-%m-%d}{hint}", at="tags", saving=saving)


def _day_of(told: str) -> date:
    """The day that a tag names, which ends at midnight UTC."""
    found = _DATE.fullmatch(told)
    try:
        year, month, day = (int(part) for part in found.groups()) if found else (0, 0, 0)
        return date(year, month, day)
    except ValueError:
        raise Undecided("its expiry tag is no date such as 2026-12-31") from None


def _all_of_it(resource: Resource, inventory: Inventory) -> Saving | None:
    cost = monthly(resource, inventory)
    if cost is None:
        return None
    return Saving(cost.low, cost.high, cost.basis, cost.source, cost.as_of, "medium", "idle")
