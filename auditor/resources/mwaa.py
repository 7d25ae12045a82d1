"""Managed Workflows for Apache Airflow: environments."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import From


def _logs(name: str, tf: str) -> From:
    """Where it stands whether one kind of log is written."""
    path = f"LoggingConfiguration.{name}.Enabled"
    return From(cfn=path, tf=f"logging_configuration.{tf}.enabled", live=path)


class Environment(Resource, cfn="AWS::MWAA::Environment", tf="aws_mwaa_environment"):
    """An Airflow environment."""

    airflow_version: str | None = None
    environment_class: str | None = None
    webserver_access_mode: str = "PRIVATE_ONLY"
    kms_key: str | None = None
    source_bucket_arn: str | None = None
    requirements_s3_path: Annotated[str | None, From(cfn="RequirementsS3Path", live="RequirementsS3Path")] = None
    requirements_s3_object_version: Annotated[
        str | None, From(cfn="RequirementsS3ObjectVersion", live="RequirementsS3ObjectVersion")
    ] = None
    scheduler_logs: Annotated[bool, _logs("SchedulerLogs", "scheduler_logs")] = False
    worker_logs: Annotated[bool, _logs("WorkerLogs", "worker_logs")] = False
    webserver_logs: Annotated[bool, _logs("WebserverLogs", "webserver_logs")] = False
    dag_processing_logs: Annotated[bool, _logs("DagProcessingLogs", "dag_processing_logs")] = False
    task_logs: Annotated[bool, _logs("TaskLogs", "task_logs")] = False
