"""AWS X-Ray."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import From


class EncryptionConfig(Resource, cfn="api:XRay::EncryptionConfig", tf="aws_xray_encryption_config"):
    """How a region's traces are encrypted; without `key_id` with a key of AWS."""

    type: Annotated[str, From(tf="type")] = "NONE"
    key_id: str | None = None
