"""SageMaker jobs that are no training: processing and batch transform, by themselves or started by workflows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from auditor.definitions.blocks import Block
from auditor.definitions.pipeline import PipelineDefinition, Step
from auditor.definitions.statemachine import State, StateMachineDefinition
from auditor.members import flat
from auditor.raw import Path, Raw
from auditor.values import Undecided

PROCESSING: Final = ("ProcessingResources", "ClusterConfig")
TRANSFORM: Final = ("TransformResources",)


@dataclass(frozen=True, slots=True)
class Job:
    """A processing or transform job that is asked for.

    Attributes:
        name: of the job, or of the step that starts it.
        call: what CreateProcessingJob or CreateTransformJob is called with.
        keys: where it says what it runs on: `PROCESSING` or `TRANSFORM`.
    """

    name: str
    call: Block
    keys: tuple[str, ...]

    def spot(self) -> tuple[Raw, Path]:
        """Where the type of its instances stands."""
        return self.call.at(*self.keys, "InstanceType").spot()

    @property
    def instance_type(self) -> str:
        """The type of its instances."""
        return self._machines.required("InstanceType")

    @property
    def instance_count(self) -> int:
        """How many there are."""
        return int(self._machines.number("InstanceCount", 1))

    @property
    def image(self) -> str:
        """The image that a processing job runs; empty where it says none."""
        application = self.call.block("AppSpecification")
        return application.text("ImageUri") if application else ""

    @property
    def model_name(self) -> str:
        """The model that a transform job runs, as one can look it up."""
        return self.call.reference("ModelName")

    @property
    def _machines(self) -> Block:
        block: Block | None = self.call
        for key in self.keys:
            block = block and block.block(key)
        if block is None:
            raise Undecided("it does not say what it runs on")
        return block


def processings(definition: StateMachineDefinition | PipelineDefinition) -> tuple[Job, ...]:
    """The processing jobs that a workflow starts, undecided as its steps are."""
    return _started(definition, "createprocessingjob", "Processing", PROCESSING)


def transforms(definition: StateMachineDefinition | PipelineDefinition) -> tuple[Job, ...]:
    """The transform jobs that a workflow starts, undecided as its steps are."""
    return _started(definition, "createtransformjob", "Transform", TRANSFORM)


def _started(
    definition: StateMachineDefinition | PipelineDefinition, action: str, type: str, keys: tuple[str, ...]
) -> tuple[Job, ...]:
    def of_state(state: State) -> tuple[Job, ...]:
        return flat(
            state.integrations, lambda call: _jobs(call.service == "sagemaker" and call.action.lower() == action, state)
        )

    def of_step(step: Step) -> tuple[Job, ...]:
        return _jobs(step.type == type, step)

    def _jobs(starts: bool, one: State | Step) -> tuple[Job, ...]:
        return (Job(one.name, one.arguments, keys),) if starts else ()

    if isinstance(definition, StateMachineDefinition):
        return flat(definition.states, of_state)
    return flat(definition.steps, of_step)
