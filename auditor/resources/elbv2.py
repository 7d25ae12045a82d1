"""Application, Network and Gateway Load Balancers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from auditor.members import flat, in_turn, known_first
from auditor.raw import Path, Raw
from auditor.resources.base import TYPES, Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part, steps, walk, wrong
from auditor.resources.tags import Tags
from auditor.values import ABSENT, Undecided, Unknown

if TYPE_CHECKING:
    from auditor.inventory import Inventory

# Terraform has an argument of its own for each attribute.
_TERRAFORM = {
    "access_logs.s3.enabled": "access_logs.enabled",
    "deletion_protection.enabled": "enable_deletion_protection",
    "load_balancing.cross_zone.enabled": "enable_cross_zone_load_balancing",
    "routing.http.desync_mitigation_mode": "desync_mitigation_mode",
    "routing.http.drop_invalid_header_fields.enabled": "drop_invalid_header_fields",
}


class Attributes:
    """A load balancer's attributes; what each is when it is absent depends on the type of load balancer."""

    def __init__(self, pairs: Tags) -> None:
        self._pairs = pairs

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> "Attributes":
        """Read AWS's list of Key/Value pairs, or Terraform's arguments."""
        if raw.dialect != "tf":
            return cls(Tags.from_raw(value, raw, path))
        if not isinstance(value, Mapping):
            raise wrong(path, "a map", value)
        found = {key: _argument(value, argument) for key, argument in _TERRAFORM.items()}
        return cls(Tags({key: text for key, text in found.items() if text is not ABSENT}))

    def get(self, key: str) -> str | None:
        """The attribute `key`, such as `deletion_protection.enabled`; None where it is not set.

        Raises:
            Undecided: it is unknown.
        """
        return self._pairs.get(key)


def _argument(arguments: Mapping[str, Any], argument: str) -> Any:
    try:
        value = walk(arguments, steps(argument))
    except Undecided as error:
        return Unknown(error.reason)
    return str(value).lower() if isinstance(value, bool) else value


class SubnetMapping(Struct):
    """A subnet that it has an address in."""

    subnet_id: str


class LoadBalancer(Resource, cfn="AWS::ElasticLoadBalancingV2::LoadBalancer", tf="aws_lb"):
    """A load balancer; `type` is `application`, `network` or `gateway`."""

    type: Annotated[str, From(tf="load_balancer_type")] = "application"
    scheme: Annotated[str, From(tf="internal")] = "internet-facing"
    security_groups: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()
    subnet_mappings: Annotated[tuple[SubnetMapping, ...], From(tf="subnet_mapping", live=NOWHERE)] = ()
    attributes: Annotated[Attributes, From(cfn="LoadBalancerAttributes", tf="", live="LoadBalancerAttributes")] = (
        Attributes(Tags({}))
    )

    @property
    def is_internal(self) -> bool:
        """Whether it has private addresses only."""
        return self.scheme in ("internal", "true")


class Forward(Struct):
    """One of several target groups that requests are shared out to."""

    target_group_arn: Annotated[str | None, From(tf="arn")] = None


class Action(Struct):
    """What a listener does with a request."""

    type: str
    target_group_arn: str | None = None
    forward_to: Annotated[
        tuple[Forward, ...],
        From(cfn="ForwardConfig.TargetGroups", tf="forward.target_group", live="ForwardConfig.TargetGroups"),
    ] = ()
    redirect_protocol: Annotated[
        str | None, From(cfn="RedirectConfig.Protocol", tf="redirect.protocol", live="RedirectConfig.Protocol")
    ] = None


class Listener(Resource, cfn="AWS::ElasticLoadBalancingV2::Listener", tf="aws_lb_listener"):
    """A port that a load balancer listens on; Gateway Load Balancers' have no protocol."""

    load_balancer_arn: str
    port: int | None = None
    protocol: str | None = None
    ssl_policy: str | None = None
    default_actions: Annotated[tuple[Action, ...], From(tf="default_action")] = ()
    # What its rules do; of an account's they are not asked for.
    rule_actions: Annotated[
        tuple[Action, ...],
        From(cfn=NOWHERE, tf=NOWHERE, live=NOWHERE),
        Part("AWS::ElasticLoadBalancingV2::ListenerRule", by="ListenerArn", take="Actions"),
        Part("aws_lb_listener_rule", by="listener_arn", take="action"),
        Part("aws_alb_listener_rule", by="listener_arn", take="action"),
    ] = ()

    def spoken(self, inventory: "Inventory") -> str | None:
        """Its protocol, None where it has none.

        Terraform's provider takes it in any case, and gives an Application Load Balancer's HTTP where it is left out.
        """
        if self.protocol is not None:
            return self.protocol.upper()
        balancer = inventory.get(LoadBalancer, self.load_balancer_arn)
        return "HTTP" if balancer and balancer.type == "application" else None

    def target_groups(self) -> tuple[str, ...]:
        """What its default actions and its rules forward to."""
        actions = flat((Listener._by_default, Listener._by_rules), lambda read: read(self))
        one = known_first(actions, lambda action: action.target_group_arn)
        weighted = flat(actions, lambda action: action.forward_to)
        return in_turn(one, known_first(weighted, lambda group: group.target_group_arn))

    def _by_default(self) -> tuple[Action, ...]:
        """Its default actions; none of a listener of which only rules are declared here."""
        try:
            return self.default_actions
        except Undecided as undecided:
            if not undecided.elsewhere:
                raise
            return ()

    def _by_rules(self) -> tuple[Action, ...]:
        return self.rule_actions


class TargetHealth(Struct):
    """A registered target and how it is."""

    target_id: Annotated[str, From(live="Target.Id")]
    state: Annotated[str, From(live="TargetHealth.State")]


class Registered(Struct):
    """A target of a target group, and its port where that is not the group's."""

    id: Annotated[str, From(tf="target_id", live="Target.Id")]
    port: Annotated[int | None, From(live="Target.Port")] = None


class TargetGroup(Resource, cfn="AWS::ElasticLoadBalancingV2::TargetGroup", tf="aws_lb_target_group"):
    """A target group; functions are neither spoken to by a protocol nor checked by default."""

    protocol: str | None = None
    port: int | None = None
    target_type: str = "instance"
    health_check_enabled: Annotated[bool | None, From(tf="health_check.enabled")] = None
    health_check_protocol: Annotated[str | None, From(tf="health_check.protocol")] = None
    health_check_path: Annotated[str | None, From(tf="health_check.path")] = None
    load_balancer_arns: Annotated[tuple[str, ...], From(cfn=None, tf=None)] = ()
    registered: Annotated[
        tuple[Registered, ...],
        From(cfn="Targets", tf=NOWHERE, live="TargetHealthDescriptions"),
        Part("aws_lb_target_group_attachment", by="target_group_arn"),
        Part("aws_alb_target_group_attachment", by="target_group_arn"),
    ] = ()
    targets: Annotated[tuple[TargetHealth, ...], From(cfn=None, tf=None, live="TargetHealthDescriptions")] = ()


# The older names of the same in Terraform's provider.
TYPES |= {"aws_alb": LoadBalancer, "aws_alb_listener": Listener, "aws_alb_target_group": TargetGroup}
