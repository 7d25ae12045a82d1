"""Macie."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from auditor.inventory import Inventory
from auditor.resources.macie import Session
from auditor.values import Undecided
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_TYPE = "AWS::Macie::Session"


def _refused(message):
    def refuse(_):
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": message}}, "GetMacieSession")

    return refuse


class TestMacie(Behaviour):
    cases = (
        Case(
            _TYPE,
            f"arn:aws:macie2:{REGION}:{ACCOUNT}:session",
            "GetMacieSession",
            {
                "GetMacieSession": {"status": "ENABLED", "findingPublishingFrequency": "ONE_HOUR"},
                "GetAutomatedDiscoveryConfiguration": {"status": "DISABLED"},
            },
            {"Status": "ENABLED", "AutomatedDiscoveryStatus": "DISABLED"},
            empty=_refused("Macie is not enabled"),
        ),
    )


def test_not_allowed_is_not_the_same_as_not_enabled(moto, scripted):
    scripted({"GetMacieSession": _refused("User is not authorized to perform: macie2:GetMacieSession")})
    (gap,) = scan(_TYPE).gaps
    assert (gap.operation, gap.types) == ("GetMacieSession", (_TYPE,))


def test_moto(aws, scripted):
    aws("macie2").enable_macie(status="PAUSED")
    scripted({"GetAutomatedDiscoveryConfiguration": "AccessDeniedException"})
    (session,) = Inventory(scan(_TYPE)).of(Session)
    assert session.status == "PAUSED"
    with pytest.raises(Undecided, match="GetAutomatedDiscoveryConfiguration was denied"):
        _ = session.automated_discovery_status
