"""CloudTrail trails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.values import Unknown

_OPERATIONS = ("DescribeTrails", "GetTrailStatus", "GetEventSelectors")


@collector("cloudtrail", types=("AWS::CloudTrail::Trail",), operations=_OPERATIONS, scope="global")
def multi_region_trails(api: Api) -> Iterator[Raw]:
    """Trails of all regions, the organization's among them; every region lists them, so one is asked."""
    for trail in api.pages("DescribeTrails", "trailList"):
        if trail.get("IsMultiRegionTrail"):
            yield _trail(api, trail)


@collector("cloudtrail", types=("AWS::CloudTrail::Trail",), operations=_OPERATIONS)
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
    properties: dict[str, Any] = {
        **trail,
        **selectors,
        "IsLogging": api.ask("GetTrailStatus", "IsLogging", region=home, Name=arn),
    }
    return api.raw("AWS::CloudTrail::Trail", arn, properties, names=(trail["Name"],), title=trail["Name"], region=home)
