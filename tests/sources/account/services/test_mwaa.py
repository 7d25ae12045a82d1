"""Managed Workflows for Apache Airflow, which moto does not have."""

from __future__ import annotations

import pytest

from auditor.resources.mwaa import Environment
from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_TYPE = "AWS::MWAA::Environment"
_ARN = f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/dags"
_ENVIRONMENT = {
    "Name": "dags",
    "Arn": _ARN,
    "Status": "AVAILABLE",
    "AirflowVersion": "2.8.1",
    "EnvironmentClass": "mw1.small",
    "WebserverAccessMode": "PUBLIC_ONLY",
    "KmsKey": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k",
    "SourceBucketArn": "arn:aws:s3:::airflow-dags",
    "RequirementsS3Path": "requirements.txt",
    "AirflowConfigurationOptions": {"smtp.smtp_password": "correct-horse"},
    "LoggingConfiguration": {"SchedulerLogs": {"Enabled": True}, "TaskLogs": {"Enabled": False}},
}


class TestMwaa(Reads):
    cases = (
        Reading(
            _TYPE,
            _ARN,
            "ListEnvironments",
            {"ListEnvironments": {"Environments": ["dags"]}, "GetEnvironment": {"Environment": _ENVIRONMENT}},
            {},
            empty={"Environments": []},
            token="NextToken",
            gone={"GetEnvironment": "ResourceNotFoundException"},
            title="dags",
            service="mwaa",
            reads={
                "airflow_version": "2.8.1",
                "environment_class": "mw1.small",
                "webserver_access_mode": "PUBLIC_ONLY",
                "kms_key": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k",
                "source_bucket_arn": "arn:aws:s3:::airflow-dags",
                "requirements_s3_path": "requirements.txt",
                "requirements_s3_object_version": None,
                "scheduler_logs": True,
                "worker_logs": False,
                "webserver_logs": False,
                "dag_processing_logs": False,
                "task_logs": False,
            },
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")


def test_no_option_that_is_a_secret_is_kept(scripted):
    scripted(TestMwaa.cases[0].answers)
    assert "correct-horse" not in repr(scan(_TYPE))


def test_an_environment_that_is_being_deleted_is_left_out(scripted):
    scripted({**TestMwaa.cases[0].answers, "GetEnvironment": {"Environment": {**_ENVIRONMENT, "Status": "DELETING"}}})
    assert scan(_TYPE).raws == []


def test_what_an_environment_has_by_itself(scripted):
    scripted({"ListEnvironments": {"Environments": ["dags"]}, "GetEnvironment": {"Environment": {"Name": "dags"}}})
    environment = Environment(one(scan(_TYPE), _TYPE))
    assert (environment.webserver_access_mode, environment.kms_key, environment.task_logs) == (
        "PRIVATE_ONLY",
        None,
        False,
    )
