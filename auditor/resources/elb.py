"""Classic Load Balancers."""

from typing import Annotated

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part


class Listener(Struct):
    """A port that it listens on."""

    protocol: Annotated[str, From(tf="lb_protocol")]
    ssl_certificate_id: Annotated[str | None, From(cfn="SSLCertificateId", live="SSLCertificateId")] = None
    policy_names: Annotated[tuple[str, ...], From(tf=None)] = ()


class PolicyAttribute(Struct):
    """A setting of a policy, such as `Reference-Security-Policy`, or a cipher that is `true`."""

    name: str
    value: str


class Policy(Struct):
    """A policy that listeners can use; `SSLNegotiationPolicyType` says which TLS they speak."""

    policy_name: str
    policy_type: Annotated[str, From(tf="policy_type_name")]
    attributes: Annotated[tuple[PolicyAttribute, ...], From(tf="policy_attribute")] = ()


class AccessLogs(Struct):
    """Whether requests are logged."""

    enabled: Annotated[bool, From(tf_default=True)]


class LoadBalancer(Resource, cfn="AWS::ElasticLoadBalancing::LoadBalancer", tf="aws_elb"):
    """A Classic Load Balancer."""

    scheme: Annotated[str, From(tf="internal")] = "internet-facing"
    security_groups: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()
    availability_zones: tuple[str, ...] = ()
    listeners: Annotated[tuple[Listener, ...], From(tf="listener")] = ()
    policies: Annotated[
        tuple[Policy, ...], From(tf=NOWHERE), Part("aws_load_balancer_policy", by="load_balancer_name")
    ] = ()
    instances: tuple[str, ...] = ()
    access_logs: Annotated[AccessLogs | None, From(cfn="AccessLoggingPolicy", live="AccessLoggingPolicy")] = None
    connection_draining: Annotated[
        bool,
        From(cfn="ConnectionDrainingPolicy.Enabled", live="ConnectionDrainingPolicy.Enabled"),
    ] = False
    cross_zone: Annotated[bool, From(tf="cross_zone_load_balancing", tf_default=True)] = False
    desync_mitigation_mode: Annotated[str, From(cfn=NOWHERE)] = "defensive"

    @property
    def writes_access_logs(self) -> bool:
        """Whether it logs requests."""
        return self.access_logs is not None and self.access_logs.enabled

    @property
    def is_internal(self) -> bool:
        """Whether it has private addresses only."""
        return self.scheme in ("internal", "true")
