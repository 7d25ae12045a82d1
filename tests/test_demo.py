"""The demo: the simulated account and the sample templates."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from auditor.config import Config
from auditor.demo import account
from auditor.demo.beyond import NOTHING
from auditor.demo.run import TEMPLATES, run, simulated_account
from auditor.demo.site import ACCOUNT
from auditor.errors import UsageError
from auditor.findings import Status
from auditor.report import Result, load
from auditor.scan import scan_account


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with simulated_account() as made:
        yield made


EC2 = {  # operation: what it lists, and how many of them there are in us-east-1 and eu-west-1
    "describe_vpcs": ("Vpcs", 3, 1),  # the default VPC is still there in us-east-1
    "describe_subnets": ("Subnets", 14, 3),
    "describe_route_tables": ("RouteTables", 8, 3),
    "describe_internet_gateways": ("InternetGateways", 2, 1),
    "describe_nat_gateways": ("NatGateways", 2, 1),
    "describe_addresses": ("Addresses", 3, 1),
    "describe_security_groups": ("SecurityGroups", 13, 3),
    "describe_network_acls": ("NetworkAcls", 4, 2),
    "describe_vpc_endpoints": ("VpcEndpoints", 3, 1),
    "describe_flow_logs": ("FlowLogs", 1, 0),
    "describe_instances": ("Reservations", 14, 2),  # one instance each
    "describe_volumes": ("Volumes", 18, 2),
}
SAGEMAKER = {
    "list_notebook_instances": ("NotebookInstances", 5, 0),
    "list_domains": ("Domains", 2, 0),
    "list_models": ("Models", 5, 1),
    "list_endpoint_configs": ("EndpointConfigs", 5, 1),
    "list_endpoints": ("Endpoints", 5, 1),
    "list_training_jobs": ("TrainingJobSummaries", 5, 0),
}
OTHERS = {
    "kms": {"list_keys": ("Keys", 5, 1)},
    "logs": {"describe_log_groups": ("logGroups", 6, 1)},
    "cloudtrail": {"list_trails": ("Trails", 2, 1)},
    "s3": {"list_buckets": ("Buckets", 13, 13)},
    "iam": {
        "list_users": ("Users", 6, 6),
        "list_groups": ("Groups", 3, 3),
        "list_roles": ("Roles", 10, 10),
        "list_policies": ("Policies", 7, 7),
        "list_instance_profiles": ("InstanceProfiles", 1, 1),
    },
}


@pytest.mark.parametrize("service", ["ec2", "sagemaker", *OTHERS])
def test_account_holds_what_it_should(session: Any, service: str) -> None:
    expected = {"ec2": EC2, "sagemaker": SAGEMAKER, **OTHERS}[service]
    clients = [session.client(service, region_name=region) for region in account.REGIONS]
    found = {
        operation: (path, *(len(getattr(client, operation)()[path]) for client in clients))
        for operation, (path, *_) in expected.items()
    }
    assert found == expected


def test_what_moto_drops_is_there_all_the_same(session: Any) -> None:
    sagemaker = session.client("sagemaker")
    isolated = {
        model["ModelName"]: sagemaker.describe_model(ModelName=model["ModelName"])["EnableNetworkIsolation"]
        for model in sagemaker.list_models()["Models"]
    }
    assert sorted(name for name, value in isolated.items() if not value) == ["churn-v3", "vision-defects-v1"]
    config = sagemaker.describe_endpoint_config(EndpointConfigName="fraud-scoring-v7-config")
    assert config["ProductionVariants"][0]["InstanceType"] == "ml.g5.xlarge"
    job = sagemaker.describe_training_job(TrainingJobName="vision-defects-run-12")
    assert job["BillableTimeInSeconds"] == job["TrainingTimeInSeconds"] == 26 * 3600

    iam = session.client("iam")
    iam.generate_credential_report()
    header, *lines = iam.get_credential_report()["Content"].decode().splitlines()
    users = {line.split(",")[0]: dict(zip(header.split(","), line.split(","), strict=True)) for line in lines}
    assert users["etl-batch"]["access_key_1_last_used_date"] == "N/A"
    assert users["carla.nunes"]["access_key_1_last_rotated"] < users["ben.ortiz"]["access_key_1_last_rotated"]
    groups = session.client("logs").describe_log_groups()["logGroups"]
    assert max(group["storedBytes"] for group in groups) == 412 * 1024**3


@pytest.fixture(scope="module")
def idle(session: Any) -> dict[str, Result]:
    """What the checks of idle machines say of whom, by name; who passes is left out."""
    config = Config(account=ACCOUNT, region=account.REGIONS[0], select=("ec2-gpu-idle", "sagemaker-endpoint-idle"))
    report = scan_account(config, session=session, regions=account.REGIONS)
    assert report.gaps == []
    return {
        report.resources[result.resource].title.partition(" (")[0]: result
        for result in report.results
        if result.status is not Status.PASS
    }


def test_exactly_the_idle_ones_are_called_idle(idle: dict[str, Result]) -> None:
    """Not the busy p3.8xlarge, nor what computes on its GPUs alone, nor an endpoint that uses one of two variants."""
    assert {name: result.status for name, result in idle.items()} == {
        "train-speech-01": Status.FAIL,
        "label-video-01": Status.FAIL,
        "vision-defects": Status.FAIL,
        "train-sweep-01": Status.UNKNOWN,  # there since yesterday
    }


def test_idle_is_said_in_words_that_fit_the_evidence(idle: dict[str, Result]) -> None:
    told = {
        name: (result.message, result.saving.confidence, round(result.saving.high))
        for name, result in idle.items()
        if result.saving
    }
    assert told == {
        "train-speech-01": ("is a p3.8xlarge whose GPUs were at most 0.4 % busy in 7 days", "high", 8935),
        "label-video-01": (
            "is a g4dn.xlarge that looks idle: no figures of its GPUs are published, but its processors were at most"
            " 1.1 % busy and its network moved at most 1.6 MB a day in 14 days",
            "medium",
            384,
        ),
        "vision-defects": ("had no request in 14 days", "high", 2792),
    }
    assert "has not been there for 7 days" in idle["train-sweep-01"].reason


@pytest.mark.slow
def test_every_question_of_a_scan_is_answered(session: Any) -> None:
    """What moto lacks is in the table of `beyond`, and nothing else is."""
    report = scan_account(Config(account=ACCOUNT, region=account.REGIONS[0]), session=session, regions=account.REGIONS)
    assert [(gap.service, gap.operation, gap.message) for gap in report.gaps] == []
    assert report.notices == []
    assert report.calls.keys() >= NOTHING


# What follows runs in processes of its own: moto has one account at a time, and `session` may be open.


def python(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, env={**os.environ, **environment}
    )


@pytest.mark.slow
def test_same_account_every_time() -> None:
    ran = python(
        """
from auditor.demo.run import simulated_account
for _ in range(2):
    with simulated_account() as session:
        ec2 = session.client("ec2")
        instances = [each["Instances"][0]["InstanceId"] for each in ec2.describe_instances()["Reservations"]]
        print(instances, [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]])
"""
    )
    assert ran.returncode == 0, ran.stderr
    first, second = ran.stdout.splitlines()
    assert first == second


@pytest.mark.slow
def test_nothing_leaves_the_process_and_no_setting_comes_in(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[default]\nregion = ap-south-1\nendpoint_url = http://localhost:1\n")
    ran = python(
        """
import os, socket
from botocore.httpsession import URLLib3Session

def refuse(*_, **__):
    raise AssertionError("a request was about to leave the process")

URLLib3Session.send = socket.socket.connect = socket.getaddrinfo = refuse
before = dict(os.environ)

from auditor.demo.run import simulated_account
with simulated_account() as session:
    print(session.client("sts").get_caller_identity()["Account"], session.region_name, os.environ.get("AWS_PROFILE"))
    print(session.client("s3").meta.endpoint_url)
print(dict(os.environ) == before)
""",
        AWS_CONFIG_FILE=str(config),
        AWS_PROFILE="production",
        AWS_ENDPOINT_URL="http://localhost:1",
        TEST_SERVER_MODE="true",
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["123456789012", "us-east-1", "None", "https://s3.amazonaws.com", "True"]


@pytest.mark.slow
def test_run_writes_both_reports(tmp_path: Path) -> None:
    script = (
        f"from pathlib import Path; from auditor.demo.run import run; [print(x) for x in run(Path({str(tmp_path)!r}))]"
    )
    ran = python(script)
    assert ran.returncode == 0, ran.stderr
    for name in ("account", "templates"):
        assert (tmp_path / f"{name}.html").stat().st_size > 1000
        assert load(str(tmp_path / f"{name}.json")).kind == name
        assert f"Report: {tmp_path / name}.html" in ran.stdout
    assert len(list((tmp_path / "templates").iterdir())) == 5


def test_run_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(UsageError, match="taken: the demo cannot write there"):
        next(iter(run(tmp_path / "taken")))


def test_builds_nothing_in_a_real_account() -> None:
    ran = python(
        """
import boto3
from auditor.demo.account import build
build(boto3.Session("key", "secret", region_name="us-east-1"))
"""
    )
    assert "RuntimeError: the demo account can only be built inside moto.mock_aws()" in ran.stderr


def test_without_moto(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moto", None)
    with pytest.raises(UsageError, match=r"pip install 'auditor\[demo\]'"), simulated_account():
        pass


def test_importing_it_imports_no_moto_and_no_boto3() -> None:
    ran = python("import sys, auditor.demo.run; print(sorted({'boto3', 'botocore', 'moto'} & sys.modules.keys()))")
    assert ran.stdout == "[]\n"


def test_templates_are_clean() -> None:
    from cfnlint import api

    files = sorted(TEMPLATES.iterdir())
    assert [file.name for file in files] == [
        "data-lake.yaml",
        "identity.yaml",
        "inference.json",
        "network.yaml",
        "training.yaml",
    ]
    config = api.ManualArgs(templates=[str(file) for file in files], regions=["us-east-1"])
    assert [str(match) for match in api.lint_by_config(config)] == []


def test_account_and_templates_are_of_one_company(session: Any) -> None:
    # a session of its own: where another test has scanned with that one, only what it asked is permitted
    credentials = session.get_credentials()
    own = boto3.Session(credentials.access_key, credentials.secret_key, credentials.token, session.region_name)
    live = {bucket["Name"] for bucket in own.client("s3").list_buckets()["Buckets"]}
    assert all(name.startswith("larkspur-") for name in live)
    assert all("larkspur" in file.read_text().lower() for file in TEMPLATES.iterdir())
