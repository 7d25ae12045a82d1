"""Which metrics say how a resource is used: declared beside each other, asked only where a selected check uses them.

    class StreamThrottling(Usage, cfn="usage:Kinesis::Throttling", measures="AWS::Kinesis::Stream"):
        \"\"\"Records that a stream refused.\"\"\"

        write: Annotated[
            Series,
            Metric("AWS/Kinesis", "WriteProvisionedThroughputExceeded", "Sum", STREAM, counts=True),
        ]

A check names the class in `uses` and reads it: `StreamThrottling.of(stream, inventory).write.total()`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, get_args

from auditor.resources.base import Resource
from auditor.utilisation.series import HOUR
from auditor.values import Undecided

if TYPE_CHECKING:
    from auditor.inventory import Inventory

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of CloudWatch, and which of its dimensions belong to a resource.

    Attributes:
        namespace, name: as its service's documentation has them.
        statistic: `Sum`, `Average`, `Maximum`, `Minimum`, `SampleCount` or a percentile such as `p99`.
        by: its dimensions by name, each a JMESPath of the measured resource's properties as the API gives them
            (`"'AllStorageTypes'"` for a text), or a function of them. Where one gives a list, there is a series for
            each; the field is then a tuple of them.
        period: seconds that a value is for.
        counts: CloudWatch has no value where nothing happened, so no data is zero.
        found: the dimensions vary (metrics of agents): those of the region are listed once, and each metric with one
            of the dimensions in `by` counts. The field is a tuple, empty where nobody publishes such a metric.
    """

    namespace: str
    name: str
    statistic: str
    by: Mapping[str, str | Callable[[Properties], Any]]
    period: int = HOUR
    counts: bool = False
    found: bool = False

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"{self.namespace} {self.name}"


class Usage(Resource):
    """How a resource is used: a resource of its own, so that it is asked only when a check uses it.

    Each field is a `Series`, or a tuple of several, annotated with its `Metric`. Only live accounts have them.
    """

    measures: ClassVar[str] = ""
    only: ClassVar[Callable[[Properties], bool] | None] = None

    def __init_subclass__(
        cls, cfn: str = "", measures: str = "", only: Callable[[Properties], bool] | None = None
    ) -> None:
        """Register the class.

        Args:
            cfn: its own type, `usage:Service::What`.
            measures: the type of what it measures, which must be collected: a type that the check judges or uses.
            only: whether to ask about a resource, by its properties as the API gives them; about all where None.
        """
        super().__init_subclass__(cfn=cfn)
        cls.measures = measures
        cls.only = staticmethod(only) if only else None

    @classmethod
    def metrics(cls) -> dict[str, Metric]:
        """The metrics by the property that holds what came."""
        live = cls.plan("live")
        return {
            ".".join(live[name].path or ()): extra
            for name, annotation in cls._fields.items()
            for extra in get_args(annotation)
            if isinstance(extra, Metric)
        }

    @classmethod
    def of(cls, resource: Resource, inventory: Inventory) -> Self:
        """How a resource is used; a field is undecided where CloudWatch did not tell or was not asked.

        Raises:
            Undecided: CloudWatch was not asked about this resource.
        """
        found = inventory.get(cls, resource.raw.id)
        if found is None:
            raise Undecided("CloudWatch was not asked about it")
        return found

    @classmethod
    def where_measured(cls, resource: Resource, inventory: Inventory) -> Self | None:
        """As `of`, but None for what is only declared, which nothing measures: for what metrics only add to."""
        return cls.of(resource, inventory) if resource.scope.closed else None
