"""Athena: workgroups, and the queries that ran in them."""

from datetime import datetime
from typing import Annotated

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From


def _configuration(name: str, tf: str) -> From:
    """Where a part of a workgroup's configuration stands."""
    return From(cfn=f"WorkGroupConfiguration.{name}", tf=f"configuration.{tf}", live=f"Configuration.{name}")


class WorkGroup(Resource, cfn="AWS::Athena::WorkGroup", tf="aws_athena_workgroup"):
    """A workgroup; what AWS does where two of its switches are left out is not documented, so they have no default."""

    state: str = "ENABLED"
    output_location: Annotated[
        str | None, _configuration("ResultConfiguration.OutputLocation", "result_configuration.output_location")
    ] = None
    encryption_option: Annotated[
        str | None,
        _configuration(
            "ResultConfiguration.EncryptionConfiguration.EncryptionOption",
            "result_configuration.encryption_configuration.encryption_option",
        ),
    ] = None
    engine: Annotated[
        str, _configuration("EngineVersion.SelectedEngineVersion", "engine_version.selected_engine_version")
    ] = "AUTO"
    managed_results: Annotated[
        bool,
        _configuration("ManagedQueryResultsConfiguration.Enabled", "managed_query_results_configuration.enabled"),
    ] = False
    enforce_configuration: Annotated[
        bool, _configuration("EnforceWorkGroupConfiguration", "enforce_workgroup_configuration")
    ]
    publishes_metrics: Annotated[
        bool, _configuration("PublishCloudWatchMetricsEnabled", "publish_cloudwatch_metrics_enabled")
    ]
    bytes_scanned_cutoff: Annotated[
        int | None, _configuration("BytesScannedCutoffPerQuery", "bytes_scanned_cutoff_per_query")
    ] = None


class Database(Resource, tf="aws_athena_database"):
    """A database that Athena makes by a query, whose result is encrypted as it says; only Terraform has one."""

    encryption_option: Annotated[str | None, From(tf="encryption_configuration.encryption_option")] = None
    managed_results: Annotated[bool, From(tf=NOWHERE)] = False


class Query(Struct):
    """A query that ran; what looks like a secret in its text is hidden."""

    query: str
    database: Annotated[str | None, From(live="QueryExecutionContext.Database")] = None
    state: Annotated[str | None, From(live="Status.State")] = None
    submitted: Annotated[datetime | None, From(live="Status.SubmissionDateTime")] = None
    scanned_bytes: Annotated[int | None, From(live="Statistics.DataScannedInBytes")] = None


class QueryHistory(Resource, cfn="api:Athena::QueryHistory"):
    """The last queries of a workgroup that read data, newest first; it answers to the workgroup's name."""

    queries: tuple[Query, ...] = ()
