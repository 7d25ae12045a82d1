"""Amazon Macie."""

from typing import Annotated, Literal

from auditor.resources.base import Resource
from auditor.resources.fields import From


class Session(Resource, cfn="AWS::Macie::Session", tf="aws_macie2_account"):
    """Macie in a region."""

    status: Literal["ENABLED", "PAUSED"] = "ENABLED"
    automated_discovery_status: Annotated[str, From(cfn=None, tf=None)]
