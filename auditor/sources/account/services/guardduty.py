"""GuardDuty detectors, their high findings, and who manages them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.account.regular import Batch, Call, Listing, regular

_DETECTORS = Listing("ListDetectors", "DetectorIds[].{DetectorId: @}", shared=True)
_ARN = "arn:{partition}:guardduty:{region}:{account}:detector/{DetectorId}"
_THIS = {"DetectorId": "{DetectorId}"}
_GONE = ("BadRequestException",)  # what GuardDuty says of an id that no longer exists

_HIGH = 7
"""From this severity a finding is High. Source: GuardDuty's user guide, "GuardDuty finding severity levels"."""
_MOST_FINDINGS = 200


def _enable(detector: dict[str, Any]) -> Mapping[str, Any]:
    if "Status" not in detector:
        return detector
    return {**detector, "Enable": detector["Status"] == "ENABLED"}


regular(
    "guardduty",
    "AWS::GuardDuty::Detector",
    _DETECTORS,
    describe=Call("GetDetector", "", _THIS, gone=_GONE),
    reshape=_enable,
    arn=_ARN,
    title="{DetectorId}",
)

regular(
    "guardduty",
    "api:GuardDuty::Administration",
    _DETECTORS,
    more=(
        Call("GetAdministratorAccount", "Administrator", _THIS, into="Administrator", gone=_GONE),
        # Others than the organization's administrator are refused with the code that a wrong id has, too.
        Call("DescribeOrganizationConfiguration", "", _THIS, into="Organization", absent=_GONE),
    ),
    arn=f"{_ARN}/administration",
    title="{DetectorId}",
)

regular(
    "guardduty",
    "api:GuardDuty::Finding",
    Listing(
        "ListFindings",
        "FindingIds[].{FindingId: @}",
        {
            **_THIS,
            "FindingCriteria": {
                "Criterion": {"severity": {"GreaterThanOrEqual": _HIGH}, "service.archived": {"Equals": ["false"]}}
            },
        },
        within=_DETECTORS,
        gone=_GONE,
        most=_MOST_FINDINGS,
    ),
    describe=Batch(
        "GetFindings",
        "Findings[].{Id: Id, Severity: Severity, Type: Type, Title: Title}",
        ids="FindingIds",
        listed="{FindingId}",
        described="{Id}",
        size=50,
        params=_THIS,
    ),
    arn=f"{_ARN}/finding/{{FindingId}}",
    title="{Title}",
)
