"""Application Auto Scaling: what scales endpoints, tables and services."""

from typing import Annotated

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part


class ScheduledAction(Struct):
    """A change of capacity at a time."""

    schedule: str


class ScalableTarget(Resource, cfn="AWS::ApplicationAutoScaling::ScalableTarget", tf="aws_appautoscaling_target"):
    """A capacity that can be scaled, such as that of `endpoint/churn/variant/AllTraffic`."""

    service_namespace: str
    resource_id: str
    scalable_dimension: str
    min_capacity: int
    scheduled_actions: Annotated[
        tuple[ScheduledAction, ...],
        From(tf=NOWHERE),
        Part("aws_appautoscaling_scheduled_action", by="resource_id"),
    ] = ()


class ScalingPolicy(Resource, cfn="AWS::ApplicationAutoScaling::ScalingPolicy", tf="aws_appautoscaling_policy"):
    """How a target is scaled; a template names the target by its id or by what the API does."""

    policy_type: Annotated[str | None, From(tf_default="StepScaling")] = None
    scaling_target_id: Annotated[str | None, From(tf=None, live=None)] = None
    service_namespace: str | None = None
    resource_id: str | None = None
    scalable_dimension: str | None = None
