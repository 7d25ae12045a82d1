"""Compute Optimizer and Cost Optimization Hub. They have no CloudFormation types."""

from typing import Annotated

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From


class Option(Struct):
    """Another size, the best first.

    `savings` is in USD per month (CNY in China) at list prices; None where it would cost more or the same.
    """

    rank: int | None = None
    savings: Annotated[float | None, From(live="SavingsOpportunity.EstimatedMonthlySavings.Value")] = None


class Recommendation(Resource):
    """What Compute Optimizer says of one resource, whose ARN is the recommendation's name."""

    finding: str


class IdleRecommendation(Recommendation, cfn="api:ComputeOptimizer::IdleRecommendation"):
    """A resource that it finds `Idle`, `Unattached` or `Unused`; `savings` as in `Option`."""

    resource_type: str
    savings: Annotated[float | None, From(live="SavingsOpportunity.EstimatedMonthlySavings.Value")] = None


class InstanceOption(Option):
    """Another instance type."""

    instance_type: str


class InstanceRecommendation(Recommendation, cfn="api:ComputeOptimizer::InstanceRecommendation"):
    """Of an EC2 instance."""

    options: Annotated[tuple[InstanceOption, ...], From(live="RecommendationOptions")] = ()


class VolumeOption(Option):
    """Another type or size of volume."""

    volume_type: Annotated[str, From(live="Configuration.VolumeType")]
    volume_size: Annotated[int, From(live="Configuration.VolumeSize")]


class VolumeRecommendation(Recommendation, cfn="api:ComputeOptimizer::VolumeRecommendation"):
    """Of an EBS volume."""

    options: Annotated[tuple[VolumeOption, ...], From(live="VolumeRecommendationOptions")] = ()


class ServiceOption(Option):
    """Another size of task."""

    cpu: int
    memory: int


class ServiceRecommendation(Recommendation, cfn="api:ComputeOptimizer::ServiceRecommendation"):
    """Of an ECS service on Fargate."""

    options: Annotated[tuple[ServiceOption, ...], From(live="ServiceRecommendationOptions")] = ()


class FunctionOption(Option):
    """Another memory size."""

    memory_size: int


class FunctionRecommendation(Recommendation, cfn="api:ComputeOptimizer::FunctionRecommendation"):
    """Of a version of a Lambda function; the function's ARN without the version is one of its names too."""

    options: Annotated[tuple[FunctionOption, ...], From(live="MemorySizeRecommendationOptions")] = ()


class DatabaseOption(Option):
    """Another class of instance."""

    instance_class: Annotated[str, From(live="DbInstanceClass")]


class DatabaseRecommendation(Recommendation, cfn="api:ComputeOptimizer::DatabaseRecommendation"):
    """Of an RDS database."""

    finding: Annotated[str, From(live="InstanceFinding")]
    options: Annotated[tuple[DatabaseOption, ...], From(live="InstanceRecommendationOptions")] = ()


class Enrollment(Resource, cfn="api:ComputeOptimizer::Enrollment", tf="aws_computeoptimizer_enrollment_status"):
    """Whether Compute Optimizer looks at the account in a region: Active, Inactive, Pending or Failed."""

    status: str


class HubEnrollment(
    Resource, cfn="api:CostOptimizationHub::Enrollment", tf="aws_costoptimizationhub_enrollment_status"
):
    """Whether the account is enrolled: Active or Inactive; there is none where it never was."""

    status: Annotated[str, From(tf=None)]
