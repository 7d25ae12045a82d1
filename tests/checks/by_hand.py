"""Live resources made by hand, in the shape that collectors give, in one account and region."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from auditor.config import Config
from auditor.raw import Collected, Gap, Raw, Scope
from auditor.utilisation.metric import Usage
from auditor.values import Unknown
from tests.builders import FileOrigin
from tests.support import judge
from tests.usage import Values, usage

ACCOUNT = "123456789012"
REGION = "us-east-1"
OLD = datetime.now(UTC) - timedelta(days=60)
DENIED = Unknown("cloudwatch:GetMetricData was denied")

Measured = Callable[[Raw], Raw]


def arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


def live(type_name: str, id: str, properties: Mapping[str, Any], *names: str) -> Raw:
    scope = Scope(f"{ACCOUNT}/{REGION}", "account", ACCOUNT, REGION)
    return Raw(type_name, id, properties, scope, FileOrigin(), "live", names=names, title=names[0] if names else "")


def account(*raws: Raw, gaps: tuple[Gap, ...] = ()) -> Collected:
    inputs = [{"kind": "account", "name": ACCOUNT, "regions": [REGION]}]
    return Collected(raws=list(raws), gaps=list(gaps), inputs=inputs)


def gap(service: str, operation: str, *types: str) -> Gap:
    return Gap(service, operation, "AccessDeniedException", "no", ACCOUNT, REGION, types=types)


def judged(collected: Collected, check_id: str, config: Config | None = None) -> dict[str, Any]:
    """As `judge`, for tests that take it for granted that a finding has a figure."""
    return dict(judge(collected, check_id, config))


def measured(cls: type[Usage], **fields: Values | Mapping[str, Values]) -> Measured:
    return lambda owner: usage(cls, owner, **fields)


def unmeasured(cls: type[Usage]) -> Measured:
    """As it is where CloudWatch may not be asked."""

    def made(owner: Raw) -> Raw:
        paths = [field.path or () for field in cls.plan("live").values()]
        return Raw(cls.cfn, owner.id, {path[0]: DENIED for path in paths}, owner.scope, owner.origin, "live")

    return made
