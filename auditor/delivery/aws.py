"""The two writes to AWS: publishing a message to an SNS topic, and importing findings into Security Hub."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from auditor.delivery.message import Message
from auditor.errors import UsageError
from auditor.sources.account.session import open_session
from reports.asff import MOST

_TOPIC: Final = re.compile(r"arn:aws[a-z-]*:sns:(?P<region>[a-z0-9-]+):\d{12}:[\w-]{1,256}(?:\.fifo)?")
_LONGEST_SNS: Final = 256 * 1024
LARGEST_FINDING: Final = 240 * 1024
"""Bytes that Security Hub takes for one finding."""
LARGEST_BATCH: Final = 6 * 1024 * 1024
"""Bytes of one call, as Security Hub's API takes them."""


def publish(message: Message, topic: str, *, profile: str | None = None, session: Any = None) -> None:
    """Publish a message to an SNS topic.

    Args:
        message: what to tell.
        topic: the topic's ARN.
        profile: a profile of the AWS configuration.
        session: a `boto3.Session` instead.

    Raises:
        UsageError: that is no topic, or SNS refused.
    """
    place = _TOPIC.fullmatch(topic)
    if place is None:
        raise UsageError(f"{topic!r} is not the ARN of an SNS topic, such as arn:aws:sns:eu-west-1:123456789012:name.")
    opened = open_session(profile, session=session, operations=("sns:Publish",))
    text = "\n".join(message.lines).encode()[:_LONGEST_SNS].decode(errors="ignore")
    subject = message.subject.encode("ascii", "replace").decode()  # SNS takes no other characters there
    parameters = {"TopicArn": topic, "Subject": subject, "Message": text}
    if topic.endswith(".fifo"):
        parameters |= {"MessageGroupId": "auditor", "MessageDeduplicationId": sha256(text.encode()).hexdigest()}
    try:
        opened.client("sns", region_name=place["region"]).publish(**parameters)
    except (BotoCoreError, ClientError) as error:
        raise UsageError(f"SNS did not take the message for {topic}: {error}") from error


def import_findings(
    findings: Iterable[dict[str, Any]], region: str, *, profile: str | None = None, session: Any = None
) -> tuple[int, list[str]]:
    """Import findings into the Security Hub of one account and region.

    Returns:
        How many were taken, and why each of the others was not.

    Raises:
        UsageError: Security Hub is not enabled there, or refused a call as a whole.
    """
    opened = open_session(profile, session=session, operations=("securityhub:BatchImportFindings",))
    client = opened.client("securityhub", region_name=region)
    taken = 0
    refused: list[str] = []
    for batch in batches(findings, refused):
        try:
            answer = client.batch_import_findings(Findings=batch)
        except (BotoCoreError, ClientError) as error:
            raise UsageError(f"Security Hub in {region} took {taken} findings, then no more: {error}") from error
        taken += answer["SuccessCount"]
        refused += [f"{one['Id']}: {one['ErrorCode']}: {one['ErrorMessage']}" for one in answer["FailedFindings"]]
    return taken, refused


def batches(findings: Iterable[dict[str, Any]], refused: list[str]) -> Iterator[list[dict[str, Any]]]:
    """Findings in as few calls as Security Hub's limits allow; one that is too large is added to `refused`."""
    batch: list[dict[str, Any]] = []
    size = 0
    for finding in findings:
        own = len(json.dumps(finding).encode())
        if own > LARGEST_FINDING:
            refused.append(f"{finding['Id']}: larger than the {LARGEST_FINDING // 1024} KB that Security Hub takes")
            continue
        if batch and (len(batch) == MOST or size + own > LARGEST_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(finding)
        size += own
    if batch:
        yield batch
