"""Pipelines of SageMaker: their JSON definition.

https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final, Self

from auditor.definitions.blocks import Block
from auditor.definitions.content import read_block
from auditor.definitions.training import Training, tuned
from auditor.members import flat, known_first
from auditor.raw import Path, Raw
from auditor.values import ABSENT, Undecided, known, settle

_BODY: Final = "PipelineDefinitionBody"
_DEEPEST: Final = 40  # conditions within conditions


class RetryPolicy:
    """One rule of a step's RetryPolicies."""

    def __init__(self, block: Block) -> None:
        """`block` is what stands in RetryPolicies."""
        self.block = block

    @property
    def exceptions(self) -> tuple[str, ...]:
        """What it is for, such as `Step.THROTTLING` or `SageMaker.CAPACITY_ERROR`."""
        return self.block.texts("ExceptionType")

    @property
    def max_attempts(self) -> int | None:
        """How often it tries again; None where it does so until it expires."""
        value = self.block.get("MaxAttempts")
        return None if value is None else int(self.block.number("MaxAttempts", 0))

    def spot(self) -> tuple[Raw, Path]:
        """Where it stands."""
        return self.block.spot()


class Step:
    """A step of a pipeline.

    Attributes:
        block: what the definition says of it.
        parent: the Condition step that decides whether it runs, if any.
    """

    def __init__(self, block: Block, parent: Step | None = None) -> None:
        """A step; see the attributes."""
        self.block = block
        self.parent = parent

    def spot(self) -> tuple[Raw, Path]:
        """Where it stands, or the text that holds it."""
        return self.block.spot()

    @property
    def name(self) -> str:
        """Its name."""
        return self.block.text("Name", "a step without a name")

    @property
    def type(self) -> str:
        """What kind of step it is.

        `Processing`, `Training`, `Tuning`, `AutoML`, `Model`, `RegisterModel`, `Transform`, `QualityCheck`,
        `ClarifyCheck`, `EMR`, `Lambda`, `Callback`, `Condition`, `Fail`, and others that SageMaker adds.
        """
        return self.block.required("Type")

    @property
    def ancestors(self) -> Iterator[Step]:
        """The Condition steps that decide whether it runs, the nearest first."""
        if self.parent:
            yield self.parent
            yield from self.parent.ancestors

    @property
    def arguments(self) -> Block:
        """What it calls with; for a Condition its conditions and branches."""
        return self.block.block("Arguments") or Block({}, *self.block.at("Arguments").spot(), exact=self.block.exact)

    @property
    def retry_policies(self) -> tuple[RetryPolicy, ...]:
        """Its RetryPolicies."""
        return known_first(self.block.blocks("RetryPolicies"), RetryPolicy)

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The names of the steps that it says it waits for; it waits for those whose results it takes, too."""
        return self.block.texts("DependsOn")

    @property
    def trainings(self) -> tuple[Training, ...]:
        """The SageMaker trainings that it starts."""
        if self.type == "Training":
            return (Training(self.name, self.arguments),)
        return tuned(self.name, self.arguments) if self.type == "Tuning" else ()


class PipelineDefinition:
    """A SageMaker pipeline's definition."""

    def __init__(self, pipeline: Block) -> None:
        """`pipeline` is the whole definition."""
        self.block = pipeline

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """Read what holds the definition: PipelineDefinition, or its text."""
        if isinstance(value, Mapping) and "Steps" not in value:
            if settle(value.get(_BODY, ABSENT)) is ABSENT:
                raise Undecided("its definition is in a file that is not read")
            value, path = value[_BODY], (*path, _BODY)
        return cls(read_block(value, "definition", raw, path))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step, those in the branches of Condition steps too, each after the one that decides on it.

        Reading past the known ones raises `Undecided` where there may be more.
        """
        if known(self.block.values.get("Steps", ABSENT)) is ABSENT:
            raise Undecided("it has no Steps")
        return _steps(self.block, "Steps", None)

    @cached_property
    def trainings(self) -> tuple[Training, ...]:
        """The SageMaker trainings among its steps, undecided as `steps` is."""
        return flat(self.steps, lambda step: step.trainings)


def _steps(holder: Block, key: str, parent: Step | None) -> tuple[Step, ...]:
    return flat(holder.blocks(key), lambda block: _with_branches(Step(block, parent)))


def _with_branches(step: Step) -> Iterator[Step]:
    yield step
    if step.type == "Condition":
        if len(tuple(step.ancestors)) > _DEEPEST:
            raise Undecided(f"the conditions within {step.name} are nested too deeply to be read")
        yield from flat(("IfSteps", "ElseSteps"), lambda branch: _steps(step.arguments, branch, step))
