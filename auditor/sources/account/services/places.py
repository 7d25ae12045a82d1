"""The account and its regions as resources, to which several services add properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector


def account(api: Api, properties: Mapping[str, Any]) -> Raw:
    """What a service tells about the account as a whole, for a global collector of the type `account`."""
    arn = f"arn:{api.partition}:iam::{api.account}:root"
    return api.raw("account", arn, properties, names=(api.account,), title=api.account)


def region(api: Api, properties: Mapping[str, Any]) -> Raw:
    """What a service tells about its region as a whole, for a collector of the type `region`.

    AWS has no ARN for a region; this one is made up to be unique and stable.
    """
    arn = f"arn:{api.partition}:ec2:{api.region}:{api.account}:region/{api.region}"
    return api.raw("region", arn, properties, names=(api.region,), title=api.region)


@collector("ec2", types=("region",), operations=())
def regions(api: Api) -> Iterator[Raw]:
    """The region itself, for checks that ask what is in it; that takes no call."""
    yield region(api, {})
