"""Posting JSON to a web address that somebody configured: Slack's incoming webhooks, and any other."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlsplit

from auditor.delivery.message import Message
from auditor.errors import UsageError

_TIMEOUT: Final = 15.0
_LONGEST_BLOCK: Final = 2900  # Slack takes 3,000 characters in a section


def slack(message: Message) -> dict[str, Any]:
    """The payload for a Slack incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).

    Slack reads `&`, `<` and `>` as its own markup; nothing that a resource is called can be a link or a mention.
    """
    body = "\n".join(map(_escaped, message.lines))
    return {
        "text": _escaped(message.subject),
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": message.subject[:150]}},
            {"type": "section", "text": {"type": "mrkdwn", "text": body[:_LONGEST_BLOCK], "verbatim": True}},
        ],
    }


def webhook(message: Message) -> dict[str, Any]:
    """The payload for a webhook of one's own."""
    return {
        "schema": "auditor-message/1",
        "subject": message.subject,
        "headline": message.headline,
        "news": message.news,
        "critical": list(message.alarms),
        "more_critical": message.more,
        "savings": list(message.savings),
        "unseen": message.unseen,
        "link": message.link,
    }


def post(url: str, payload: dict[str, Any]) -> None:
    """Post JSON over HTTPS, following no redirect: the address is a secret, and so not told in errors.

    Raises:
        UsageError: the address is none, or it did not take the message.
    """
    import urllib3

    try:
        parts = urlsplit(url)
        proper = parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        proper = False
    if not proper:
        raise UsageError("The webhook's address is not one that starts with https://.")
    with urllib3.PoolManager(retries=urllib3.Retry(total=2, redirect=0, backoff_factor=0.5)) as pool:
        try:
            answer = pool.request(
                "POST",
                url,
                body=json.dumps(payload).encode(),
                headers={"Content-Type": "application/json"},
                timeout=_TIMEOUT,
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise UsageError(f"{parts.hostname} did not take the message: {type(error).__name__}") from None
    if not 200 <= answer.status < 300:
        raise UsageError(f"{parts.hostname} did not take the message: it answered {answer.status}")


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
