"""CloudTrail trails and event data stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Call, Listing, regular
from auditor.values import ABSENT, Unknown

_DETAILS = {
    "GetTrailStatus": ("IsLogging",),
    "GetEventSelectors": ("EventSelectors", "AdvancedEventSelectors"),
    "GetInsightSelectors": ("InsightSelectors",),
}


@collector(
    "cloudtrail", types=("AWS::CloudTrail::Trail",), operations=("DescribeTrails",), details=_DETAILS, scope="global"
)
def multi_region_trails(api: Api) -> Iterator[Raw]:
    """Trails of all regions, the organization's among them; every region lists them, so one is asked."""
    for trail in api.pages("DescribeTrails", "trailList"):
        if trail.get("IsMultiRegionTrail"):
            yield _trail(api, trail)


@collector("cloudtrail", types=("AWS::CloudTrail::Trail",), operations=("DescribeTrails",), details=_DETAILS)
def regional_trails(api: Api) -> Iterator[Raw]:
    """Trails of one region only."""
    for trail in api.pages("DescribeTrails", "trailList"):
        if not trail.get("IsMultiRegionTrail") and trail.get("HomeRegion", api.region) == api.region:
            yield _trail(api, trail)


def _trail(api: Api, trail: Mapping[str, Any]) -> Raw:
    arn, home = trail["TrailARN"], trail.get("HomeRegion", api.region)
    selectors = api.ask("GetEventSelectors", region=home, TrailName=arn)
    if isinstance(selectors, Unknown):
        selectors = dict.fromkeys(("EventSelectors", "AdvancedEventSelectors"), selectors)
    insights: Any = ABSENT
    if trail.get("HasInsightSelectors", True):
        insights = api.ask(
            "GetInsightSelectors",
            "InsightSelectors",
            absent=("InsightNotEnabledException",),
            region=home,
            TrailName=arn,
        )
    properties: dict[str, Any] = {
        **trail,
        **selectors,
        "InsightSelectors": insights,
        "IsLogging": api.ask("GetTrailStatus", "IsLogging", region=home, Name=arn),
    }
    return api.raw("AWS::CloudTrail::Trail", arn, properties, names=(trail["Name"],), title=trail["Name"], region=home)


regular(
    "cloudtrail",
    "AWS::CloudTrail::EventDataStore",
    Listing("ListEventDataStores", "EventDataStores"),
    describe=Call(
        "GetEventDataStore",
        "",
        {"EventDataStore": "{EventDataStoreArn}"},
        gone=("EventDataStoreNotFoundException",),
    ),
    drop="Status == 'PENDING_DELETION'",
    arn="{EventDataStoreArn}",
    title="{Name}",
)
