"""WAF: which resources a web ACL protects."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import From


class WebAclAssociation(Resource, cfn="AWS::WAFv2::WebACLAssociation", tf="aws_wafv2_web_acl_association"):
    """A web ACL in front of a resource; live, of internet-facing Application Load Balancers.

    Where WAF did not answer, which resource it protects is unknown.
    """

    resource_arn: str
    web_acl_arn: Annotated[str, From(cfn="WebACLArn", live="WebACLArn")]
