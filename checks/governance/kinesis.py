"""Kinesis: what analyses streams."""

from auditor import HIGH, Findings, check
from auditor.resources.kinesis import AnalyticsApplication, SqlApplication


@check(
    "kinesisanalytics-sql-discontinued",
    title="No Kinesis Data Analytics SQL applications are in use; Managed Service for Apache Flink replaces them",
    severity=HIGH,
    bad=(
        "AWS::KinesisAnalytics::Application: {ApplicationName: clicks, Inputs: []}",
        "AWS::KinesisAnalyticsV2::Application: {RuntimeEnvironment: SQL-1_0, ServiceExecutionRole: role}",
    ),
    good="AWS::KinesisAnalyticsV2::Application: {RuntimeEnvironment: FLINK-1_20, ServiceExecutionRole: role}",
)
def sql_discontinued(application: SqlApplication | AnalyticsApplication) -> Findings:
    """AWS ended SQL applications on 27 January 2026: it deletes them, and new ones cannot be made.

    Fix: write the query for Managed Service for Apache Flink (Flink SQL in a Studio notebook or an application).
    """
    if isinstance(application, SqlApplication):
        yield application.fail("is a SQL application, which AWS has discontinued")
    elif application.runtime_environment == "SQL-1_0":
        yield application.fail("is a SQL application, which AWS has discontinued", at="runtime_environment")
