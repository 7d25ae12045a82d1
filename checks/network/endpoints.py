"""How notebooks and Studio reach AWS's services."""

from auditor import MEDIUM, Findings, Inventory, Undecided, check
from auditor.members import every, in_turn, known_first, some, sure, those
from auditor.resources.sagemaker import Domain, NotebookInstance
from auditor.resources.vpc import VPC, Subnet, VPCEndpoint

ML_SERVICES = ("sagemaker.api", "sagemaker.runtime", "sts", "kms", "logs")
"""What notebooks and Studio call, whatever they work on; S3 has a check of its own."""

_ENDPOINTS = """
        Resources:
          Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
          Inner: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, CidrBlock: 10.0.0.0/24}}
          Lab: {Type: %s}
          Api: %s
          Runtime: %s
          Tokens: %s
          Keys: %s
          Logs: %s
        """
_LABS = (
    "AWS::SageMaker::NotebookInstance, Properties: {SubnetId: !Ref Inner}",
    "AWS::SageMaker::Domain, Properties: {VpcId: !Ref Net, AppNetworkAccessType: VpcOnly}",
)


def _endpoints(lab: str, *services: str) -> str:
    """A VPC with a workload and these endpoints; the first one fills up the places that are left."""
    places = (*services, *services[:1] * (len(ML_SERVICES) - len(services)))
    properties = "{VpcId: !Ref Net, VpcEndpointType: Interface, ServiceName: com.amazonaws.eu-west-1.%s}"
    return _ENDPOINTS % (lab, *(f"{{Type: AWS::EC2::VPCEndpoint, Properties: {properties % name}}}" for name in places))


@check(
    "vpc-interface-endpoint-ml-missing",
    title="VPCs with notebooks or Studio have interface endpoints for the services that these call",
    severity=MEDIUM,
    uses=(VPCEndpoint, Subnet, NotebookInstance, Domain),
    bad=(_endpoints(_LABS[0], "sagemaker.api"), _endpoints(_LABS[1], "sts", "kms", "logs", "sagemaker.runtime")),
    good=tuple(_endpoints(lab, *ML_SERVICES) for lab in _LABS),
)
def interface_endpoint_ml_missing(vpc: VPC, inventory: Inventory) -> Findings:
    """Without endpoints a notebook needs a way to the internet to call AWS, and the data can take the same way out.

    Fix: add VPC endpoints of type Interface, with private DNS, for the services named; likewise for others that the
    work calls, such as Glue, Athena, Kinesis or Secrets Manager.
    """

    def works_here(one: NotebookInstance | Domain) -> bool:
        if isinstance(one, Domain):  # else its apps reach AWS past the VPC
            return every(lambda: one.app_network_access_type == "VpcOnly", lambda: vpc.answers_to(one.vpc_id))
        subnet = inventory.get(Subnet, one.subnet_id)
        return subnet is not None and vpc.answers_to(subnet.vpc_id)

    work: tuple[NotebookInstance | Domain, ...] = in_turn(
        inventory.beside(NotebookInstance, vpc), inventory.beside(Domain, vpc)
    )
    if not some(work, works_here):
        raise Undecided("no notebook and no Studio domain is in it", elsewhere=True)
    own = those(inventory.declared(VPCEndpoint, near=vpc), lambda endpoint: vpc.answers_to(endpoint.vpc_id))
    missing = known_first(
        ML_SERVICES, lambda name: None if some(own, lambda endpoint: endpoint.service.is_for(name)) else name
    )
    for _ in missing:
        yield vpc.fail(f"has no interface endpoint for {', '.join(sure(missing, bool))}")
        return
