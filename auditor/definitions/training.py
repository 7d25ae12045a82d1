"""SageMaker trainings: jobs, and steps of workflows that start them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from auditor.definitions.blocks import Block, setting
from auditor.members import known_first
from auditor.raw import Path, Raw
from auditor.values import Undecided

if TYPE_CHECKING:
    from auditor.pricing.savings import Saving
    from auditor.resources.base import Placed

_SPOT: Final = "EnableManagedSpotTraining"
_DAY: Final = 86_400
# Images of SageMaker's own algorithms, in AWS's registries ("Docker registry paths", SageMaker developer guide).
_BUILT_IN: Final = re.compile(
    r"^\d{12}\.dkr\.ecr\.[\w.-]+/(blazingtext|deepar|factorization-machines|forecasting-deepar|image-classification|"
    r"ipinsights|kmeans|knn|lda|linear-learner|ntm|object-detection|object2vec|pca|randomcutforest|"
    r"semantic-segmentation|seq2seq|sagemaker-xgboost|xgboost)(:|$|@)"
)


class Training:
    """A training that is asked for: a job, or a step that starts one.

    Attributes:
        name: of the job or step.
        settings: what CreateTrainingJob would be called with.
        billable_seconds: what a job was billed in the last 30 days; None where that is not known.
    """

    def __init__(self, name: str, call: Block, billable_seconds: float | None = None) -> None:
        """`call` is what CreateTrainingJob is called with."""
        self.name = name
        self.settings = call.values
        self.billable_seconds = billable_seconds
        self._call = call

    def spot(self) -> tuple[Raw, Path]:
        """Where it says, or should say, that it uses managed spot capacity."""
        return self.at(_SPOT).spot()

    def at(self, setting: str) -> Placed:
        """Where it says, or should say, a setting of CreateTrainingJob."""
        return self._call.at(setting)

    @property
    def is_isolated(self) -> bool:
        """Whether its containers run without a network."""
        return self._call.flag("EnableNetworkIsolation")

    @property
    def is_in_vpc(self) -> bool:
        """Whether it runs in subnets of a VPC."""
        config = self._call.block("VpcConfig")
        return config is not None and bool(config.get("Subnets"))

    @property
    def security_groups(self) -> tuple[str, ...]:
        """The security groups that it runs in."""
        config = self._call.block("VpcConfig")
        return config.texts("SecurityGroupIds") if config else ()

    @property
    def is_distributed(self) -> bool:
        """Whether it runs on more than one instance."""
        return sum(machines.number("InstanceCount", 1) for machines in self._machines()) > 1

    @property
    def encrypts_between_containers(self) -> bool:
        """Whether what its containers send each other is encrypted."""
        return self._call.flag("EnableInterContainerTrafficEncryption")

    @property
    def instance_types(self) -> tuple[str, ...]:
        """The types of its instances."""
        return known_first(self._machines(), lambda machines: machines.text("InstanceType"))

    @property
    def volume_key(self) -> str:
        """The KMS key of its instances' volumes; empty where it has none."""
        resources = self._call.block("ResourceConfig")
        return resources.text("VolumeKmsKeyId") if resources else ""

    @property
    def output_key(self) -> str:
        """The KMS key that the model is encrypted with; empty where it has none."""
        output = self._call.block("OutputDataConfig")
        return output.text("KmsKeyId") if output else ""

    @property
    def fleet(self) -> tuple[tuple[str, int], ...]:
        """The types of its instances, each with how many of them."""
        return known_first(
            self._machines(),
            lambda machines: (machines.required("InstanceType"), int(machines.number("InstanceCount", 1))),
        )

    @property
    def image(self) -> str:
        """The container image that it runs; empty where it runs an algorithm by its name."""
        algorithm = self._call.block("AlgorithmSpecification")
        return algorithm.text("TrainingImage") if algorithm else ""

    def _machines(self) -> tuple[Block, ...]:
        """Its instances, by type."""
        for key in ("ResourceConfig", "HyperParameterTuningResourceConfig"):
            resources = self._call.block(key)
            if resources is not None:
                return resources.blocks("InstanceGroups") or resources.blocks("InstanceConfigs") or (resources,)
        raise Undecided("it does not say what it runs on")

    @property
    def uses_spot(self) -> bool:
        """Whether it runs on managed spot capacity."""
        return self._call.flag(_SPOT)

    @property
    def writes_checkpoints(self) -> bool:
        """Whether what it writes to its checkpoint folder is copied to S3."""
        config = self._call.block("CheckpointConfig")
        return config is not None and bool(config.get("S3Uri"))

    @property
    def longest_seconds(self) -> float:
        """After how long SageMaker stops it: a day where nothing says so (CreateTrainingJob, StoppingCondition)."""
        condition = self._call.block("StoppingCondition")
        return condition.number("MaxRuntimeInSeconds", _DAY) if condition else _DAY

    @property
    def publishes_metrics(self) -> bool:
        """Whether its metrics, such as its loss, can be seen while it runs and afterwards.

        SageMaker reads them from the log by MetricDefinitions, and knows those of its own algorithms; scripts may log
        them to an experiment or to MLflow.
        """
        algorithm = self._call.block("AlgorithmSpecification")
        if algorithm and (algorithm.get("MetricDefinitions") or algorithm.get("AlgorithmName")):
            return True
        if any(self._call.get(key) for key in ("ExperimentConfig", "MlflowConfig", "FinalMetricDataList")):
            return True
        variables = self._call.block("Environment")
        if variables and any(name.startswith("MLFLOW_") for name in variables.names()):
            return True
        return algorithm is not None and bool(_BUILT_IN.search(algorithm.text("TrainingImage")))

    @property
    def on_demand(self) -> bool:
        """Whether it trains on demand although it could use spot capacity: no training plan, no warm pool."""
        resources = self._call.get("ResourceConfig", {})
        reserved = isinstance(resources, Mapping) and any(
            setting(resources, key) is not None for key in ("TrainingPlanArn", "KeepAlivePeriodInSeconds")
        )
        return not reserved and not self.uses_spot

    def saving(self, region: str | None, realised: Mapping[str, tuple[float, int]] | None = None) -> Saving | None:
        """What spot capacity would save; None where the price, the type or the time is not known.

        Args:
            region: where it runs.
            realised: by instance type, the share that spot saved other jobs of the account, and how many they were.
        """
        from auditor.pricing import savings

        try:
            machines = tuple(self.fleet)
        except Undecided:
            return None
        if self.billable_seconds is None or len(machines) != 1:
            return None
        kind, count = machines[0]
        own = (realised or {}).get(kind)
        return savings.managed_spot_training(kind, count, self.billable_seconds, region, realised=own)


def tuned(name: str, job: Block) -> tuple[Training, ...]:
    """The trainings of a tuning job.

    Args:
        name: of the job, or of the step that starts it.
        job: what CreateHyperParameterTuningJob takes, or DescribeHyperParameterTuningJob tells.

    Raises:
        Undecided: it says of none, so that what it trains with is decided when it runs.
    """
    one = job.block("TrainingJobDefinition")
    definitions = (one,) if one else job.blocks("TrainingJobDefinitions")
    if not definitions:
        raise Undecided(f"what {name} trains with is decided when it runs")
    used = job.block("ConsumedResources")
    seconds = used.get("RuntimeInSeconds") if used and one else None
    return known_first(definitions, lambda definition: Training(name, definition, seconds))
