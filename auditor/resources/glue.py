"""Glue: jobs and their runs, crawlers, triggers, workflows, development endpoints, sessions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, wrong
from auditor.resources.tags import Tags
from auditor.values import ABSENT, Unknown, known, settle


class Arguments:
    """Values by names that are free to choose, such as a job's arguments."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        """`values` as they stand in the source."""
        self._values = values

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """View a map.

        Raises:
            Undecided: it is no map.
        """
        if not isinstance(value, Mapping):
            raise wrong(path, "a map", value)
        return cls(value)

    @property
    def names(self) -> tuple[str, ...]:
        """What there are values of."""
        return tuple(map(str, self._values))

    def has(self, name: str) -> bool:
        """Whether there is a value of a name, be it known or not.

        Raises:
            Undecided: that depends on a condition.
        """
        value = settle(self._values.get(name, ABSENT))
        return isinstance(value, Unknown) or known(value) not in (ABSENT, None, "")

    def get(self, name: str) -> str | None:
        """The value of a name, None where it has none.

        Raises:
            Undecided: it is unknown.
        """
        value = known(self._values.get(name, ABSENT))
        return None if value is ABSENT or value is None else str(value)


_DPUS = {"Standard": 1, "G.025X": 0.25, "G.1X": 1, "G.2X": 2, "G.4X": 4, "G.8X": 8, "G.12X": 12, "G.16X": 16}
"""DPUs of a worker (Glue developer guide, "Worker types"); those of the R family have another price."""


def dpus_of(worker_type: str | None, workers: int | None) -> float | None:
    """The DPUs of so many workers of a type; None where that is not known."""
    return None if workers is None or worker_type not in _DPUS else _DPUS[worker_type] * workers


class Job(Resource, cfn="AWS::Glue::Job", tf="aws_glue_job"):
    """A job."""

    name: str
    role: Annotated[str, From(tf="role_arn")]
    command_name: Annotated[str, From(cfn="Command.Name", tf="command.name", live="Command.Name")] = "glueetl"
    glue_version: str | None = None
    security_configuration: str | None = None
    default_arguments: Arguments = Arguments({})
    non_overridable_arguments: Arguments = Arguments({})
    max_retries: int = 0
    timeout: int | None = None
    number_of_workers: int | None = None
    worker_type: str | None = None
    max_capacity: float | None = None
    execution_class: str = "STANDARD"
    tags: Tags = Tags({})


class JobRun(Struct):
    """One run of a job; times in seconds."""

    job_run_state: str
    started_on: datetime | None = None
    trigger_name: str | None = None
    execution_time: int | None = None
    attempt: int = 0
    dpu_seconds: Annotated[float | None, From(live="DPUSeconds")] = None
    max_capacity: float | None = None
    worker_type: str | None = None
    number_of_workers: int | None = None
    bookmark: str | None = None

    @property
    def dpu_hours(self) -> float | None:
        """DPU-hours that it was billed for; None where that is not known, as of memory-optimised workers."""
        if self.dpu_seconds is not None:
            return self.dpu_seconds / 3600
        dpus = self.max_capacity or dpus_of(self.worker_type, self.number_of_workers)
        return None if dpus is None or self.execution_time is None else dpus * self.execution_time / 3600


class JobHistory(Resource, cfn="api:Glue::JobHistory"):
    """The last runs of a job, newest first; it answers to the job's name and ARN."""

    runs: tuple[JobRun, ...] = ()


class S3Target(Struct):
    """A path that a crawler looks through; with a queue, only at what changed."""

    path: str | None = None
    event_queue_arn: str | None = None


class LastCrawl(Struct):
    """How a crawler's last run ended."""

    status: str | None = None
    start_time: datetime | None = None


class Crawler(Resource, cfn="AWS::Glue::Crawler", tf="aws_glue_crawler"):
    """A crawler."""

    security_configuration: Annotated[
        str | None,
        From(cfn="CrawlerSecurityConfiguration", tf="security_configuration", live="CrawlerSecurityConfiguration"),
    ] = None
    schedule: Annotated[
        str | None, From(cfn="Schedule.ScheduleExpression", tf="schedule", live="Schedule.ScheduleExpression")
    ] = None
    schedule_state: Annotated[str, From(cfn=NOWHERE, tf=NOWHERE, live="Schedule.State")] = "SCHEDULED"
    recrawl_behavior: Annotated[
        str,
        From(
            cfn="RecrawlPolicy.RecrawlBehavior",
            tf="recrawl_policy.recrawl_behavior",
            live="RecrawlPolicy.RecrawlBehavior",
        ),
    ] = "CRAWL_EVERYTHING"
    s3_targets: Annotated[
        tuple[S3Target, ...], From(cfn="Targets.S3Targets", tf="s3_target", live="Targets.S3Targets")
    ] = ()
    update_behavior: Annotated[
        str,
        From(
            cfn="SchemaChangePolicy.UpdateBehavior",
            tf="schema_change_policy.update_behavior",
            live="SchemaChangePolicy.UpdateBehavior",
        ),
    ] = "UPDATE_IN_DATABASE"
    delete_behavior: Annotated[
        str,
        From(
            cfn="SchemaChangePolicy.DeleteBehavior",
            tf="schema_change_policy.delete_behavior",
            live="SchemaChangePolicy.DeleteBehavior",
        ),
    ] = "DEPRECATE_IN_DATABASE"
    last_crawl: Annotated[LastCrawl | None, From(cfn=None, tf=None)] = None
    median_runtime_seconds: Annotated[float | None, From(cfn=None, tf=None, live="Metrics.MedianRuntimeSeconds")] = None


class Started(Struct):
    """A job or crawler that a trigger is about."""

    job_name: str | None = None
    crawler_name: str | None = None


class Action(Started):
    """What a trigger starts; a job, with arguments of this start."""

    arguments: Arguments = Arguments({})


class Trigger(Resource, cfn="AWS::Glue::Trigger", tf="aws_glue_trigger"):
    """A trigger: by hand, on a schedule, or when others ended."""

    type: str | None = None
    actions: tuple[Action, ...] = ()
    conditions: Annotated[
        tuple[Started, ...], From(cfn="Predicate.Conditions", tf="predicate.conditions", live="Predicate.Conditions")
    ] = ()
    workflow_name: str | None = None


class Workflow(Resource, cfn="AWS::Glue::Workflow", tf="aws_glue_workflow"):
    """A workflow of triggers, jobs and crawlers."""

    name: str


class DevEndpoint(Resource, cfn="AWS::Glue::DevEndpoint", tf="aws_glue_dev_endpoint"):
    """A development endpoint, which is billed until it is deleted."""

    security_configuration: str | None = None
    number_of_nodes: int | None = None
    number_of_workers: int | None = None
    worker_type: str | None = None
    created_timestamp: Annotated[datetime, From(cfn=None, tf=None)]


class Session(Resource, cfn="api:Glue::Session"):
    """An interactive session that runs."""

    created_on: datetime
    number_of_workers: int | None = None
    worker_type: str | None = None
    max_capacity: float | None = None
    idle_timeout: int | None = None


class S3Encryption(Struct):
    """How what is written to S3 is encrypted."""

    mode: Annotated[str, From(cfn="S3EncryptionMode", tf="s3_encryption_mode", live="S3EncryptionMode")] = "DISABLED"


_CLOUDWATCH = "EncryptionConfiguration.CloudWatchEncryption.CloudWatchEncryptionMode"
_BOOKMARKS = "EncryptionConfiguration.JobBookmarksEncryption.JobBookmarksEncryptionMode"


class SecurityConfiguration(Resource, cfn="AWS::Glue::SecurityConfiguration", tf="aws_glue_security_configuration"):
    """How the jobs, crawlers and endpoints that name it encrypt."""

    s3_encryptions: Annotated[
        tuple[S3Encryption, ...],
        From(
            cfn="EncryptionConfiguration.S3Encryptions",
            tf="encryption_configuration.s3_encryption",
            live="EncryptionConfiguration.S3Encryption",
        ),
    ] = ()
    cloudwatch_encryption_mode: Annotated[
        str,
        From(
            cfn=_CLOUDWATCH,
            tf="encryption_configuration.cloudwatch_encryption.cloudwatch_encryption_mode",
            live=_CLOUDWATCH,
        ),
    ] = "DISABLED"
    job_bookmarks_encryption_mode: Annotated[
        str,
        From(
            cfn=_BOOKMARKS,
            tf="encryption_configuration.job_bookmarks_encryption.job_bookmarks_encryption_mode",
            live=_BOOKMARKS,
        ),
    ] = "DISABLED"


class MLTransform(Resource, cfn="AWS::Glue::MLTransform"):
    """A machine learning transform."""

    user_data_encryption_mode: Annotated[
        str,
        From(
            cfn="TransformEncryption.MLUserDataEncryption.MLUserDataEncryptionMode",
            live="TransformEncryption.MlUserDataEncryption.MlUserDataEncryptionMode",
        ),
    ] = "DISABLED"
