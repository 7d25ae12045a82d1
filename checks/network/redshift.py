"""How Redshift is reached, and how it reaches S3."""

from auditor import CRITICAL, MEDIUM, Findings, check
from auditor.resources.redshift import Cluster
from auditor.resources.redshiftserverless import Workgroup


@check(
    "redshift-public-access",
    title="Redshift clusters and workgroups are not publicly accessible",
    severity=CRITICAL,
    fixable="ends the connections that come from outside of the VPC",
    bad=(
        "AWS::Redshift::Cluster: {PubliclyAccessible: true}",
        "AWS::RedshiftServerless::Workgroup: {PubliclyAccessible: true}",
    ),
    good=(
        "AWS::Redshift::Cluster: {PubliclyAccessible: false}",
        "AWS::Redshift::Cluster: {NodeType: ra3.large}",
        "AWS::RedshiftServerless::Workgroup: {WorkgroupName: analysts}",
    ),
)
def public_access(warehouse: Cluster | Workgroup) -> Findings:
    """A warehouse holds all that the company knows; a public address puts one security group before its login.

    Fix: set PubliclyAccessible to false; reach it from within the VPC, through a VPN, or with the query editor.
    """
    if warehouse.publicly_accessible:
        yield warehouse.fail("is publicly accessible", at="publicly_accessible", expected="false")


@check(
    "redshift-enhanced-vpc-routing",
    title="What Redshift copies and unloads stays in the VPC",
    severity=MEDIUM,
    bad=(
        "AWS::Redshift::Cluster: {NodeType: ra3.large}",
        "AWS::Redshift::Cluster: {EnhancedVpcRouting: false}",
        "AWS::RedshiftServerless::Workgroup: {WorkgroupName: analysts}",
    ),
    good=(
        "AWS::Redshift::Cluster: {EnhancedVpcRouting: true}",
        "AWS::RedshiftServerless::Workgroup: {EnhancedVpcRouting: true}",
    ),
)
def enhanced_vpc_routing(warehouse: Cluster | Workgroup) -> Findings:
    """Without it COPY and UNLOAD go past the VPC, where no endpoint policy, security group or flow log sees them.

    Fix: give the VPC a gateway endpoint for S3, or a NAT gateway for other sources, then set EnhancedVpcRouting to
    true; without such a way COPY and UNLOAD would fail.
    """
    if not warehouse.enhanced_vpc_routing:
        yield warehouse.fail("copies and unloads outside of the VPC", at="enhanced_vpc_routing", expected="true")
