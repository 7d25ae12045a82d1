"""What a collector is, and the registry of them.

A collector is a generator function that lists resources of one service and yields them as `Raw`:

    @collector("ec2", types=("AWS::EC2::Volume",), operations=("DescribeVolumes",))
    def volumes(api: Api) -> Iterator[Raw]:
        for volume in api.pages("DescribeVolumes", "Volumes"):
            arn = f"arn:{api.partition}:ec2:{api.region}:{api.account}:volume/{volume['VolumeId']}"
            yield api.raw("AWS::EC2::Volume", arn, volume, names=(volume["VolumeId"],))

The operations it declares are the only ones it can call; the read-only guard, the IAM policy that `auditor permissions`
prints and the documentation are made from them.

What one more call about each resource tells may be read by no selected check. Such an operation says what it is asked
for, and where nothing of that is wanted, `Api.ask` gives `NOT_COLLECTED` instead of calling:

    @collector("s3", types=("AWS::S3::Bucket",), operations=("ListBuckets",), details={"GetBucketPolicy": ("Policy",)})
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from auditor.raw import Raw
from auditor.sources.account.api import Api, Incomplete
from auditor.sources.account.guard import require_read_only

__all__ = [
    "COLLECTORS",
    "AllBut",
    "Api",
    "Collector",
    "Details",
    "Incomplete",
    "collector",
    "collectors_of",
    "load_collectors",
]

Collect = Callable[[Api], Iterator[Raw]]


class AllBut(tuple[str, ...]):
    """What an operation tells, in `details`, where that is all else than these properties and types."""

    __slots__ = ()


Details = Mapping[str, tuple[str, ...]]
"""What each of some operations tells: properties under the API's names, or types."""


@dataclass(frozen=True, slots=True)
class Collector:
    """One generator function and what it declares.

    Attributes:
        service: botocore's service name, such as `s3`, `ec2` or `resourcegroupstaggingapi`.
        types: the resource types it lists, such as `("AWS::S3::Bucket",)`; it can yield no other.
        operations: the API operations it may call, beside `details`: `ListBuckets`, or `otherservice:Operation`.
        collect: the generator function.
        scope: `region` is called once per region, `global` once per account (IAM, S3's list of buckets).
        pascal: the members of what the API answers get a capital first letter, as CloudFormation has them, for
            services that write them small (ECS, EKS, Batch, Step Functions); names in it that are data (tags,
            labels, variables) stay.
        late: it is run after the others, and `Api.found` tells it what they found.
        details: the operations that are called only where something that they tell is wanted.
        left_out: those of them that are not called, each as `service:Operation`.
    """

    service: str
    types: tuple[str, ...]
    operations: tuple[str, ...]
    collect: Collect
    scope: Literal["global", "region"] = "region"
    pascal: bool = False
    late: bool = False
    details: Details = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    @property
    def declared(self) -> frozenset[str]:
        """The operations that it may call, each as `service:Operation`."""
        return frozenset(map(self._full, (*self.operations, *self.details))) - self.left_out

    def only(self, wanted: Mapping[str, Collection[str]]) -> Collector:
        """The same collector, which leaves out what tells nothing wanted; see `collectors_of`."""
        types = tuple(type for type in self.types if type in wanted)
        properties = {name for type in types for name in wanted[type]}
        left_out = frozenset(operation for operation, told in self.told.items() if not _tells(told, properties, types))
        return replace(self, types=types if self.late else self.types, left_out=left_out)

    @property
    def told(self) -> dict[str, tuple[str, ...]]:
        """`details`, with each operation as `service:Operation`."""
        return {self._full(operation): told for operation, told in self.details.items()}

    def _full(self, operation: str) -> str:
        return operation if ":" in operation else f"{self.service}:{operation}"

    @property
    def name(self) -> str:
        """What to call it in a message: `ec2.volumes`."""
        return f"{self.service}.{getattr(self.collect, '__name__', 'collector')}"


def _tells(told: tuple[str, ...], properties: set[str], types: Collection[str]) -> bool:
    """Whether an operation tells something wanted."""
    wanted = properties.union(types)
    if isinstance(told, AllBut):
        return not wanted.issubset(told)
    return "" in wanted or not wanted.isdisjoint(told)


COLLECTORS: list[Collector] = []
"""Every collector known so far; see `load_collectors`."""


def collector(
    service: str,
    *,
    types: tuple[str, ...],
    operations: tuple[str, ...],
    scope: Literal["global", "region"] = "region",
    pascal: bool = False,
    late: bool = False,
    details: Details | None = None,
) -> Callable[[Collect], Collect]:
    """Register a generator function as a collector; the arguments are the attributes of `Collector`.

    Raises:
        ValueError: an operation could change something, judged by its verb.
    """

    def register(function: Collect) -> Collect:
        made = Collector(service, types, operations, function, scope, pascal, late, details or {})
        for operation in made.declared:
            require_read_only(operation)
        COLLECTORS.append(made)
        return function

    return register


def load_collectors() -> list[Collector]:
    """Import every module of `auditor.sources.account.services`, so that `COLLECTORS` is complete, and return it."""
    _import_services()
    return COLLECTORS


@cache
def _import_services() -> None:
    package = importlib.import_module("auditor.sources.account.services")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def collectors_of(types: Collection[str] | Mapping[str, Collection[str]] | None) -> list[Collector]:
    """The collectors that list some of these resource types; all of them where None.

    Where the wanted properties are given by type (`""` among them for all), collectors leave out what tells no other.
    """
    if types is None:
        return load_collectors()
    wanted = types if isinstance(types, Mapping) else dict.fromkeys(types, ("",))
    return [one.only(wanted) for one in load_collectors() if not wanted.keys().isdisjoint(one.types)]
