"""ECS: clusters with their services and instances, capacity providers, and the task definitions that count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Batch, Listing, regular
from auditor.values import ABSENT, Unknown

_SERVICE, _TASK_SET, _TASK_DEFINITION = "AWS::ECS::Service", "AWS::ECS::TaskSet", "AWS::ECS::TaskDefinition"
_AT_ONCE = 10  # DescribeServices takes no more

_CLUSTERS = Listing("ListClusters", "ClusterArns[].{ClusterArn: @}", shared=True)
_GONE = ("ClusterNotFoundException",)

regular(
    "ecs",
    "AWS::ECS::Cluster",
    _CLUSTERS,
    describe=Batch(
        "DescribeClusters",
        "Clusters",
        "clusters",
        "{ClusterArn}",
        "{ClusterArn}",
        100,
        {"include": ["CONFIGURATIONS", "SETTINGS", "TAGS"]},
    ),
    drop="Status=='INACTIVE'",
    arn="{ClusterArn}",
    title="{ClusterArn!n}",
    pascal=True,
)

regular(
    "ecs",
    "AWS::ECS::CapacityProvider",
    Listing("DescribeCapacityProviders", "CapacityProviders[?Status!='INACTIVE']"),
    arn="{CapacityProviderArn}",
    title="{Name}",
    pascal=True,
)

regular(
    "ecs",
    "api:ECS::ContainerInstance",
    Listing(
        "ListContainerInstances",
        "ContainerInstanceArns[].{ContainerInstanceArn: @}",
        {"cluster": "{ClusterArn}"},
        within=_CLUSTERS,
        gone=_GONE,
    ),
    describe=Batch(
        "DescribeContainerInstances",
        "ContainerInstances",
        "containerInstances",
        "{ContainerInstanceArn}",
        "{ContainerInstanceArn}",
        100,
        {"cluster": "{ClusterArn}"},
    ),
    arn="{ContainerInstanceArn}",
    title="{ContainerInstanceArn!n}",
    names=("{Ec2InstanceId}",),
    pascal=True,
)


@collector(
    "ecs",
    types=(_SERVICE, _TASK_SET, _TASK_DEFINITION),
    operations=("ListClusters", "ListServices", "DescribeServices", "ListTaskDefinitions"),
    details={"DescribeTaskDefinition": (_TASK_DEFINITION,)},
    pascal=True,
)
def services(api: Api) -> Iterator[Raw]:
    """Every service with its task sets, and the task definitions that they run or that a new task would run.

    A family's older revisions, of which there may be thousands, only count where a service still runs them.
    """
    used: dict[str, None] = {}
    for service in _services(api):
        sets = service.get("TaskSets") if isinstance(service, dict) else None
        for one in (service, *(sets or ())):
            if isinstance(one.get("TaskDefinition"), str):
                used[one["TaskDefinition"]] = None
        yield _named(api, _SERVICE, service["ServiceArn"], service)
        for one in sets or ():
            yield _named(api, _TASK_SET, one["TaskSetArn"], one)
    used.update(dict.fromkeys(_newest(api.pages("ListTaskDefinitions", "TaskDefinitionArns", status="ACTIVE"))))
    for arn, described in api.each(lambda arn: (arn, _definition(api, arn)), used):
        if described is not None:
            yield _named(api, _TASK_DEFINITION, arn, api.merge({"TaskDefinitionArn": arn}, described))


def _services(api: Api) -> Iterator[Mapping[str, Any]]:
    """Every service that is not deleted; where it could not be described, only its ARN is known."""
    every = (_SERVICE, _TASK_SET, _TASK_DEFINITION)

    def listed(cluster: str) -> tuple[str, Any]:
        return cluster, api.ask_all("ListServices", "ServiceArns", types=every, gone=_GONE, cluster=cluster)

    def described(chunk: tuple[str, list[str]]) -> list[Mapping[str, Any]]:
        cluster, arns = chunk
        found = api.ask(
            "DescribeServices", "Services", types=every[1:], cluster=cluster, services=arns, include=["TAGS"]
        )
        if isinstance(found, Unknown):
            return [api.merge({"ServiceArn": arn}, found) for arn in arns]
        return [] if found is ABSENT else [service for service in found if service.get("Status") != "INACTIVE"]

    clusters = (item["ClusterArn"] for item in api.pages(_CLUSTERS.operation, _CLUSTERS.key, shared=True))
    chunks = (
        (cluster, chunk)
        for cluster, arns in api.each(listed, clusters)
        if isinstance(arns, list)
        for chunk in _chunks(arns)
    )
    for found in api.each(described, chunks):
        yield from found


def _chunks(arns: list[str]) -> Iterator[list[str]]:
    following = iter(arns)
    while chunk := list(islice(following, _AT_ONCE)):
        yield chunk


def _newest(arns: Iterable[str]) -> list[str]:
    """The newest revision of each family: `…:task-definition/family:7`."""
    newest: dict[str, int] = {}
    for arn in arns:
        family, _, revision = arn.rpartition(":")
        newest[family] = max(int(revision), newest.get(family, 0))
    return [f"{family}:{revision}" for family, revision in newest.items()]


def _definition(api: Api, arn: str) -> Any:
    return api.ask("DescribeTaskDefinition", "TaskDefinition", gone=("ClientException",), taskDefinition=arn)


def _named(api: Api, type: str, arn: str, properties: Mapping[str, Any]) -> Raw:
    name = arn.rpartition("/")[2]
    return api.raw(type, arn, properties, names=(name,), title=name)
