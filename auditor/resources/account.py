"""The account as a whole, for checks that judge it once."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.costexplorer import CommitmentUse, PurchaseAdvice, ServiceCoverage
from auditor.resources.fields import NOWHERE, From
from auditor.resources.s3 import PublicAccessBlock


class Account(Resource, cfn="account"):
    """An AWS account; for a template, the account that it will be deployed to.

    Fields come from iam:GetAccountSummary and s3control:GetPublicAccessBlock. What takes a further call is a resource
    of its own (`PasswordPolicy`, `AlternateContact`, `Organization`), so that it is asked only when a check reads it.
    The last five are Cost Explorer's, which costs money: they are unknown unless it was asked for (`--paid`).
    """

    root_access_keys: Annotated[int, From(cfn=None, tf=None, live="AccountAccessKeysPresent")]
    root_mfa: Annotated[int, From(cfn=None, tf=None, live="AccountMFAEnabled")]
    public_access_block: Annotated[
        PublicAccessBlock | None, From(cfn=NOWHERE, tf=NOWHERE, live="PublicAccessBlockConfiguration")
    ] = None
    savings_plans_coverage: Annotated[tuple[ServiceCoverage, ...], From(cfn=None, tf=None)]
    savings_plans_use: Annotated[tuple[CommitmentUse, ...], From(cfn=None, tf=None)]
    reservation_use: Annotated[tuple[CommitmentUse, ...], From(cfn=None, tf=None)]
    compute_savings_plans_advice: Annotated[PurchaseAdvice, From(cfn=None, tf=None)]
    sagemaker_savings_plans_advice: Annotated[
        PurchaseAdvice, From(cfn=None, tf=None, live="SageMakerSavingsPlansAdvice")
    ]


class AlternateContact(Resource, cfn="api:Account::AlternateContact", tf="aws_account_alternate_contact"):
    """Whom AWS calls besides the account's owner; live, for security, and nothing about who it is."""

    alternate_contact_type: str
