"""EventBridge rules."""

from typing import Annotated, Any

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part


class Target(Struct):
    """What a rule starts or tells."""

    arn: str


class Rule(Resource, cfn="AWS::Events::Rule", tf="aws_cloudwatch_event_rule"):
    """A rule; live, those of the default event bus, which is where AWS services send their events.

    `event_pattern` is a map in a template, else a text of JSON.
    """

    event_pattern: Any = None
    schedule_expression: str | None = None
    state: str = "ENABLED"
    targets: Annotated[tuple[Target, ...], From(tf=NOWHERE), Part("aws_cloudwatch_event_target", by="rule")] = ()
