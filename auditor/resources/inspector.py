"""Inspector: what it scans."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import From


class Enabler(Resource, cfn="api:Inspector2::Enabler", tf="aws_inspector2_enabler"):
    """What Inspector scans in a region: `EC2`, `ECR`, `LAMBDA`, `LAMBDA_CODE`, `CODE_REPOSITORY`."""

    resource_types: Annotated[tuple[str, ...], From(cfn=None)]
