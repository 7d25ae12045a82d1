"""SQS queues."""

from __future__ import annotations

import json

import pytest

from auditor.inventory import Inventory
from auditor.resources.sqs import Queue
from auditor.values import Undecided
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}"
_URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/jobs"
_REDRIVE = json.dumps({"deadLetterTargetArn": f"{_ARN}:dead", "maxReceiveCount": 5})


class TestSqs(Behaviour):
    cases = (
        Case(
            "AWS::SQS::Queue",
            f"{_ARN}:jobs",
            "ListQueues",
            {
                "ListQueues": {"QueueUrls": [_URL]},
                "GetQueueAttributes": {"Attributes": {"QueueArn": f"{_ARN}:jobs", "RedrivePolicy": _REDRIVE}},
            },
            # AWS tells it of all queues but those that are older than the setting.
            {"RedrivePolicy": _REDRIVE, "SqsManagedSseEnabled": "false"},
            token="NextToken",
            gone={"GetQueueAttributes": "AWS.SimpleQueueService.NonExistentQueue"},
            title="jobs",
        ),
    )

    def test_a_denied_description_leaves_encryption_unknown(self, scripted) -> None:
        scripted({**self.cases[0].answers, "GetQueueAttributes": "AccessDenied"})
        (queue,) = Inventory(scan("AWS::SQS::Queue")).of(Queue)
        with pytest.raises(Undecided, match="sqs:GetQueueAttributes was denied"):
            _ = queue.sqs_managed_sse_enabled

    def test_a_malformed_redrive_policy(self, scripted) -> None:
        attributes = {"QueueArn": f"{_ARN}:jobs", "RedrivePolicy": "{"}
        scripted({**self.cases[0].answers, "GetQueueAttributes": {"Attributes": attributes}})
        (queue,) = Inventory(scan("AWS::SQS::Queue")).of(Queue)
        with pytest.raises(Undecided, match="RedrivePolicy should be JSON but is text"):
            _ = queue.redrive_policy


def test_what_moto_has(aws):
    sqs = aws("sqs")
    sqs.create_queue(QueueName="dead", Attributes={"SqsManagedSseEnabled": "true"})
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}]})
    sqs.create_queue(
        QueueName="jobs", Attributes={"KmsMasterKeyId": "alias/ml", "RedrivePolicy": _REDRIVE, "Policy": policy}
    )
    found = scan("AWS::SQS::Queue")
    assert (found.gaps, found.notices) == ([], [])
    queues = {queue.title: queue for queue in Inventory(found).of(Queue)}
    assert (queues["dead"].sqs_managed_sse_enabled, queues["dead"].redrive_policy) == (True, None)
    jobs = queues["jobs"]
    assert jobs.redrive_policy is not None
    assert jobs.redrive_policy.dead_letter_target_arn == queues["dead"].raw.id
    assert (jobs.kms_master_key_id, jobs.policy is not None) == ("alias/ml", True)
