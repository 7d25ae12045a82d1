"""Application Auto Scaling, of the services whose capacity is looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Listing, regular
from auditor.values import Unknown

_NAMESPACES = ("dynamodb", "ecs", "sagemaker")  # each is a call of its own
_SERVICE = "application-autoscaling"

for _namespace in _NAMESPACES:
    regular(
        _SERVICE,
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        Listing("DescribeScalingPolicies", "ScalingPolicies", {"ServiceNamespace": _namespace}),
        arn="{PolicyARN}",
        title="{PolicyName}",
    )


@collector(
    _SERVICE,
    types=("AWS::ApplicationAutoScaling::ScalableTarget",),
    operations=("DescribeScalableTargets",),
    details={"DescribeScheduledActions": ("ScheduledActions",)},
)
def targets(api: Api) -> Iterator[Raw]:
    """Every scalable target with its scheduled actions."""
    for namespace in _NAMESPACES:
        actions: Mapping[tuple[str, str], list[Any]] | Unknown | None = None
        for target in api.pages("DescribeScalableTargets", "ScalableTargets", ServiceNamespace=namespace):
            actions = _actions(api, namespace) if actions is None else actions
            key = target["ResourceId"], target["ScalableDimension"]
            found = actions if isinstance(actions, Unknown) else actions.get(key, [])
            # Targets from before 2023 have no ARN.
            made = f"arn:{api.partition}:{_SERVICE}:{api.region}:{api.account}:scalable-target/{'/'.join(key)}"
            yield api.raw(
                "AWS::ApplicationAutoScaling::ScalableTarget",
                target.get("ScalableTargetARN") or made,
                {**target, "ScheduledActions": found},
                title=target["ResourceId"],
            )


def _actions(api: Api, namespace: str) -> Mapping[tuple[str, str], list[Any]] | Unknown:
    found = api.ask_all("DescribeScheduledActions", "ScheduledActions", ServiceNamespace=namespace)
    if isinstance(found, Unknown):
        return found
    by_target: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for action in found:
        by_target[action["ResourceId"], action.get("ScalableDimension", "")].append(action)
    return by_target
