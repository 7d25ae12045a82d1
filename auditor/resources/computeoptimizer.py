"""Compute Optimizer and Cost Optimization Hub. They have no CloudFormation types."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From

_SAVINGS = "SavingsOpportunity.EstimatedMonthlySavings.Value"
_CURRENCY = "SavingsOpportunity.EstimatedMonthlySavings.Currency"


@dataclass(frozen=True, slots=True)
class Advice:
    """What AWS recommends.

    Attributes:
        kind: what it is about, as with a `Saving`.
        message: read after the resource's name.
        savings: a month, at list prices.
        currency: of that: USD, in China CNY.
    """

    kind: Literal["idle", "oversize", "commitment"]
    message: str
    savings: float
    currency: str


class Option(Struct):
    """Another size, the best first; `savings` is a month's at list prices, None where it would not cost less."""

    rank: int | None = None
    savings: Annotated[float | None, From(live=_SAVINGS)] = None
    currency: Annotated[str, From(live=_CURRENCY)] = "USD"

    @property
    def name(self) -> str:
        """What it is called."""
        return "another size"


class Recommended(Resource):
    """Something that AWS recommends about a resource, whose ARN is one of its names."""

    last_refresh_timestamp: datetime

    @property
    def by(self) -> str:
        """Who recommends it."""
        return "Compute Optimizer"

    @property
    def resource_arn(self) -> str | None:
        """The resource that it is about, a function without its version; None where it is about the account."""
        for name in self.raw.names:
            if isinstance(name, str) and name.startswith("arn:"):
                return ":".join(name.split(":")[:7]) if ":function:" in name else name
        return None

    @property
    def advice(self) -> Advice | None:
        """What it recommends; None where that saves nothing."""
        return None


class Recommendation(Recommended):
    """What Compute Optimizer says of one resource."""

    finding: str

    def _smaller(self, options: Iterable[Option]) -> Advice | None:
        """The best of other sizes, where it saves something."""
        for option in sorted(options, key=lambda one: one.rank or 0):
            if option.savings and option.savings > 0:
                message = f"is {self.finding} by Compute Optimizer; {option.name} would do"
                return Advice("oversize", message, option.savings, option.currency)
        return None


class IdleRecommendation(Recommendation, cfn="api:ComputeOptimizer::IdleRecommendation"):
    """A resource that it finds `Idle`, `Unattached` or `Unused`; `savings` as in `Option`."""

    resource_type: str
    savings: Annotated[float | None, From(live=_SAVINGS)] = None
    currency: Annotated[str, From(live=_CURRENCY)] = "USD"

    @property
    def advice(self) -> Advice | None:
        """See `Recommended`."""
        if not self.savings:
            return None
        return Advice("idle", f"is {self.finding} by Compute Optimizer", self.savings, self.currency)


class InstanceOption(Option):
    """Another instance type."""

    instance_type: str

    @property
    def name(self) -> str:
        """What it is called."""
        return self.instance_type


class InstanceRecommendation(Recommendation, cfn="api:ComputeOptimizer::InstanceRecommendation"):
    """Of an EC2 instance."""

    options: Annotated[tuple[InstanceOption, ...], From(live="RecommendationOptions")] = ()

    @property
    def advice(self) -> Advice | None:
        """See `Recommended`."""
        return self._smaller(self.options)


class VolumeOption(Option):
    """Another type or size of volume."""

    volume_type: Annotated[str, From(live="Configuration.VolumeType")]
    volume_size: Annotated[int, From(live="Configuration.VolumeSize")]

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.volume_type} of {self.volume_size} GB"


class VolumeRecommendation(Recommendation, cfn="api:ComputeOptimizer::VolumeRecommendation"):
    """Of an EBS volume."""

    options: Annotated[tuple[VolumeOption, ...], From(live="VolumeRecommendationOptions")] = ()

    @property
    def advice(self) -> Advice | None:
        """See `Recommended`."""
        return self._smaller(self.options)


class ServiceOption(Option):
    """Another size of task."""

    cpu: int
    memory: int

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.cpu} CPU units and {self.memory} MB"


class ServiceRecommendation(Recommendation, cfn="api:ComputeOptimizer::ServiceRecommendation"):
    """Of an ECS service on Fargate."""

    options: Annotated[tuple[ServiceOption, ...], From(live="ServiceRecommendationOptions")] = ()

    @property
    def advice(self) -> Advice | None:
        """See `Recommended`."""
        return self._smaller(self.options)


class FunctionOption(Option):
    """Another memory size."""

    memory_size: int

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.memory_size} MB"


class FunctionRecommendation(Recommendation, cfn="api:ComputeOptimizer::FunctionRecommendation"):
    """Of a version of a Lambda function; the function's ARN without the version is one of its names too."""

    options: Annotated[tuple[FunctionOption, ...], From(live="MemorySizeRecommendationOptions")] = ()

    @property
    def advice(self) -> Advice | None:
        """See `Recommended`."""
        return self._smaller(self.options)


class DatabaseOption(Option):
    """Another class of instance."""

    instance_class: Annotated[str, From(live="DbInstanceClass")]

    @property
    def name(self) -> str:
        """What it is called."""
        return self.instance_class


class DatabaseRecommendation(Recommendation, cfn="api:ComputeOptimizer::DatabaseRecommendation"):
    """Of an RDS database."""

    finding: Annotated[str, From(live="InstanceFinding")]
    options: Annotated[tuple[DatabaseOption, ...], From(live="InstanceRecommendationOptions")] = ()

    @property
    def advice(self) -> Advice | None:
        """See `Recommended`."""
        return self._smaller(self.options)


class Enrollment(Resource, cfn="api:ComputeOptimizer::Enrollment", tf="aws_computeoptimizer_enrollment_status"):
    """Whether Compute Optimizer looks at the account in a region: Active, Inactive, Pending or Failed."""

    status: str


class HubEnrollment(
    Resource, cfn="api:CostOptimizationHub::Enrollment", tf="aws_costoptimizationhub_enrollment_status"
):
    """Whether the account is enrolled: Active or Inactive; there is none where it never was."""

    status: Annotated[str, From(tf=None)]


_IDLE_ACTIONS = ("Stop", "Delete")
_COMMITMENTS = ("PurchaseSavingsPlans", "PurchaseReservedInstances")


class HubRecommendation(Recommended, cfn="api:CostOptimizationHub::Recommendation"):
    """What Cost Optimization Hub lists: other services' recommendations, of which none excludes another."""

    action_type: str
    estimated_monthly_savings: float = 0.0
    currency_code: str = "USD"
    recommended_resource_summary: str | None = None

    @property
    def by(self) -> str:
        """See `Recommended`."""
        return "Cost Optimization Hub"

    @property
    def advice(self) -> Advice | None:
        """See `Recommended`."""
        action, savings = self.action_type, self.estimated_monthly_savings
        if savings <= 0:
            return None
        summary = f" ({self.recommended_resource_summary})" if self.recommended_resource_summary else ""
        message = f"should be changed by Cost Optimization Hub: {action}{summary}"
        if action in _COMMITMENTS:
            return Advice("commitment", message, savings, self.currency_code)
        return Advice("idle" if action in _IDLE_ACTIONS else "oversize", message, savings, self.currency_code)

    @property
    def resource_arn(self) -> str | None:
        """See `Recommended`."""
        return None if self.action_type in _COMMITMENTS else super().resource_arn
