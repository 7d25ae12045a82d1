"""What a template knows of the place that it is deployed to."""

from __future__ import annotations

from typing import Any, Final

from auditor.raw import Scope
from auditor.values import ABSENT, Unknown

_PARTITIONS: Final = (
    ("cn-", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-", "aws-us-gov", "amazonaws.com"),
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    ("us-iso-", "aws-iso", "c2s.ic.gov"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    ("eusc-", "aws-eusc", "amazonaws.eu"),
    ("", "aws", "amazonaws.com"),
)


def pseudo_parameters(scope: Scope) -> dict[str, Any]:
    """CloudFormation's own parameters, as far as the scan's account and region settings tell them."""
    region, account = scope.region, scope.account
    values: dict[str, Any] = {
        "AWS::NoValue": ABSENT,
        "AWS::AccountId": account or _setting("AWS::AccountId", "account"),
        "AWS::Region": region or _setting("AWS::Region", "region"),
    }
    for name in ("AWS::StackName", "AWS::StackId", "AWS::NotificationARNs"):
        values[name] = Unknown(f"{name} is known only at deployment", taken_from=name)
    if region:
        _, partition, suffix = next(entry for entry in _PARTITIONS if region.startswith(entry[0]))
        values |= {"AWS::Partition": partition, "AWS::URLSuffix": suffix}
    else:
        for name in ("AWS::Partition", "AWS::URLSuffix"):
            values[name] = _setting(name, "region")
    return values


def _setting(name: str, setting: str) -> Unknown:
    return Unknown(f"{name} is known only when the scan is given the {setting}", taken_from=name)
