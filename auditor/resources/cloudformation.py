"""CloudFormation stacks."""

from typing import Annotated

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From


class StackResource(Struct):
    """A resource that a stack made; the id is a name, an ARN or an id, by type."""

    resource_type: str
    physical_resource_id: str | None = None


class Stack(Resource, cfn="AWS::CloudFormation::Stack", tf="aws_cloudformation_stack"):
    """A stack that is not deleted."""

    resources: Annotated[tuple[StackResource, ...], From(cfn=None, tf=None)] = ()
