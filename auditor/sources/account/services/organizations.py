"""AWS Organizations: the account's organization, and its policies about AI services."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

_AI_POLICY = "AISERVICES_OPT_OUT_POLICY"
_NO_ORGANIZATION = "AWSOrganizationsNotInUseException"

regular(
    "organizations",
    "api:Organizations::Organization",
    Listing("DescribeOrganization", "Organization", absent=(_NO_ORGANIZATION,)),
    arn="{Arn}",
    title="{Id}",
    scope="global",
)

# Every member of an organization may ask what holds for itself.
regular(
    "organizations",
    "api:Organizations::EffectivePolicy",
    Listing(
        "DescribeEffectivePolicy",
        "EffectivePolicy",
        {"PolicyType": _AI_POLICY},
        absent=(_NO_ORGANIZATION, "EffectivePolicyNotFoundException"),
    ),
    arn="arn:{partition}:organizations::{account}:effective-policy/{PolicyType!l}",
    title="{PolicyType}",
    scope="global",
)

regular(
    "organizations",
    "AWS::Organizations::Policy",
    Listing("ListPolicies", "Policies", {"Filter": _AI_POLICY}, absent=(_NO_ORGANIZATION,), tells=("Id", "Name")),
    describe=Call(
        "DescribePolicy", "Policy.{PolicyContent: Content}", {"PolicyId": "{Id}"}, gone=("PolicyNotFoundException",)
    ),
    arn="{Arn}",
    title="{Name}",
    names=("{Id}",),
    scope="global",
)
