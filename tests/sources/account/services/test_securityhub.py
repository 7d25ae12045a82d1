"""Security Hub."""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.resources.securityhub import Hub
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_HUB = f"arn:aws:securityhub:{REGION}:{ACCOUNT}:hub/default"
_STANDARD = "aws-foundational-security-best-practices/v/1.0.0"


class TestSecurityHub(Behaviour):
    cases = (
        Case(
            "AWS::SecurityHub::Hub",
            _HUB,
            "DescribeHub",
            {"DescribeHub": {"HubArn": _HUB, "AutoEnableControls": True}},
            {"AutoEnableControls": True},
            empty="InvalidAccessException",
            needs=("HubArn",),
        ),
        Case(
            "AWS::SecurityHub::Standard",
            f"arn:aws:securityhub:{REGION}:{ACCOUNT}:subscription/{_STANDARD}",
            "GetEnabledStandards",
            {
                "GetEnabledStandards": {
                    "StandardsSubscriptions": [
                        {
                            "StandardsSubscriptionArn": f"arn:aws:securityhub:{REGION}:{ACCOUNT}:subscription/{name}",
                            "StandardsArn": f"arn:aws:securityhub:{REGION}::standards/{name}",
                            "StandardsInput": {},
                            "StandardsStatus": status,
                        }
                        for name, status in ((_STANDARD, "READY"), ("cis/v/1.2.0", "DELETING"))
                    ]
                }
            },
            {"StandardsArn": f"arn:aws:securityhub:{REGION}::standards/{_STANDARD}"},
            empty="InvalidAccessException",
            token="NextToken",
            needs=("StandardsSubscriptionArn", "StandardsArn", "StandardsInput", "StandardsStatus"),
        ),
        Case(
            "AWS::SecurityHub::DelegatedAdmin",
            f"arn:aws:securityhub:{REGION}:{ACCOUNT}:delegated-admin/210987654321",
            "ListOrganizationAdminAccounts",
            {"ListOrganizationAdminAccounts": {"AdminAccounts": [{"AccountId": "210987654321", "Status": "ENABLED"}]}},
            {"AdminAccountId": "210987654321"},
            token="NextToken",
            needs=("AccountId",),
        ),
    )


def test_who_is_no_management_account_does_not_know(moto, scripted):
    scripted({"ListOrganizationAdminAccounts": "InvalidAccessException"})
    (gap,) = scan("AWS::SecurityHub::DelegatedAdmin").gaps
    assert gap.types == ("AWS::SecurityHub::DelegatedAdmin",)


def test_moto(aws):
    assert scan("AWS::SecurityHub::Hub").raws == []
    aws("securityhub").enable_security_hub()
    (hub,) = Inventory(scan("AWS::SecurityHub::Hub")).of(Hub)
    assert hub.address == _HUB
