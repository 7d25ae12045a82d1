"""KMS keys."""

from datetime import datetime
from typing import Annotated, Any

from auditor.policy import Policy
from auditor.resources.base import Resource
from auditor.resources.fields import NOWHERE, From, Part


class Key(Resource, cfn="AWS::KMS::Key", tf="aws_kms_key"):
    """A customer managed key."""

    enable_key_rotation: Annotated[bool, From(live="KeyRotationEnabled")] = False
    key_spec: Annotated[str, From(tf="customer_master_key_spec")] = "SYMMETRIC_DEFAULT"
    origin: Annotated[str, From(tf=NOWHERE)] = "AWS_KMS"
    custom_key_store_id: Annotated[str | None, From(cfn=NOWHERE, live=NOWHERE)] = None  # there, `origin` tells
    enabled: Annotated[bool, From(tf="is_enabled")] = True
    multi_region: bool = False
    key_policy: Annotated[Policy | None, From(tf="policy"), Part("aws_kms_key_policy", by="key_id", take="policy")] = (
        None
    )
    key_state: Annotated[str, From(cfn=NOWHERE, tf=NOWHERE)] = "Enabled"
    deletion_date: Annotated[datetime | None, From(cfn=NOWHERE, tf=NOWHERE)] = None

    @property
    def can_rotate(self) -> bool:
        """Whether KMS can rotate it: it is symmetric, of material that KMS made, and enabled."""
        made_by_kms = self.origin == "AWS_KMS" and self.custom_key_store_id is None
        return made_by_kms and self.key_spec == "SYMMETRIC_DEFAULT" and self.enabled


class ReplicaKey(Resource, cfn="AWS::KMS::ReplicaKey", tf="aws_kms_replica_key"):
    """A multi-region key that follows its primary, also in its rotation."""


class AwsManagedKey(Resource, cfn="api:KMS::AwsManagedKey"):
    """A key that AWS made for a service, such as aws/s3: its policy and rotation are AWS's."""


class Grant(Resource, cfn="api:KMS::Grant"):
    """What a grant on a customer managed key lets its grantee do."""

    key_id: str
    grantee_principal: str | None = None
    operations: tuple[str, ...] = ()
    constraints: Any = None
