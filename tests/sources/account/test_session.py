"""Signing in: every way it can go wrong says what to do."""

from __future__ import annotations

import os
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, SSOTokenLoadError

from auditor.errors import UsageError
from auditor.sources.account.guard import OperationRefused
from auditor.sources.account.session import identify, open_session, start_region

ROLE = "arn:aws:iam::210987654321:role/Auditor"


@pytest.fixture
def profiles() -> None:
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(
        "[profile production]\nregion = eu-west-1\n[profile staging]\nregion = eu-west-2\n", encoding="utf-8"
    )


class Sts:
    """An sts client that only fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def get_caller_identity(self) -> None:
        raise self.error


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetCallerIdentity")


@pytest.mark.usefixtures("profiles")
def test_an_unknown_profile_names_the_nearest():
    with pytest.raises(UsageError) as caught:
        open_session("producton")
    assert str(caught.value) == (
        "There is no AWS profile 'producton' (did you mean production?). Known profiles: production, staging."
    )


@pytest.mark.usefixtures("profiles")
def test_an_unknown_profile_of_the_environment(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "elsewhere")
    with pytest.raises(UsageError, match="There is no AWS profile 'elsewhere'"):
        open_session()


def test_no_profiles_at_all():
    with pytest.raises(UsageError, match="nor any other: create it with `aws configure --profile prod`"):
        open_session("prod")


def test_a_broken_configuration_file():
    Path(os.environ["AWS_CONFIG_FILE"]).write_text("[profile x\nregion", encoding="utf-8")
    with pytest.raises(UsageError, match="configuration cannot be read"):
        open_session("x")


@pytest.mark.usefixtures("profiles")
def test_a_profile_is_used(monkeypatch):
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert open_session("staging").region_name == "eu-west-2"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (refused("ExpiredToken"), "have expired (ExpiredToken). Sign in again"),
        (refused("InvalidClientTokenId"), "does not accept the credentials (InvalidClientTokenId)"),
        (refused("SignatureDoesNotMatch"), "this machine's clock"),
        (NoCredentialsError(), "Give a profile with --profile"),
        (SSOTokenLoadError(error_msg="The token has expired."), "aws sso login"),
        (EndpointConnectionError(endpoint_url="https://sts.eu-nowhere-1.amazonaws.com"), "cannot be reached in"),
    ],
)
def test_credentials_that_do_not_work(error, says):
    with pytest.raises(UsageError) as caught:
        identify(Sts(error), "us-east-1")
    assert says in str(caught.value)


def test_no_credentials_for_real(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    with pytest.raises(UsageError, match="There are no AWS credentials"):
        identify(open_session().client("sts"), "us-east-1")


@pytest.mark.parametrize(
    ("region", "partition", "home"),
    [
        ("eu-west-1", "aws", "us-east-1"),
        ("cn-northwest-1", "aws-cn", "cn-north-1"),
        ("us-gov-east-1", "aws-us-gov", "us-gov-west-1"),
    ],
)
def test_partitions(moto, region, partition, home):
    identity = identify(boto3.Session().client("sts", region_name=region), region)
    assert (identity.partition, identity.home, identity.account) == (partition, home, "123456789012")


def test_where_to_ask_first(monkeypatch):
    assert start_region(boto3.Session(region_name="eu-west-1"), ["us-west-2"], None) == "eu-west-1"
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert start_region(boto3.Session(), ["us-west-2"], None) == "us-west-2"
    assert start_region(boto3.Session(), None, ROLE.replace("aws", "aws-us-gov", 1)) == "us-gov-west-1"
    assert start_region(boto3.Session(), None, None) == "us-east-1"
    assert start_region(boto3.Session(), ["eu wset 1", "eu-wset-1"], None) == "us-east-1"
    assert start_region(boto3.Session(), ["cn-nowhere-1"], None) == "cn-north-1"
    assert start_region(boto3.Session(region_name="eu-wset-1"), ["eu-west-1"], None) == "eu-west-1"


def test_a_role_is_assumed_and_its_session_guarded(moto):
    session = open_session(role_arn=ROLE, external_id="shared", operations=["s3:ListBuckets"])
    assert identify(session.client("sts"), "us-east-1").arn == "arn:aws:sts::210987654321:assumed-role/Auditor/auditor"
    session.client("s3").list_buckets()
    with pytest.raises(OperationRefused):
        session.client("s3").get_bucket_policy(Bucket="data")


def test_the_request_for_a_role_carries_the_external_id(moto):
    asked = []
    base = boto3.Session()
    base.events.register("before-parameter-build.sts.AssumeRole", lambda params, **_: asked.append(params))
    open_session(role_arn=ROLE, external_id="shared", session=base)
    assert asked == [{"RoleArn": ROLE, "RoleSessionName": "auditor", "ExternalId": "shared"}]


def test_a_role_that_may_not_be_assumed(moto):
    base = boto3.Session()

    def deny(**_):
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "AssumeRole")

    base.events.register("before-call.sts.AssumeRole", deny)
    with pytest.raises(UsageError) as caught:
        open_session(role_arn=ROLE, session=base)
    assert "may not assume arn:aws:iam::210987654321:role/Auditor (AccessDenied)" in str(caught.value)
    assert "asks for no external id" in str(caught.value)


@pytest.mark.parametrize("arn", ["Auditor", "arn:aws:iam::123:role/x", "arn:aws:iam::123456789012:user/x"])
def test_what_is_no_role(arn):
    with pytest.raises(UsageError, match="is not the ARN of a role"):
        open_session(role_arn=arn)


def test_an_external_id_needs_a_role():
    with pytest.raises(UsageError, match="give the role's ARN"):
        open_session(external_id="shared")
