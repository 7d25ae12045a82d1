"""The account as a whole, for checks that judge it once."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import NOWHERE, From
from auditor.resources.s3 import PublicAccessBlock


class Account(Resource, cfn="account"):
    """An AWS account; for a template, the account that it will be deployed to.

    Fields come from iam:GetAccountSummary and s3control:GetPublicAccessBlock.
    """

    root_access_keys: Annotated[int, From(cfn=None, tf=None, live="AccountAccessKeysPresent")]
    public_access_block: Annotated[
        PublicAccessBlock | None, From(cfn=NOWHERE, tf=NOWHERE, live="PublicAccessBlockConfiguration")
    ] = None
