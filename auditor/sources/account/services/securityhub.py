"""Security Hub: whether a region has it, its standards, and the organization's administrator."""

from __future__ import annotations

from auditor.sources.account.regular import Listing, regular

_NOT_ENABLED = ("InvalidAccessException",)

regular(
    "securityhub",
    "AWS::SecurityHub::Hub",
    Listing("DescribeHub", "{HubArn: HubArn, AutoEnableControls: AutoEnableControls}", absent=_NOT_ENABLED),
    arn="{HubArn}",
    title="Security Hub",
)

regular(
    "securityhub",
    "AWS::SecurityHub::Standard",
    Listing(
        "GetEnabledStandards",
        "StandardsSubscriptions[?StandardsStatus!='DELETING']",
        absent=_NOT_ENABLED,
    ),
    arn="{StandardsSubscriptionArn}",
    names=("{StandardsArn}",),
)

regular(
    "securityhub",
    "AWS::SecurityHub::DelegatedAdmin",
    Listing("ListOrganizationAdminAccounts", "AdminAccounts[?Status=='ENABLED'].{AdminAccountId: AccountId}"),
    arn="arn:{partition}:securityhub:{region}:{account}:delegated-admin/{AdminAccountId}",
    title="{AdminAccountId}",
)
