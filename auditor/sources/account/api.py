"""What a collector asks AWS through: one account, one region, one service."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from auditor.raw import Gap, Raw, Scope
from auditor.sources.account.failures import CallFailed
from auditor.sources.account.guard import OperationRefused
from auditor.sources.account.hiding import without_values
from auditor.sources.account.manner import Metrics
from auditor.sources.account.origin import LiveOrigin
from auditor.values import ABSENT, Unknown

if TYPE_CHECKING:
    from auditor.sources.account.calls import Calls
    from auditor.sources.account.collector import Collector
    from auditor.sources.account.pool import Pool

T = TypeVar("T")
R = TypeVar("R")


NOT_COLLECTED = Unknown("not collected, as no selected check reads it")
"""What is told by an operation that was left out."""


class Incomplete(Mapping[str, Any]):
    """Properties of which only some could be read: every key that is not among them is unknown.

    For a resource that was listed but whose description was denied, where leaving the other keys out would claim that
    they are absent. `Api.merge` makes it. Iterating gives the known keys.

    Attributes:
        unknown: what every other key reads as.
    """

    __slots__ = ("_known", "unknown")

    def __init__(self, known: Mapping[str, Any], unknown: Unknown) -> None:
        self._known = known
        self.unknown = unknown

    def __getitem__(self, key: str) -> Any:
        return self._known.get(key, self.unknown)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return f"Incomplete({dict(self._known)!r}, {self.unknown!r})"


class Api:
    """The only way a collector reaches AWS.

    Attributes:
        account: the account's 12 digits.
        region: where calls go: for a global collector the partition's home region (`us-east-1` in `aws`).
        partition: `aws`, `aws-cn` or `aws-us-gov`, for making ARNs.
        gaps: what did not answer so far.
        found: for a late collector, what the others found.
        metrics: how metrics are asked for; `metrics_asked` is how many were.
    """

    def __init__(
        self, collector: Collector, calls: Calls, pool: Pool, *, account: str, region: str, partition: str
    ) -> None:
        self.account = account
        self.region = region
        self.partition = partition
        self.gaps: list[Gap] = []
        self.found: Sequence[Raw] = ()
        self.metrics = Metrics()
        self.metrics_asked = 0
        self._collector = collector
        self._declared = collector.declared
        self._left_out = collector.left_out
        self._calls = calls
        self._pool = pool
        place = "global" if collector.scope == "global" else region
        self._scope = Scope(f"{account}/{place}", "account", account, place)

    @property
    def types(self) -> tuple[str, ...]:
        """The types that the collector is to list."""
        return self._collector.types

    @property
    def place(self) -> str:
        """The region that a person is told: `global` for a global collector."""
        return self._scope.region or self.region

    def pages(
        self,
        operation: str,
        key: str,
        *,
        service: str | None = None,
        region: str | None = None,
        shared: bool = False,
        **params: Any,
    ) -> Iterator[Any]:
        """Every item under `key` of every page, lazily.

        `key` is a JMESPath, such as `Volumes` or `Reservations[].Instances[]`. Pages follow botocore's paginator, else
        the response's `NextToken` or `Marker`. A page is as large as AWS allows.

        A failure needs no handling: it ends the collector, keeps what it yielded, and marks all its types as
        incompletely listed. For a paged call about one resource use `ask_all`.

        Args:
            service: where the operation is not of the collector's own service.
            region: where the call must go to another region than the collector's.
            shared: other collectors ask the same, so the answer is kept for them.
        """
        where = self._where(operation, service, region)
        pages = self._calls.pages_once if shared else self._calls.pages
        yield from pages(*where, key, params, self._collector.pascal)

    def ask(
        self,
        operation: str,
        key: str | None = None,
        *,
        absent: Collection[str] = (),
        gone: Collection[str] = (),
        service: str | None = None,
        region: str | None = None,
        types: tuple[str, ...] | None = None,
        resource: str | None = None,
        **params: Any,
    ) -> Any:
        """One call about one resource.

            policy = api.ask("GetBucketPolicy", "Policy", absent=("NoSuchBucketPolicy",), Bucket=name)

        Args:
            key: JMESPath of what is wanted of the response; the whole response where None.
            absent: error codes that say "not configured": the answer is `ABSENT`.
            gone: error codes that say that the resource was deleted since it was listed: the answer is None, and the
                collector drops the resource quietly. None is never the answer otherwise.
            service, region: see `pages`.
            types: resource types that are not completely listed where this fails.
            resource: what the gap names; by default the first text among the parameters.

        Returns:
            The value; `ABSENT` also where `key` is not in the response; `Unknown`, recorded as a gap, where the call
            was denied or failed; `NOT_COLLECTED`, which is unknown too, where it tells nothing that is wanted.
        """
        return self._ask(self._calls.call, operation, key, absent, gone, service, region, types, resource, params)

    def ask_all(
        self,
        operation: str,
        key: str,
        *,
        absent: Collection[str] = (),
        gone: Collection[str] = (),
        service: str | None = None,
        region: str | None = None,
        types: tuple[str, ...] | None = None,
        resource: str | None = None,
        **params: Any,
    ) -> Any:
        """Like `ask`, for a call that comes in pages: the list of every item under `key`, maybe empty."""

        def listed(
            service: str, region: str, operation: str, key: str, params: Mapping[str, Any], pascal: bool
        ) -> list[Any]:
            return list(self._calls.pages(service, region, operation, key, params, pascal))

        return self._ask(listed, operation, key, absent, gone, service, region, types, resource, params)

    def merge(self, listed: Mapping[str, Any], described: Any) -> Mapping[str, Any]:
        """What the list said about a resource, overridden by its description.

        Where the description is `Unknown`, so is every property that the list did not give.
        """
        if isinstance(described, Unknown):
            return Incomplete(listed, described)
        return {**listed, **described} if isinstance(described, Mapping) else listed

    def each(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """`map`, with several calls at once: for per-resource calls.

        Results come in the order of the items, which are read only a little ahead. What the function raises is raised
        here, in its turn. Within the function, `each` runs one after the other.
        """
        return self._pool.map(function, items)

    def raw(
        self,
        type: str,
        arn: str,
        properties: Mapping[str, Any],
        *,
        names: Sequence[Any] = (),
        title: str = "",
        console: str | None = None,
        region: str | None = None,
    ) -> Raw:
        """A resource of this account and region.

        Resources of one type and ARN that several collectors yield become one with the properties of all
        (`account`). Values of environment variables, scripts and credentials are hidden from here on (`hiding`).

        Args:
            properties: as the API gives them where the keys are CloudFormation's; where the name differs, the typed
                resource's field says so (`From(live=…)`); where the shape differs, reshaped to CloudFormation's.
            names: what else refers to it: id, name.
            title: what people call it.
            console: its page in the AWS console, where `origin.CONSOLE` does not know it.
            region: where a resource of a global collector really is (a bucket); it stays in the scope `global`.

        Raises:
            ValueError: the collector does not declare the type.
        """
        if type not in self._collector.types:
            raise ValueError(f"the collector {self._collector.name} does not declare the type {type}")
        where = region or self.place
        origin = LiveOrigin(type, arn, self.account, where, console)
        if isinstance(properties, Incomplete):
            properties = Incomplete(without_values(dict(properties)), properties.unknown)
        else:
            properties = without_values(properties)
        return Raw(type, arn, properties, self._scope, origin, "live", names=names, title=title)

    def listing_failed(self, gap: Gap) -> None:
        """For the framework: a call of `pages` failed, so the collector's types are not completely listed.

        Where the service cannot be reached in a region in which AWS does not offer it, there is nothing to list.
        """
        if gap.code != "EndpointConnectionError" or self._calls.offered(gap.service, self.region, self.partition):
            self.gaps.append(self._placed(replace(gap, types=self._collector.types)))

    def _placed(self, gap: Gap) -> Gap:
        """A global call is told without the region that happened to be asked."""
        if self._collector.scope == "global" and gap.region == self.region:
            return replace(gap, region=None)
        return gap

    def _where(self, operation: str, service: str | None, region: str | None) -> tuple[str, str, str]:
        service = service or self._collector.service
        if f"{service}:{operation}" not in self._declared:
            raise OperationRefused(f"the collector {self._collector.name} does not declare {service}:{operation}")
        return service, region or self.region, operation

    def _ask(
        self,
        call: Callable[[str, str, str, Any, Mapping[str, Any], bool], Any],
        operation: str,
        key: str | None,
        absent: Collection[str],
        gone: Collection[str],
        service: str | None,
        region: str | None,
        types: tuple[str, ...] | None,
        resource: str | None,
        params: Mapping[str, Any],
    ) -> Any:
        if f"{service or self._collector.service}:{operation}" in self._left_out:
            return NOT_COLLECTED
        where = self._where(operation, service, region)
        try:
            value = call(*where, key, params, self._collector.pascal)
        except CallFailed as failed:
            gap = failed.gap
            if gap.code in absent:
                return ABSENT
            if gap.code in gone:
                return None
            resource = resource or next((value for value in params.values() if isinstance(value, str)), None)
            gap = self._placed(replace(gap, resource=resource, types=types or ()))
            self.gaps.append(gap)
            return Unknown(gap.reason)
        return ABSENT if value is None else value
