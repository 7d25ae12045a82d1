"""A simulated account without a network, and a place for collectors that only a test knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from auditor.sources.account import collector as registry
from tests.quick import quick

__all__ = ["quick"]

pytest.register_assert_rewrite("tests.sources.account.services.support", "tests.sources.account.services.reading")

ACCOUNT = "123456789012"
REGION = "us-east-1"


@pytest.fixture(autouse=True)
def aws_environment(monkeypatch, tmp_path) -> None:
    """Credentials that open nothing, and none of the developer's own configuration."""
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")  # a second per region
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


@pytest.fixture
def moto() -> Iterator[None]:
    """An empty simulated account, in this process."""
    with mock_aws():
        yield


@pytest.fixture
def aws(moto) -> Any:
    """Makes clients that may write, to fill the simulated account: `aws("s3")`."""
    session = boto3.Session()
    return lambda service, region=REGION: session.client(service, region_name=region)


@pytest.fixture
def collectors(monkeypatch) -> list[registry.Collector]:
    """The only collectors that exist in this test; `@collector` adds to them."""
    registry.load_collectors()  # else who loads them within the test adds them to its own
    made: list[registry.Collector] = []
    monkeypatch.setattr(registry, "COLLECTORS", made)
    monkeypatch.setattr(registry, "load_collectors", lambda: made)
    return made


@pytest.fixture
def failing(monkeypatch) -> Any:
    """Makes operations of every client fail with an AWS error code: `failing({"ListBuckets": "AccessDenied"})`."""
    from botocore.awsrequest import AWSResponse

    from auditor.sources.account.calls import Calls

    codes: dict[str, str] = {}
    make = Calls.client

    def fail(model: Any, **_: Any) -> Any:
        code = codes.get(model.name)
        if code is None:
            return None
        error = {"Code": code, "Message": f"no {model.name} for you (Request ID: 4f1-22)"}
        return AWSResponse("", 403, {}, None), {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 403}}

    def client(self: Calls, service: str, region: str) -> Any:
        made = make(self, service, region)
        made.meta.events.register("before-call", fail, unique_id="failing")
        return made

    monkeypatch.setattr(Calls, "client", client)
    return codes.update


@pytest.fixture
def scripted(monkeypatch) -> Any:
    """Answers operations by hand, their shapes checked against botocore's, as its Stubber does.

    `scripted({"ListQueues": {"QueueUrls": []}})`: a map is every answer, a list one after the other, a text an AWS
    error code, a function is given the parameters. What is not scripted goes on to moto. `scripted({}, throttled=sent)`
    lets the first attempt at each operation be throttled, where botocore decides on retries, and counts attempts.
    """
    from collections import Counter

    from botocore.awsrequest import AWSResponse
    from botocore.endpoint import Endpoint
    from botocore.validate import validate_parameters

    from auditor.sources.account.calls import Calls

    answers: dict[str, Any] = {}
    throttling: list[Counter[str]] = []
    make, respond = Calls.client, Endpoint._get_response

    def keep(params: Any, context: Any, **_: Any) -> None:
        context["asked"] = dict(params)

    def answer_at_once(model: Any, context: Any, **_: Any) -> Any:
        return None if throttling else answer(model, context)

    def answer_request(self: Endpoint, request: Any, model: Any, context: Any) -> Any:
        attempts = throttling[0]
        attempts[model.name] += 1
        if attempts[model.name] == 1:
            return error_answer("ThrottlingException"), None
        given = answer(model, context)
        return respond(self, request, model, context) if given is None else (given, None)

    def error_answer(code: str) -> Any:
        error = {"Code": code, "Message": f"the operation said {code}"}
        return AWSResponse("", 400, {}, None), {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}

    def answer(model: Any, context: Any) -> Any:
        given = answers.get(model.name)
        if given is None:
            return None
        if isinstance(given, list):
            given = given.pop(0)
        if callable(given):
            given = given(context["asked"])
        if isinstance(given, str):
            return error_answer(given)
        validate_parameters(given, model.output_shape)
        return AWSResponse("", 200, {}, None), dict(given)

    def client(self: Calls, service: str, region: str) -> Any:
        made = make(self, service, region)
        made.meta.events.register("before-parameter-build", keep, unique_id="keep")
        made.meta.events.register("before-call", answer_at_once, unique_id="scripted")
        return made

    def script(more: dict[str, Any], throttled: Counter[str] | None = None) -> None:
        answers.update(more)
        if throttled is not None:
            throttling.append(throttled)
            monkeypatch.setattr(Endpoint, "_get_response", answer_request)
            monkeypatch.setattr("time.sleep", lambda _: None)
            monkeypatch.setattr("botocore.retries.adaptive.ClientRateLimiter.on_sending_request", lambda *_, **__: None)

    monkeypatch.setattr(Calls, "client", client)
    return script
