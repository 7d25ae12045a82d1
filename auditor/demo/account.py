"""The simulated account: the machine learning platform of a company, some of it right and some of it wrong."""

from __future__ import annotations

from typing import Any

from auditor.demo import backdate, compute, data_lake, identity, metrics, network, operations, sagemaker
from auditor.demo.site import Site

REGIONS = ("us-east-1", "eu-west-1")


def build(session: Any) -> None:
    """Make the account's resources.

    Args:
        session: a `boto3.Session`, inside `moto.mock_aws()`: what this calls would cost a real account a lot of money.

    Raises:
        RuntimeError: outside `moto.mock_aws()`.
    """
    from moto.core.models import MockAWS

    if not MockAWS._mocks_active:
        raise RuntimeError("the demo account can only be built inside moto.mock_aws()")
    backdate.seed(2024)
    for region in REGIONS:
        site = Site(session, region)
        if region == REGIONS[0]:
            identity.build(site)
        operations.build_keys(site)
        operations.build_log_groups(site)
        network.build(site)
        data_lake.build(site)
        if region == REGIONS[0]:
            operations.build_trails(site)
        compute.build(site)
        sagemaker.build(site)
        metrics.build(site)
