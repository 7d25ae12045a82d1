"""KMS keys."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import NOWHERE, From


class Key(Resource, cfn="AWS::KMS::Key", tf="aws_kms_key"):
    """A customer managed key."""

    enable_key_rotation: Annotated[bool, From(live="KeyRotationEnabled")] = False
    key_spec: Annotated[str, From(tf="customer_master_key_spec")] = "SYMMETRIC_DEFAULT"
    origin: Annotated[str, From(tf=NOWHERE)] = "AWS_KMS"
    enabled: Annotated[bool, From(tf="is_enabled")] = True


class ReplicaKey(Resource, cfn="AWS::KMS::ReplicaKey", tf="aws_kms_replica_key"):
    """A multi-region key that follows its primary, also in its rotation."""


class AwsManagedKey(Resource, cfn="api:KMS::AwsManagedKey"):
    """A key that AWS made for a service, such as aws/s3: its policy and rotation are AWS's."""
