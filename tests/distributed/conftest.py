"""A bucket, a Lambda context and accounts of which some can be scanned."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from auditor import aws_lambda
from tests.distributed.support import BUCKET, Cloud
from tests.sources.account import conftest as simulated

aws, aws_environment, moto, scripted = simulated.aws, simulated.aws_environment, simulated.moto, simulated.scripted
quick = simulated.quick


@pytest.fixture
def cloud(aws: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """A bucket with settings in it, and the functions as they are at a cold start."""
    monkeypatch.setenv("AUDITOR_BUCKET", BUCKET)
    aws_lambda._base.cache_clear()
    cloud = Cloud(aws, monkeypatch)
    cloud.s3.create_bucket(Bucket=BUCKET)
    cloud.put("config/auditor.toml", b'select = ["ebs-volume-gp2", "sns-topic-*"]\nfail-on = "low"\n')
    yield cloud
    aws_lambda._base.cache_clear()


@pytest.fixture
def mail(aws: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What was published to the topic that the functions are told of: a list of (subject, lines), emptied when read."""
    topic = aws("sns").create_topic(Name="audit")["TopicArn"]
    queue = aws("sqs").create_queue(QueueName="audit")["QueueUrl"]
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:audit")
    monkeypatch.setenv("AUDITOR_TOPIC", topic)

    def read() -> list[tuple[str, list[str]]]:
        received = aws("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for one in received:
            aws("sqs").delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])
        bodies = [json.loads(one["Body"]) for one in received]
        return [(body["Subject"], body["Message"].splitlines()) for body in bodies]

    return read
