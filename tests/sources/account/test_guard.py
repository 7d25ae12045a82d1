"""An operation that is not declared never leaves the process."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from auditor.sources.account.guard import OperationRefused, guard, require_read_only


@pytest.fixture
def guarded():
    """A guarded session, and a list of every request that got as far as the network."""
    session = boto3.Session()
    guard(session, ["s3:ListBuckets", "ec2:DescribeInstances"])
    sent = []

    def record(request, **_):
        sent.append(request.url)
        raise ConnectionAbortedError("no test reaches a network")

    session.events.register_first("before-send", record)
    return session, sent


@pytest.mark.parametrize(
    ("service", "method", "params"),
    [
        ("s3", "delete_bucket", {"Bucket": "data"}),
        ("s3", "put_object", {"Bucket": "data", "Key": "a", "Body": b"secret"}),
        ("s3", "get_object", {"Bucket": "data", "Key": "a"}),
        ("ec2", "terminate_instances", {"InstanceIds": ["i-1"]}),
        ("ec2", "describe_volumes", {}),
        ("iam", "create_user", {"UserName": "mallory"}),
    ],
)
def test_undeclared_operations_are_refused_before_a_request_exists(guarded, service, method, params):
    session, sent = guarded
    created = []
    client = session.client(service)
    client.meta.events.register_first("before-parameter-build", lambda **_: created.append("parameters"))
    client.meta.events.register_first("request-created", lambda **_: created.append("request"))
    with pytest.raises(OperationRefused, match="not declared"):
        getattr(client, method)(**params)
    assert sent == []
    assert created == []


def test_a_declared_operation_passes(guarded):
    session, sent = guarded
    with pytest.raises(ConnectionAbortedError):
        session.client("ec2", region_name="eu-west-1").describe_instances()
    assert sent == ["https://ec2.eu-west-1.amazonaws.com/"]


def test_new_clients_paginators_waiters_and_resources_are_covered(guarded):
    session, sent = guarded
    first = session.client("ec2")
    attempts = [
        lambda: session.client("ec2", region_name="us-west-2").stop_instances(InstanceIds=["i-1"]),
        lambda: session._session.create_client("ec2").stop_instances(InstanceIds=["i-1"]),
        lambda: first._make_api_call("StopInstances", {"InstanceIds": ["i-1"]}),
        lambda: list(first.get_paginator("describe_volumes").paginate()),
        lambda: first.get_waiter("volume_available").wait(),
        lambda: session.resource("s3").Bucket("data").delete(),
    ]
    for attempt in attempts:
        with pytest.raises(OperationRefused):
            attempt()
    assert sent == []


def test_requests_handed_to_the_endpoint_are_covered(guarded):
    session, sent = guarded
    client = session.client("s3")
    model = client.meta.service_model.operation_model("DeleteBucket")
    request = {"url": "https://s3.amazonaws.com/data", "method": "DELETE", "headers": {}, "body": b"", "context": {}}
    with pytest.raises(OperationRefused):
        client._endpoint.make_request(model, request)
    assert sent == []


def test_presigned_urls_are_covered(guarded):
    session, _ = guarded
    s3, rds = session.client("s3"), session.client("rds")
    with pytest.raises(OperationRefused):
        s3.generate_presigned_url("put_object", Params={"Bucket": "data", "Key": "a"})
    with pytest.raises(OperationRefused):
        s3.generate_presigned_post("data", "a")
    with pytest.raises(OperationRefused):
        rds.generate_db_auth_token("db.example", 5432, "admin")
    assert s3.generate_presigned_url("list_buckets").startswith("https://")


def test_a_second_guard_adds_to_the_first(guarded):
    session, sent = guarded
    client = session.client("ec2")
    guard(session, ["ec2:DescribeVolumes"])
    with pytest.raises(ConnectionAbortedError):
        client.describe_volumes()
    with pytest.raises(ConnectionAbortedError):
        client.describe_instances()
    assert len(sent) == 2


def test_two_sessions_have_two_guards(guarded):
    other = boto3.Session()
    guard(other, ["ec2:DescribeVolumes"])
    with pytest.raises(OperationRefused):
        guarded[0].client("ec2").describe_volumes()


def test_a_refusal_is_not_taken_for_an_aws_error():
    assert not issubclass(OperationRefused, (BotoCoreError, ClientError))


@pytest.mark.parametrize("operation", ["s3:DeleteBucket", "ec2:RunInstances", "iam:PutUserPolicy", "s3:Getaway", "s3:"])
def test_only_reads_can_be_declared(operation):
    with pytest.raises(ValueError, match="not a read operation"):
        require_read_only(operation)


@pytest.mark.parametrize(
    "operation", ["s3:GetBucketPolicy", "s3:HeadBucket", "iam:GenerateCredentialReport", "athena:BatchGetNamedQuery"]
)
def test_reads_can_be_declared(operation):
    require_read_only(operation)
