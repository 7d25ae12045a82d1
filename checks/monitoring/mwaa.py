"""What Airflow logs."""

from collections.abc import Callable

from auditor import MEDIUM, Findings, check
from auditor.members import those
from auditor.resources.mwaa import Environment

_ON = "{Enabled: true, LogLevel: INFO}"
_FOUR = f"SchedulerLogs: {_ON}, WorkerLogs: {_ON}, WebserverLogs: {_ON}, DagProcessingLogs: {_ON}"
_AIRFLOW = "AWS::MWAA::Environment: {Name: pipelines, LoggingConfiguration: {%s}}"


@check(
    "mwaa-logging",
    title="MWAA environments log scheduler, worker, web server, DAG processing and tasks",
    severity=MEDIUM,
    bad=(
        "AWS::MWAA::Environment: {Name: pipelines}",
        _AIRFLOW % _FOUR,
        _AIRFLOW % f"{_FOUR}, TaskLogs: {{Enabled: false}}",
        _AIRFLOW % f"{_FOUR}, TaskLogs: {{LogLevel: INFO}}",
    ),
    good=_AIRFLOW % f"{_FOUR}, TaskLogs: {_ON}",
)
def logging(environment: Environment) -> Findings:
    """Airflow's own logs are the only place that says why a task failed or was never started.

    Fix: enable all five logs of LoggingConfiguration.
    """
    logs: tuple[tuple[str, str, Callable[[], bool]], ...] = (
        ("scheduler", "scheduler_logs", lambda: environment.scheduler_logs),
        ("workers", "worker_logs", lambda: environment.worker_logs),
        ("web server", "webserver_logs", lambda: environment.webserver_logs),
        ("DAG processing", "dag_processing_logs", lambda: environment.dag_processing_logs),
        ("tasks", "task_logs", lambda: environment.task_logs),
    )
    for what, field, _ in those(logs, lambda log: not log[2]()):
        yield environment.fail(f"does not log its {what}", at=field, expected="true")
