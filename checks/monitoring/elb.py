"""What load balancers record."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.knowledge.alerts import look
from auditor.members import some
from auditor.resources import elb, elbv2

_LOGS_OFF = "{Key: access_logs.s3.enabled, Value: 'false'}"
_LOGS_ON = "{Key: access_logs.s3.enabled, Value: 'true'}, {Key: access_logs.s3.bucket, Value: acme-logs}"
_NETWORK = """
        Resources:
          Front:
            Type: AWS::ElasticLoadBalancingV2::LoadBalancer
            Properties: {Type: network, LoadBalancerAttributes: [%s]}
          Listens:
            Type: AWS::ElasticLoadBalancingV2::Listener
            Properties: {LoadBalancerArn: !Ref Front, Port: 443, Protocol: TLS}
        """
_MODERN = "AWS::ElasticLoadBalancingV2::LoadBalancer: {%s}"
_CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer: {Listeners: [], %s}"


@check(
    "elb-access-logging",
    title="Load balancers write access logs",
    severity=MEDIUM,
    uses=(elbv2.Listener,),
    bad=(
        _MODERN % "Type: application",
        _MODERN % f"LoadBalancerAttributes: [{_LOGS_OFF}]",
        _MODERN % "LoadBalancerAttributes: [{Key: idle_timeout, Value: '60'}]",
        _NETWORK % "",
        _CLASSIC % "Scheme: internal",
        _CLASSIC % "AccessLoggingPolicy: {Enabled: false, S3BucketName: acme-logs}",
    ),
    good=(
        _MODERN % f"LoadBalancerAttributes: [{_LOGS_ON}]",
        _MODERN % "Type: gateway",
        _NETWORK % _LOGS_ON,
        _CLASSIC % "AccessLoggingPolicy: {Enabled: true, S3BucketName: acme-logs}",
    ),
)
def access_logging(balancer: elbv2.LoadBalancer | elb.LoadBalancer, inventory: Inventory) -> Findings:
    """The log tells who asked for what and how long it took, which an attack or an outage is reconstructed from.

    A Network Load Balancer logs TLS connections only, and a Gateway Load Balancer none, so others of them pass.

    Fix: set access_logs.s3.enabled to true and access_logs.s3.bucket (AccessLoggingPolicy for a Classic Load Balancer)
    to a bucket whose policy lets Elastic Load Balancing write.
    """
    if isinstance(balancer, elb.LoadBalancer):
        if not balancer.writes_access_logs:
            yield balancer.fail("writes no access log", at="access_logs")
    elif balancer.attributes.get("access_logs.s3.enabled") != "true" and _can_log(balancer, inventory):
        yield balancer.fail("writes no access log", at="attributes")


def _can_log(balancer: elbv2.LoadBalancer, inventory: Inventory) -> bool:
    if balancer.type != "network":
        return balancer.type != "gateway"
    listeners = inventory.referring(elbv2.Listener, lambda one: one.load_balancer_arn, to=balancer)
    look(balancer, inventory, elbv2.Listener)
    return some(listeners, lambda one: one.protocol == "TLS")
