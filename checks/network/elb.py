"""Load balancers that the internet reaches."""

import re

from auditor import MEDIUM, Findings, Inventory, Undecided, check
from auditor.members import either, every, some
from auditor.resources import elb, elbv2
from auditor.resources.vpc import SecurityGroup
from auditor.values import known
from checks.network.vpc import ML_TOOLS

# What people call the tools and services that are for their own teams.
_INTERNAL = re.compile(
    r"(?<![a-z])(internal|private|intranet|admin|jupyter(hub|lab)?|notebooks?|mlflow|tensorboard|airflow|kubeflow|ray|dask"
    r"|spark|superset|label-?studio|feast|feature-?store|triton|torchserve)(?![a-z])"
)
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_LISTENING = """
        Resources:
          Front:
            Type: AWS::ElasticLoadBalancingV2::LoadBalancer
            Properties: {Scheme: %s, SecurityGroups: [!Ref Doors]}
          Doors:
            Type: AWS::EC2::SecurityGroup
            Properties: {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: %d, CidrIp: %s}]}
          Listens:
            Type: AWS::ElasticLoadBalancingV2::Listener
            Properties: {LoadBalancerArn: !Ref Front, Port: %d, Protocol: HTTPS}
        """


@check(
    "elb-internet-facing",
    title="Load balancers of internal ML services are internal",
    severity=MEDIUM,
    uses=(SecurityGroup, elbv2.Listener),
    bad=(
        "AWS::ElasticLoadBalancingV2::LoadBalancer: {Name: mlflow-alb, Type: network}",
        """
        Resources:
          AdminFront: {Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: {SecurityGroups: [!Ref Doors]}}
          Doors:
            Type: AWS::EC2::SecurityGroup
            Properties: {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}]}
        """,
        _LISTENING % ("internet-facing", 9000, "0.0.0.0/0", 8888),
    ),
    good=(
        "AWS::ElasticLoadBalancingV2::LoadBalancer: {Name: mlflow-alb, Scheme: internal}",
        "AWS::ElasticLoadBalancing::LoadBalancer: {LoadBalancerName: internal-models, Scheme: internal}",
        _LISTENING % ("internal", 9000, "0.0.0.0/0", 8888),
        _LISTENING % ("internet-facing", 443, "0.0.0.0/0", 443),
        _LISTENING % ("internet-facing", 9000, "198.51.100.0/24", 8888),
    ),
)
def internet_facing(balancer: elbv2.LoadBalancer | elb.LoadBalancer, inventory: Inventory) -> Findings:
    """Tools of a team, such as Jupyter, MLflow or Airflow, are made for people one trusts, and run code or show data.

    Fix: make a load balancer with Scheme internal in private subnets instead, and reach it through a VPN, or put a
    login in front. Where it is meant for the public, suppress the check with that as the reason.
    """
    facing = every(
        lambda: not balancer.is_internal,
        lambda: _is_for_a_team(balancer, inventory),
        lambda: _admits_anyone(balancer, inventory),
    )
    if facing:
        yield balancer.fail("faces the internet, and looks like a service for a team", at="scheme", expected="internal")


def _is_for_a_team(balancer: elbv2.LoadBalancer | elb.LoadBalancer, inventory: Inventory) -> bool:
    names = (name.rpartition("/")[0] or name for name in balancer.known_names)
    if any(_INTERNAL.search(_WORDS.sub("-", name).lower()) for name in names):
        return True
    listeners = () if isinstance(balancer, elb.LoadBalancer) else inventory.beside(elbv2.Listener, balancer)
    return either(
        lambda: some(
            listeners,
            lambda one: every(lambda: one.port in ML_TOOLS, lambda: balancer.answers_to(one.load_balancer_arn)),
        ),
        lambda: bool(known(balancer.raw.unknown_name)),
    )


def _admits_anyone(balancer: elbv2.LoadBalancer | elb.LoadBalancer, inventory: Inventory) -> bool:
    """Whether one of its security groups lets anyone in; a Network Load Balancer without one does so itself."""

    def admits(reference: str) -> bool:
        group = inventory.get(SecurityGroup, reference)
        return group is not None and some(group.ingress, lambda rule: rule.anyone is not None)

    if not balancer.security_groups:
        if isinstance(balancer, elbv2.LoadBalancer) and balancer.type != "application":
            return True
        raise Undecided("it has no security group of its own, and what the VPC's default one lets in is not known")
    return some(balancer.security_groups, admits)
