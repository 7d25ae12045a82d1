"""Macie: whether a region has it, and whether it looks through buckets by itself."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.failures import CallFailed

_SESSION = "{Status: status, FindingPublishingFrequency: findingPublishingFrequency}"


@collector(
    "macie2",
    types=("AWS::Macie::Session",),
    operations=("GetMacieSession",),
    details={"GetAutomatedDiscoveryConfiguration": ("AutomatedDiscoveryStatus",)},
)
def session(api: Api) -> Iterator[Raw]:
    """The region's session, where Macie was switched on.

    Where it was not, Macie answers with the code of a denied call: only its message tells them apart.
    """
    try:
        sessions = list(api.pages("GetMacieSession", _SESSION))
    except CallFailed as failed:
        if failed.gap.code == "AccessDeniedException" and failed.gap.message.startswith("Macie is not enabled"):
            return
        raise
    for one in sessions:
        discovery = api.ask("GetAutomatedDiscoveryConfiguration", "status", resource="the session")
        arn = f"arn:{api.partition}:macie2:{api.region}:{api.account}:session"
        yield api.raw("AWS::Macie::Session", arn, {**one, "AutomatedDiscoveryStatus": discovery}, title="Macie")
