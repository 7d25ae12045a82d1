"""Whether load balancers encrypt what goes through them."""

from auditor import HIGH, Findings, Inventory, Undecided, check
from auditor.members import every, some, those
from auditor.resources.elbv2 import Action, Listener, LoadBalancer

_LISTENER = "AWS::ElasticLoadBalancingV2::Listener: {LoadBalancerArn: models, Port: 80, Protocol: %s, %s}"
_FORWARD = "DefaultActions: [{Type: forward, TargetGroupArn: group}]"
_REDIRECT = "DefaultActions: [{Type: redirect, RedirectConfig: {StatusCode: HTTP_301, Port: '443', Protocol: '%s'}}]"

_RULE = """
        Resources:
          Plain:
            Type: AWS::ElasticLoadBalancingV2::Listener
            Properties:
              LoadBalancerArn: models
              Port: 80
              Protocol: HTTP
              DefaultActions: [{Type: redirect, RedirectConfig: {StatusCode: HTTP_301, Protocol: HTTPS}}]
          Rule:
            Type: AWS::ElasticLoadBalancingV2::ListenerRule
            Properties:
              ListenerArn: !Ref Plain
              Priority: 1
              Conditions: [{Field: path-pattern, Values: [/v1/*]}]
              Actions: [{%s}]
        """


@check(
    "elb-listener-secure-protocol",
    title="Load balancer listeners use HTTPS or TLS, and HTTP redirects to HTTPS",
    severity=HIGH,
    uses=(LoadBalancer,),
    bad=(
        _LISTENER % ("HTTP", _FORWARD),
        _LISTENER % ("HTTP", _REDIRECT % "HTTP"),
        _LISTENER % ("HTTP", "DefaultActions: [{Type: redirect, RedirectConfig: {StatusCode: HTTP_301, Path: /v2}}]"),
        _RULE % "Type: forward, TargetGroupArn: group",
    ),
    good=(
        _LISTENER % ("HTTPS", _FORWARD),
        _LISTENER % ("TLS", _FORWARD),
        _LISTENER % ("HTTP", _REDIRECT % "HTTPS"),
        _RULE % "Type: redirect, RedirectConfig: {StatusCode: HTTP_302, Protocol: HTTPS}",
    ),
)
def listener_secure_protocol(listener: Listener, inventory: Inventory) -> Findings:
    """Over HTTP, requests to a model, its answers and the caller's token can be read and changed on the way.

    What goes through a TCP or UDP listener may be encrypted for all that a load balancer knows; it is not judged.

    Fix: listen on HTTPS with a certificate of ACM, and let the HTTP listener do nothing but redirect there
    (RedirectConfig with Protocol HTTPS).
    """
    protocol = listener.spoken(inventory)
    if protocol not in ("HTTP", "HTTPS", "TLS"):
        raise Undecided("what goes through it is not seen by the load balancer", elsewhere=True)
    if protocol == "HTTP" and not some(listener.default_actions, _redirects):
        yield listener.fail("answers over HTTP", at="protocol")
    elif protocol == "HTTP":
        for action in those(listener.rule_actions, lambda one: one.type.lower() == "forward"):
            yield listener.fail("has a rule that forwards over HTTP", at=action)


def _redirects(action: Action) -> bool:
    return every(lambda: action.type == "redirect", lambda: action.redirect_protocol == "HTTPS")
