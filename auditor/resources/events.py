"""EventBridge rules."""

from typing import Annotated

from auditor.knowledge.eventpatterns import EventPattern
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part


class Target(Struct):
    """What a rule starts or tells."""

    arn: str
    input: str | None = None


class Rule(Resource, cfn="AWS::Events::Rule", tf="aws_cloudwatch_event_rule"):
    """A rule; live, those of the default event bus, which is where AWS services send their events."""

    event_pattern: EventPattern | None = None
    event_bus_name: str = "default"
    schedule_expression: str | None = None
    state: str = "ENABLED"
    is_enabled: Annotated[bool, From(cfn=NOWHERE, live=NOWHERE)] = True  # what configurations wrote before `state`
    targets: Annotated[tuple[Target, ...], From(tf=NOWHERE), Part("aws_cloudwatch_event_target", by="rule")] = ()

    @property
    def is_on(self) -> bool:
        """Whether it is enabled."""
        return self.state != "DISABLED" and self.is_enabled

    @property
    def hears_services(self) -> bool:
        """Whether it is on, and on the bus to which AWS services send their events."""
        return self.is_on and self.event_bus_name.rpartition("/")[2] == "default"
