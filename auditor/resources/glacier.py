"""S3 Glacier: vaults of the old, separate service."""

from typing import Annotated

from auditor.policy import Policy
from auditor.resources.base import Resource
from auditor.resources.fields import From


class Vault(Resource, cfn="api:Glacier::Vault", tf="aws_glacier_vault"):
    """A vault (Glacier ListVaults)."""

    policy: Annotated[Policy | None, From(tf="access_policy")] = None
