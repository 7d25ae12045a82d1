"""The account as a whole, for checks that judge it once."""

from typing import Annotated

from auditor.resources.base import From, Resource


class Account(Resource, cfn="account"):
    """An AWS account; for a template, the account that it will be deployed to.

    Fields come from iam:GetAccountSummary.
    """

    root_access_keys: Annotated[int, From(cfn=None, tf=None, live="AccountAccessKeysPresent")]
