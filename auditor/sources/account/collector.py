"""What a collector is, and the registry of them.

A collector is a generator function that lists resources of one service and yields them as `Raw`:

    @collector("ec2", types=("AWS::EC2::Volume",), operations=("DescribeVolumes",))
    def volumes(api: Api) -> Iterator[Raw]:
        for volume in api.pages("DescribeVolumes", "Volumes"):
            arn = f"arn:{api.partition}:ec2:{api.region}:{api.account}:volume/{volume['VolumeId']}"
            yield api.raw("AWS::EC2::Volume", arn, volume, names=(volume["VolumeId"],))

The operations it declares are the only ones it can call; the read-only guard, the IAM policy that `auditor permissions`
prints and the documentation are made from them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from auditor.raw import Raw
from auditor.sources.account.api import Api, Incomplete
from auditor.sources.account.guard import require_read_only

__all__ = ["COLLECTORS", "Api", "Collector", "Incomplete", "collector", "collectors_of", "load_collectors"]

Collect = Callable[[Api], Iterator[Raw]]


@dataclass(frozen=True, slots=True)
class Collector:
    """One generator function and what it declares.

    Attributes:
        service: botocore's service name, such as `s3`, `ec2` or `resourcegroupstaggingapi`.
        types: the resource types it lists, such as `("AWS::S3::Bucket",)`; it can yield no other.
        operations: the API operations it may call: `ListBuckets`, or `otherservice:Operation`.
        collect: the generator function.
        scope: `region` is called once per region, `global` once per account (IAM, S3's list of buckets).
        pascal: the members of what the API answers get a capital first letter, as CloudFormation has them, for
            services that write them small (ECS, EKS, Batch, Step Functions); names in it that are data (tags,
            labels, variables) stay.
    """

    service: str
    types: tuple[str, ...]
    operations: tuple[str, ...]
    collect: Collect
    scope: Literal["global", "region"] = "region"
    pascal: bool = False

    @property
    def declared(self) -> frozenset[str]:
        """Its operations, each as `service:Operation`."""
        return frozenset(name if ":" in name else f"{self.service}:{name}" for name in self.operations)

    @property
    def name(self) -> str:
        """What to call it in a message: `ec2.volumes`."""
        return f"{self.service}.{getattr(self.collect, '__name__', 'collector')}"


COLLECTORS: list[Collector] = []
"""Every collector known so far; see `load_collectors`."""


def collector(
    service: str,
    *,
    types: tuple[str, ...],
    operations: tuple[str, ...],
    scope: Literal["global", "region"] = "region",
    pascal: bool = False,
) -> Callable[[Collect], Collect]:
    """Register a generator function as a collector; the arguments are the attributes of `Collector`.

    Raises:
        ValueError: an operation could change something, judged by its verb.
    """

    def register(function: Collect) -> Collect:
        made = Collector(service, types, operations, function, scope, pascal)
        for operation in made.declared:
            require_read_only(operation)
        COLLECTORS.append(made)
        return function

    return register


def load_collectors() -> list[Collector]:
    """Import every module of `auditor.sources.account.services`, so that `COLLECTORS` is complete, and return it."""
    package = importlib.import_module("auditor.sources.account.services")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return COLLECTORS


def collectors_of(types: Collection[str] | None) -> list[Collector]:
    """The collectors that list some of these resource types; all of them where None."""
    return [one for one in load_collectors() if types is None or not set(types).isdisjoint(one.types)]
