"""WAF: which load balancers a web ACL protects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, Incomplete, collector
from auditor.sources.account.services.elbv2 import LOAD_BALANCERS
from auditor.values import ABSENT, Unknown


@collector(
    "wafv2",
    types=("AWS::WAFv2::WebACLAssociation",),
    operations=("elbv2:DescribeLoadBalancers", "GetWebACLForResource"),
)
def associations(api: Api) -> Iterator[Raw]:
    """The web ACLs of Application Load Balancers that the internet reaches."""

    def protected(balancer: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
        arn = balancer["LoadBalancerArn"]
        gone = ("WAFNonexistentItemException",)
        return balancer, api.ask("GetWebACLForResource", "WebACL.ARN", gone=gone, ResourceArn=arn)

    listed = api.pages(LOAD_BALANCERS.operation, LOAD_BALANCERS.key, service="elbv2", shared=True)
    exposed = (one for one in listed if (one.get("Type"), one.get("Scheme")) == ("application", "internet-facing"))
    for balancer, acl in api.each(protected, exposed):
        if acl is None or acl is ABSENT:
            continue
        arn, name = balancer["LoadBalancerArn"], balancer["LoadBalancerName"]
        properties: Mapping[str, Any] = {"ResourceArn": arn, "WebACLArn": acl}
        if isinstance(acl, Unknown):  # else it would look as if there were one
            properties = Incomplete({}, acl)
        yield api.raw("AWS::WAFv2::WebACLAssociation", arn, properties, title=f"the web ACL of {name}")
