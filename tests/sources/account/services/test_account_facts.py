"""Facts that hold for a whole account or region, each a resource of its own."""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.resources.account import AlternateContact
from auditor.resources.region import Region
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan


class TestFacts(Behaviour):
    cases = (
        Case(
            "api:Account::AlternateContact",
            f"arn:aws:account::{ACCOUNT}:alternate-contact/security",
            "GetAlternateContact",
            {
                "GetAlternateContact": {
                    "AlternateContact": {
                        "AlternateContactType": "SECURITY",
                        "Name": "Ada",
                        "EmailAddress": "ada@example.com",
                        "PhoneNumber": "+1 555",
                    }
                }
            },
            {"AlternateContactType": "SECURITY"},
            empty="ResourceNotFoundException",
            needs=("AlternateContactType",),
        ),
        Case(
            "api:XRay::EncryptionConfig",
            f"arn:aws:xray:{REGION}:{ACCOUNT}:encryption-config",
            "GetEncryptionConfig",
            {"GetEncryptionConfig": {"EncryptionConfig": {"KeyId": "k-1", "Status": "ACTIVE", "Type": "KMS"}}},
            {"Type": "KMS", "KeyId": "k-1"},
        ),
        Case(
            "api:CostOptimizationHub::Enrollment",
            f"arn:aws:cost-optimization-hub::{ACCOUNT}:enrollment/{ACCOUNT}",
            "ListEnrollmentStatuses",
            {"ListEnrollmentStatuses": {"items": [{"accountId": ACCOUNT, "status": "Active"}]}},
            {"Status": "Active"},
            token="nextToken",
            needs=("accountId",),
        ),
        Case(
            "api:SavingsPlans::SavingsPlan",
            f"arn:aws:savingsplans::{ACCOUNT}:savingsplan/s-1",
            "DescribeSavingsPlans",
            {
                "DescribeSavingsPlans": {
                    "savingsPlans": [
                        {
                            "savingsPlanId": "s-1",
                            "savingsPlanArn": f"arn:aws:savingsplans::{ACCOUNT}:savingsplan/s-1",
                            "savingsPlanType": "SageMaker",
                            "state": "active",
                            "commitment": "1.50",
                            "end": "2026-12-31T00:00:00.000Z",
                        }
                    ]
                }
            },
            {"SavingsPlanType": "SageMaker", "Commitment": "1.50"},
            token="nextToken",
            needs=("savingsPlanArn",),
            title="s-1",
        ),
    )


def test_who_the_contact_is_stays_in_aws(aws, scripted):
    aws("account").put_alternate_contact(
        AlternateContactType="SECURITY",
        Name="Ada",
        EmailAddress="ada@example.com",
        PhoneNumber="+1 555",
        Title="CISO",
    )
    found = scan("api:Account::AlternateContact")
    (contact,) = Inventory(found).of(AlternateContact)
    assert contact.alternate_contact_type == "SECURITY"
    assert dict(contact.raw.properties) == {"AlternateContactType": "SECURITY"}


def test_a_region_is_there_without_a_call(moto):
    found = scan("region")
    (region,) = Inventory(found).of(Region)
    assert (region.title, region.scope.region) == (REGION, REGION)
    assert set(found.calls) == {"sts:GetCallerIdentity", "ec2:DescribeRegions"}
