"""Step Functions: state machines, their versions and aliases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Listing, regular
from auditor.sources.account.services.tagging import TAGS_OPERATION, tags_by_arn, tags_of
from auditor.values import ABSENT, Unknown

_GONE = ("StateMachineDoesNotExist",)
_NO_KEY = ("KmsAccessDeniedException", "KmsInvalidStateException")
_MACHINES = Listing("ListStateMachines", "StateMachines", shared=True)


@collector(
    "stepfunctions",
    types=("AWS::StepFunctions::StateMachine",),
    operations=("ListStateMachines", "DescribeStateMachine"),
    details={TAGS_OPERATION: ("Tags",)},
    pascal=True,
)
def state_machines(api: Api) -> Iterator[Raw]:
    """Every state machine that is not being deleted."""
    tags: dict[str, Any] | Unknown | None = None
    machines = api.pages(_MACHINES.operation, _MACHINES.key, shared=_MACHINES.shared)
    for listed, described in api.each(lambda listed: (listed, _described(api, listed["StateMachineArn"])), machines):
        if described is None:
            continue
        tags = tags_by_arn(api, "states:stateMachine") if tags is None else tags
        arn, name = listed["StateMachineArn"], listed["Name"]
        properties: Any = api.merge({**listed, "Tags": tags_of(tags, arn)}, described)
        if properties.get("Status") != "DELETING":
            yield api.raw("AWS::StepFunctions::StateMachine", arn, properties, names=(name,), title=name)


def _described(api: Api, arn: str) -> Any:
    """A machine's description, without its definition where that is encrypted with a key that is not ours to use."""
    described = api.ask("DescribeStateMachine", gone=_GONE, absent=_NO_KEY, stateMachineArn=arn)
    if described is not ABSENT:
        return described
    described = api.ask("DescribeStateMachine", gone=_GONE, stateMachineArn=arn, includedData="METADATA_ONLY")
    if not isinstance(described, Mapping):
        return described
    return {**described, "Definition": Unknown("its definition is encrypted with a key that this scan may not use")}


regular(
    "stepfunctions",
    "AWS::StepFunctions::StateMachineVersion",
    Listing(
        "ListStateMachineVersions",
        "StateMachineVersions",
        {"stateMachineArn": "{StateMachineArn}"},
        within=_MACHINES,
        gone=_GONE,
    ),
    reshape=lambda version: {**version, "StateMachineArn": version["StateMachineVersionArn"].rpartition(":")[0]},
    arn="{StateMachineVersionArn}",
    title="{Name}:{StateMachineVersionArn!n}",
    pascal=True,
)

regular(
    "stepfunctions",
    "AWS::StepFunctions::StateMachineAlias",
    Listing(
        "ListStateMachineAliases",
        "StateMachineAliases",
        {"stateMachineArn": "{StateMachineArn}"},
        within=_MACHINES,
        gone=_GONE,
    ),
    reshape=lambda alias: {**alias, "StateMachineArn": alias["StateMachineAliasArn"].rpartition(":")[0]},
    arn="{StateMachineAliasArn}",
    title="{Name}:{StateMachineAliasArn!n}",
    pascal=True,
)
