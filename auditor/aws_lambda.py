"""The Lambda functions: an event in, plain data out, and nothing of their own in between.

`audit` is all that one account needs. For an organization Step Functions calls `list_items`, then `scan_item` for each
item, `record_failure` for each that broke, and `roll_up` at the end. An event's members win over the environment's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from auditor.config import Config
from auditor.distributed import run as runs
from auditor.distributed import work
from auditor.distributed.digest import digest, is_news
from auditor.distributed.item import Item
from auditor.distributed.rollup import RollUp
from auditor.distributed.store import Bucket
from auditor.errors import UsageError
from auditor.organization import OPERATIONS, Member, list_members
from auditor.sources.account.session import client_config, identify, open_session, start_region, twin

_LONGEST_REASON: Final = 500

# What the stack says, by the plan's member; the event may say otherwise.
_PLAN: Final = {
    "bucket": "AUDITOR_BUCKET",
    "prefix": "AUDITOR_PREFIX",
    "role_name": "AUDITOR_ROLE_NAME",
    "external_id": "AUDITOR_EXTERNAL_ID",
    "config": "AUDITOR_CONFIG",
    "metrics_usd": "AUDITOR_METRICS_USD",
}
_TOPIC: Final = "AUDITOR_TOPIC"
_TELL: Final = "AUDITOR_TELL"  # `always`, else only what is new and grave


class Unfinished(Exception):
    """There was too little time; called with the same event again, the function goes on from there."""


def audit(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Scan the function's own account, compare it with the run before, and tell people what is new.

    Args:
        event: what EventBridge sends, or members of a plan.
        context: the Lambda context.

    Raises:
        Unfinished: not all could be asked in time; what was found is written, and a retry goes on.
        UsageError: S3 or the plan cannot be used.
    """
    plan = _plan({"role_name": "", "external_id": "", **event})
    store = _store(plan.bucket, plan.prefix)
    own = Member(_identity().account)
    manifest, _, _ = runs.begin(plan, [own], _selected(plan, store), store)
    done = [work.scan_item(item, store, session=twin(_base()), seconds=_seconds(context)) for item in manifest.items()]
    rolled = runs.finish(plan.run, store)
    left = [place for one in done for place in one.left]
    if left:
        raise Unfinished(f"{len(left)} collectors are left, such as {left[0]}; a retry goes on from there")
    _tell(rolled, store)
    return _rolled(rolled)


def list_items(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Write which items a run has.

    Args:
        event: members of a plan; `accounts`, a list of ids, stands for the organization's. Step Functions gives what it
            was started with as `request`, and when as `time`.
        context: the Lambda context.

    Returns:
        The run, the bucket, the key of the items, and how many.

    Raises:
        UsageError: the plan cannot be used, the accounts cannot be listed, or S3 refuses.
    """
    event = {**event, **event.get("request", {})}
    plan = _plan(event)
    store = _store(plan.bucket, plan.prefix)
    given = [Member(str(account)) for account in event.get("accounts", ())]
    members = given or list_members(open_session(session=twin(_base()), operations=OPERATIONS), _identity().home)
    _, key, count = runs.begin(plan, members, _selected(plan, store), store)
    return {"run": plan.run, "bucket": plan.bucket, "prefix": plan.prefix, "items": plan.prefix + key, "count": count}


def scan_item(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Scan one item; whatever keeps its account from being scanned comes back as data.

    Args:
        event: an item.
        context: the Lambda context.

    Raises:
        UsageError: S3 refuses, so that nobody can be told otherwise.
    """
    try:
        item = Item.from_dict(event)
    except UsageError as error:
        return {"status": "failed", "reason": str(error)}
    store = _store(item.bucket, item.prefix)
    return work.scan_item(item, store, session=twin(_base()), seconds=_seconds(context)).to_dict()


def record_failure(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Write down that the function broke, timed out or was refused for an item.

    Args:
        event: the `item`, and the `error` as Step Functions caught it.
        context: the Lambda context.

    Raises:
        UsageError: that is no item, or S3 refuses.
    """
    item = Item.from_dict(event["item"])
    return work.record_failure(item, _reason(event.get("error", {})), _store(item.bucket, item.prefix)).to_dict()


def roll_up(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Merge a run's items, write the organization's report, and send the digest, once.

    Args:
        event: the `run`, and the `bucket` and `prefix` where they are not the environment's.
        context: the Lambda context.

    Raises:
        UsageError: there is no such run, S3 refuses, or SNS does.
    """
    plan = _plan(event)
    store = _store(plan.bucket, plan.prefix)
    rolled = runs.finish(plan.run, store)
    _tell(rolled, store)
    return _rolled(rolled)


# --- how ------------------------------------------------------------------------------------------------------------


@cache
def _base() -> Any:
    """The session whose credentials all others share; a warm function keeps it."""
    return open_session()


def _identity() -> Any:
    base = twin(_base())
    region = start_region(base, None, None)
    return identify(open_session(session=base).client("sts", region_name=region, config=client_config(1)), region)


def _store(bucket: str, prefix: str) -> Bucket:
    return Bucket(bucket, prefix, session=twin(_base()))


def _plan(event: Mapping[str, Any]) -> runs.Plan:
    """The plan that the environment and the event make; a run is named after the day for which it was started."""
    given = {name: os.environ[variable] for name, variable in _PLAN.items() if os.environ.get(variable)}
    known = {name: event[name] for name in runs.Plan.__dataclass_fields__ if name in event}
    day = {"run": str(event.get("time", ""))[:10]}
    place = {"partition": _partition()}
    return runs.Plan.from_dict({**day, **place, **given, **known})


def _partition() -> str:
    base = _base()
    return str(base.get_partition_for_region(start_region(base, None, None)))


def _selected(plan: runs.Plan, store: Bucket) -> list[str]:
    """Ids of the checks that the plan's settings select.

    Raises:
        UsageError: the settings cannot be read, or name nothing.
    """
    from auditor.scan import select

    config = work.settings(plan.config, store) if plan.config else Config()
    return [check.id for check in select(config)]


def _seconds(context: Any) -> float:
    return float(context.get_remaining_time_in_millis()) / 1000


def _tell(rolled: RollUp, store: Bucket) -> None:
    """Send the digest, where there is a topic and something to tell, and it has not been sent."""
    topic = os.environ.get(_TOPIC, "")
    if not topic or not (os.environ.get(_TELL) == "always" or is_news(rolled)) or runs.told(rolled.run, store):
        return
    from auditor.delivery.aws import publish

    link = f"s3://{store.name}/{store.prefix}runs/{rolled.run}/index.html"
    publish(digest(rolled, link), topic, session=twin(_base()))
    runs.mark_told(rolled.run, store)


def _rolled(rolled: RollUp) -> dict[str, Any]:
    point = rolled.point()
    return {
        "run": rolled.run,
        "exit_code": rolled.exit_code,
        "scanned": point.scanned,
        "partial": point.partial,
        "failed": point.failed,
        "skipped": point.skipped,
        "findings": point.findings,
        "new_criticals": len(rolled.news.alarms) + rolled.news.more if rolled.news else 0,
        "report": f"runs/{rolled.run}/index.html",
    }


def _reason(error: Mapping[str, Any]) -> str:
    """What broke, for a person: `Sandbox.Timedout: Task timed out after 900.00 seconds`."""
    cause = str(error.get("Cause", ""))
    try:
        told = json.loads(cause)
        cause = str(told.get("errorMessage", cause)) if isinstance(told, dict) else cause
        name = str(told.get("errorType", "")) if isinstance(told, dict) else ""
    except ValueError:
        name = ""
    words = ": ".join(dict.fromkeys(filter(None, (str(error.get("Error", "")), name, cause))))
    return f"the function broke ({words[:_LONGEST_REASON] or 'no reason was given'})"
