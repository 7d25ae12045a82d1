"""AWS Organizations."""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.resources.organizations import EffectivePolicy, Organization, OrganizationPolicy
from tests.sources.account.services.support import ACCOUNT, Behaviour, Case, scan

_CONTENT = '{"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}}'
_POLICY = f"arn:aws:organizations::{ACCOUNT}:policy/o-1/aiservices_opt_out_policy/p-1"


class TestOrganizations(Behaviour):
    cases = (
        Case(
            "api:Organizations::Organization",
            f"arn:aws:organizations::{ACCOUNT}:organization/o-1",
            "DescribeOrganization",
            {
                "DescribeOrganization": {
                    "Organization": {
                        "Id": "o-1",
                        "Arn": f"arn:aws:organizations::{ACCOUNT}:organization/o-1",
                        "FeatureSet": "ALL",
                        "MasterAccountId": "210987654321",
                    }
                }
            },
            {"MasterAccountId": "210987654321"},
            empty="AWSOrganizationsNotInUseException",
            needs=("Arn",),
            title="o-1",
        ),
        Case(
            "api:Organizations::EffectivePolicy",
            f"arn:aws:organizations::{ACCOUNT}:effective-policy/aiservices_opt_out_policy",
            "DescribeEffectivePolicy",
            {
                "DescribeEffectivePolicy": {
                    "EffectivePolicy": {"PolicyContent": "{}", "PolicyType": "AISERVICES_OPT_OUT_POLICY"}
                }
            },
            {"PolicyContent": "{}"},
            empty="EffectivePolicyNotFoundException",
            needs=("PolicyType",),
        ),
        Case(
            "AWS::Organizations::Policy",
            _POLICY,
            "ListPolicies",
            {
                "ListPolicies": {
                    "Policies": [
                        {"Id": "p-1", "Arn": _POLICY, "Name": "no-training", "Type": "AISERVICES_OPT_OUT_POLICY"}
                    ]
                },
                "DescribePolicy": {"Policy": {"Content": _CONTENT}},
            },
            {"Type": "AISERVICES_OPT_OUT_POLICY", "PolicyContent": _CONTENT},
            empty="AWSOrganizationsNotInUseException",
            token="NextToken",
            gone={"DescribePolicy": "PolicyNotFoundException"},
            needs=("Id", "Arn"),
            title="no-training",
        ),
    )


def test_moto(aws):
    assert scan("api:Organizations::Organization").raws == []
    organizations = aws("organizations")
    organizations.create_organization(FeatureSet="ALL")
    organizations.enable_policy_type(
        RootId=organizations.list_roots()["Roots"][0]["Id"], PolicyType="AISERVICES_OPT_OUT_POLICY"
    )
    organizations.create_policy(Name="no-training", Description="", Type="AISERVICES_OPT_OUT_POLICY", Content=_CONTENT)
    inventory = Inventory(scan("api:Organizations::Organization", "AWS::Organizations::Policy"))
    (organization,) = inventory.of(Organization)
    assert (organization.management_account, organization.feature_set) == (ACCOUNT, "ALL")
    (policy,) = inventory.of(OrganizationPolicy)
    assert (policy.type, policy.content) == ("AISERVICES_OPT_OUT_POLICY", _CONTENT)
    assert inventory.of(EffectivePolicy) == []
