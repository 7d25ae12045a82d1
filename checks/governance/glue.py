"""Glue: crawlers, jobs, and the quality and description of what is in the Data Catalog."""

from collections.abc import Iterable
from datetime import timedelta

from auditor import LOW, Findings, Inventory, check
from auditor.clock import now
from auditor.config import Config
from auditor.knowledge.glue_starts import STARTERS, is_started
from auditor.knowledge.s3_places import bucket_in
from auditor.knowledge.zones import GOLD, SILVER, is_lake, zones_in, zones_of
from auditor.members import either, every, in_turn, known_first, some, those
from auditor.resources import kinesis, msk
from auditor.resources.glue import Crawler, Job, Trigger
from auditor.resources.glue_catalog import DataQualityResult, DataQualityRuleset, Schema, Table
from auditor.resources.region import Region
from auditor.resources.s3 import Bucket
from auditor.values import Reference

_CRAWLER = "AWS::Glue::Crawler: {Role: role, Targets: {S3Targets: [{Path: s3://lake/raw}]}%s}"
_STALE_DAYS = 30  # as many as results are collected of


@check(
    "glue-crawler-schema-change-policy",
    title="Glue crawlers record schema changes and do not drop tables silently",
    severity=LOW,
    fixable=True,
    bad=(
        _CRAWLER % ", SchemaChangePolicy: {DeleteBehavior: DELETE_FROM_DATABASE}",
        _CRAWLER % ", SchemaChangePolicy: {UpdateBehavior: LOG, DeleteBehavior: LOG}",
    ),
    good=(
        _CRAWLER % "",
        _CRAWLER % ", SchemaChangePolicy: {UpdateBehavior: UPDATE_IN_DATABASE, DeleteBehavior: DEPRECATE_IN_DATABASE}",
        _CRAWLER % ", SchemaChangePolicy: {DeleteBehavior: LOG}",
        _CRAWLER % ", RecrawlPolicy: {RecrawlBehavior: CRAWL_NEW_FOLDERS_ONLY}, "
        "SchemaChangePolicy: {UpdateBehavior: LOG, DeleteBehavior: LOG}",
    ),
)
def crawler_schema_change_policy(crawler: Crawler) -> Findings:
    """A table that vanishes breaks every query on it; one that misses new columns gives answers that are quietly wrong.

    A crawler of new folders only has to log changes, so that is accepted.

    Fix: set DeleteBehavior to DEPRECATE_IN_DATABASE and UpdateBehavior to UPDATE_IN_DATABASE.
    """
    if crawler.delete_behavior == "DELETE_FROM_DATABASE":
        yield crawler.fail(
            "drops a table when its data is gone", at="delete_behavior", expected="DEPRECATE_IN_DATABASE"
        )
    if crawler.update_behavior == "LOG" and crawler.recrawl_behavior == "CRAWL_EVERYTHING":
        yield crawler.fail(
            "leaves tables as they were when their data changes", at="update_behavior", expected="UPDATE_IN_DATABASE"
        )


@check(
    "glue-crawler-unscheduled",
    title="Glue crawlers of changing data run on a schedule or on events",
    severity=LOW,
    uses=STARTERS,
    bad=(
        _CRAWLER % "",
        """
Resources:
  Lake: {Type: AWS::Glue::Crawler, Properties: {Name: lake, Role: role, Targets: {}}}
  Nightly:
    Type: AWS::Glue::Trigger
    Properties: {Type: SCHEDULED, Schedule: cron(0 2 * * ? *), Actions: [{CrawlerName: other}, {JobName: lake}]}
""",
    ),
    good=(
        _CRAWLER % ", Schedule: {ScheduleExpression: cron(0 2 * * ? *)}",
        """
Resources:
  Lake: {Type: AWS::Glue::Crawler, Properties: {Role: role, Targets: {}}}
  Nightly:
    Type: AWS::Glue::Trigger
    Properties: {Type: SCHEDULED, Schedule: cron(0 2 * * ? *), Actions: [{CrawlerName: !Ref Lake}]}
""",
        """
Resources:
  Lake: {Type: AWS::Glue::Crawler, Properties: {Name: lake, Role: role, Targets: {}}}
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: role
      Definition:
        StartAt: Crawl
        States:
          Crawl:
            Type: Task
            Resource: arn:aws:states:::aws-sdk:glue:startCrawler
            Parameters: {Name: lake}
            End: true
""",
    ),
)
def crawler_unscheduled(crawler: Crawler, inventory: Inventory) -> Findings:
    """The catalog then describes the data as it was when somebody last thought of it, and new partitions are not found.

    A queue of S3 events only says what changed: the crawler that reads it needs a schedule all the same. A trigger on
    demand counts where it begins a workflow.

    Fix: set a Schedule, or start the crawler from a trigger, a state machine or EventBridge Scheduler.
    """
    paused = crawler.schedule_state == "NOT_SCHEDULED"
    if (crawler.schedule and not paused) or is_started(crawler, inventory):
        return
    if crawler.schedule:
        yield crawler.fail("has a schedule that is paused", at="schedule")
    else:
        yield crawler.fail("has no schedule, and nothing starts it", at="schedule")


_JOBS = """
Resources:
  Clean: {Type: AWS::Glue::Job, Properties: {Name: clean, Role: role, Command: {Name: glueetl}}}
  Join: {Type: AWS::Glue::Job, Properties: {Name: join, Role: role, Command: {Name: %s}}}
  Nightly:
    Type: AWS::Glue::Trigger
    Properties: {Type: SCHEDULED, Schedule: cron(0 2 * * ? *), Actions: [{JobName: !Ref Clean}]}
%s
"""
_AFTER = """
  Then:
    Type: AWS::Glue::Trigger
    Properties:
      Type: CONDITIONAL
      Predicate: {Conditions: [{LogicalOperator: EQUALS, JobName: !Ref Clean, State: SUCCEEDED}]}
      Actions: [{JobName: join}]
"""
_ON_DEMAND = """
  ByHand: {Type: AWS::Glue::Trigger, Properties: {Type: ON_DEMAND, %s Actions: [{JobName: join}]}}
"""
_MACHINE = """
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: role
      DefinitionString: !Sub |
        {"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
         "Resource": "arn:${AWS::Partition}:states:::glue:startJobRun.sync", "Parameters": {"JobName": "${Join}"}}}}
"""
_SCHEDULE = """
  Hourly:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(1 hour)
      FlexibleTimeWindow: {Mode: "OFF"}
      Target: {Arn: arn:aws:scheduler:::aws-sdk:glue:startJobRun, RoleArn: role, Input: '{"JobName": "join"}'}
"""


@check(
    "glue-job-unorchestrated",
    title="Glue jobs run from a trigger, workflow, state machine or Airflow, with dependencies",
    severity=LOW,
    uses=STARTERS,
    bad=(_JOBS % ("glueetl", ""), _JOBS % ("glueetl", _ON_DEMAND % "")),
    good=(
        _JOBS % ("glueetl", _AFTER),
        _JOBS % ("glueetl", _ON_DEMAND % "WorkflowName: nightly,"),
        _JOBS % ("pythonshell", _MACHINE),
        _JOBS % ("glueetl", _SCHEDULE),
        _JOBS % ("gluestreaming", ""),
    ),
)
def job_unorchestrated(job: Job, inventory: Inventory) -> Findings:
    """A job that people start by hand runs too early, too late or twice, and nobody sees that it did not run.

    Streaming jobs, which run all the time, are left out, and templates that declare no triggers. A trigger on demand
    counts where it begins a workflow.

    Fix: start the job from a trigger (conditional on the jobs that it depends on), a workflow, or a state machine.
    """
    if job.command_name == "gluestreaming" or is_started(job, inventory):
        return
    inventory.declared(Trigger, near=job)
    yield job.fail("is started by no trigger, workflow, state machine or schedule")


_TABLE = """
  %s:
    Type: AWS::Glue::Table
    Properties:
      CatalogId: !Ref AWS::AccountId
      DatabaseName: %s
      TableInput: {Name: orders, StorageDescriptor: {Location: s3://acme/%s/orders}}
"""
_RULES = """
Resources:
  Rules:
    Type: AWS::Glue::DataQualityRuleset
    Properties: {Ruleset: 'Rules = [IsComplete "id"]', TargetTable: {DatabaseName: %s, TableName: %s}}
"""


@check(
    "glue-data-quality-missing",
    title="Silver and gold tables have data quality rules with results",
    severity=LOW,
    uses=(DataQualityRuleset, DataQualityResult),
    bad=(
        _RULES % ("sales_gold", "customers") + _TABLE % ("Orders", "sales_gold", "x"),
        _RULES % ("other", "orders") + _TABLE % ("Orders", "sales", "curated"),
    ),
    good=(
        _RULES % ("sales_gold", "orders") + _TABLE % ("Orders", "sales_gold", "x"),
        _RULES % ("sales", "!Ref Orders") + _TABLE % ("Orders", "sales", "processed"),
        _RULES % ("sales", "customers") + _TABLE % ("Orders", "sales", "raw"),
    ),
)
def data_quality_missing(table: Table, inventory: Inventory) -> Findings:
    """Reports and models trust what is in these zones; without rules, a broken source is first seen in their results.

    Zones are told by the names of the table, its database and its place in S3. Rules that did not run in the last 30
    days count as none.

    Fix: add a DataQualityRuleset for the table and run it in the pipeline, before others read the data.
    """
    if table.table_type == "VIRTUAL_VIEW" or not _is_refined(table):
        return
    if _of(table, inventory.referring(DataQualityResult, lambda result: result.table_name, table)):
        return
    rulesets = _of(table, inventory.referring(DataQualityRuleset, lambda ruleset: ruleset.table_name, table))
    if not rulesets:
        inventory.declared(DataQualityRuleset, near=table)
        yield table.fail("has no data quality rules")
    elif not some(rulesets, _may_be_about_to_run):
        yield table.fail(f"has data quality rules that did not run in the last {_STALE_DAYS} days")


def _is_refined(table: Table) -> bool:
    zones = zones_in(table.name, table.database_name) or zones_in(table.location or "")
    return bool(zones & {SILVER, GOLD})


def _of(
    table: Table, others: Iterable[DataQualityRuleset | DataQualityResult]
) -> tuple[DataQualityRuleset | DataQualityResult, ...]:
    """Those of its database, as far as one can tell: a reference may be to it."""

    def may_be(other: DataQualityRuleset | DataQualityResult) -> bool:
        names = (other.database_name, table.database_name)
        return names[0] is None or names[0] == names[1] or any(isinstance(name, Reference) for name in names)

    return those(others, may_be)


def _may_be_about_to_run(ruleset: DataQualityRuleset | DataQualityResult) -> bool:
    made = ruleset.created_on if isinstance(ruleset, DataQualityRuleset) else None
    return made is None or made > now() - timedelta(days=_STALE_DAYS)


@check(
    "glue-datalake-bucket-uncatalogued",
    title="Data lake buckets are described in the Data Catalog",
    severity=LOW,
    uses=(Table, Crawler),
    inputs=("live",),
)
def datalake_bucket_uncatalogued(bucket: Bucket, inventory: Inventory, config: Config) -> Findings:
    """Data that is in no catalog is not found, is bought or computed again, and has no permissions but the bucket's.

    Fix: add a Glue table for the data, or a crawler that finds its schema.
    """
    if bucket.is_called(config.log_buckets) or not either(lambda: is_lake(bucket), lambda: bool(zones_of(bucket))):
        return
    if every(
        lambda: not inventory.referring(Table, lambda table: bucket_in(table.location), bucket),
        lambda: not inventory.referring(Crawler, _crawled_buckets, bucket),
    ):
        yield bucket.fail("is part of the data lake, and no table or crawler of the Data Catalog is about it")


def _crawled_buckets(crawler: Crawler) -> tuple[str, ...]:
    return known_first(crawler.s3_targets, lambda target: bucket_in(target.path))


@check(
    "glue-schema-registry-missing",
    title="Streams with structured records use a schema registry with a compatibility mode",
    severity=LOW,
    uses=(kinesis.Stream, msk.Cluster, Schema),
    inputs=("live",),
)
def schema_registry_missing(place: Region | Schema, inventory: Inventory) -> Findings:
    """Without an agreed schema, a producer that renames a field breaks every consumer, and they find out at run time.

    Fix: register the schema of each stream's records in a Glue schema registry, with a compatibility such as BACKWARD.
    """
    if isinstance(place, Schema):
        if place.compatibility in ("NONE", "DISABLED"):
            yield place.fail("accepts any change", at="compatibility", expected="BACKWARD")
        return
    streams = in_turn(inventory.beside(kinesis.Stream, place), inventory.beside(msk.Cluster, place))
    if streams and not inventory.beside(Schema, place):
        yield place.fail(f"has streams, such as {streams[0].title}, and no schema for them")
