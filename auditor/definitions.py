"""Definitions of workflows: the SageMaker trainings that a state machine or a pipeline starts.

They are JSON inside a property (or a map, where a template writes them so) and may be known in part: what a template
does not know, or what is only decided when the workflow runs, is undecided where it is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.members import known_first
from auditor.raw import Path, Raw
from auditor.values import ABSENT, Choice, Partial, Undecided, Unknown, known, settle

if TYPE_CHECKING:
    from auditor.pricing.savings import Saving
    from auditor.resources.base import Placed

_UNKNOWN: Final = "\ue000"  # stands for a piece of text that is not known; private use, so in no definition
_SPOT: Final = "EnableManagedSpotTraining"
_QUOTE: Final = re.compile(r'(?<!\\)(?:\\\\)*"')
_INTEGRATION: Final = re.compile(r"sagemaker:create(TrainingJob|HyperParameterTuningJob)\b", re.IGNORECASE)


class Training:
    """A training that is asked for: a job, or a step that starts one.

    Attributes:
        name: of the job or step.
        settings: what CreateTrainingJob would be called with.
        billable_seconds: what a job was billed in the last 30 days; None where that is not known.
    """

    def __init__(
        self, name: str, settings: Mapping[str, Any], raw: Raw, path: Path, billable_seconds: float | None = None
    ) -> None:
        self.name = name
        self.settings = settings
        self.billable_seconds = billable_seconds
        self._raw = raw
        self._path = path

    def spot(self) -> tuple[Raw, Path]:
        """Where it says, or should say, that it uses managed spot capacity."""
        return self._raw, self._path

    def at(self, setting: str) -> Placed:
        """Where it says, or should say, a setting of CreateTrainingJob."""
        exact = self._path[-1:] == (_SPOT,)
        return _Setting(self._raw, (*self._path[:-1], setting) if exact else self._path or (setting,))

    @property
    def is_isolated(self) -> bool:
        """Whether its containers run without a network."""
        return _flag(_value(self.settings, "EnableNetworkIsolation", False))

    @property
    def is_in_vpc(self) -> bool:
        """Whether it runs in subnets of a VPC."""
        config = _value(self.settings, "VpcConfig")
        return config is not None and bool(_value(config, "Subnets"))

    @property
    def security_groups(self) -> tuple[str, ...]:
        """The security groups that it runs in."""
        groups = _value(_value(self.settings, "VpcConfig", {}), "SecurityGroupIds", ())
        if not isinstance(groups, list | tuple):
            raise Undecided("its security groups are decided when it runs")
        return known_first(groups, known)

    @property
    def on_demand(self) -> bool:
        """Whether it trains on demand although it could use spot capacity: no training plan, no warm pool."""
        resources = _value(self.settings, "ResourceConfig", {})
        reserved = isinstance(resources, Mapping) and any(
            _value(resources, key) is not None for key in ("TrainingPlanArn", "KeepAlivePeriodInSeconds")
        )
        return not reserved and not _flag(_value(self.settings, _SPOT, False))

    def saving(self, region: str | None) -> Saving | None:
        """What spot capacity would save; None where the price, the type or the time is not known."""
        from auditor.pricing import savings

        try:
            resources = _value(self.settings, "ResourceConfig", {})
            kind, count = _value(resources, "InstanceType"), _value(resources, "InstanceCount")
        except Undecided:
            return None
        if self.billable_seconds is None or not isinstance(kind, str) or not isinstance(count, int):
            return None
        return savings.managed_spot_training(kind, count, self.billable_seconds, region)


def tuned(name: str, job: Mapping[str, Any], raw: Raw, path: Path = (), *, exact: bool = True) -> Workflow:
    """The trainings of a tuning job.

    Args:
        name: of the job, or of the step that starts it.
        job: what CreateHyperParameterTuningJob takes, or DescribeHyperParameterTuningJob tells.
        raw, path: where it stands; `exact` where every value in it has its own place.
    """
    return Workflow(*_gather(_tuning(name, job, raw, path, exact)))


@dataclass(frozen=True, slots=True)
class _Setting:
    raw: Raw
    path: Path

    def spot(self) -> tuple[Raw, Path]:
        return self.raw, self.path


class Workflow:
    """A definition of a workflow, as far as it is known.

    Attributes:
        trainings: what it trains; reading past the known ones raises `Undecided` where there may be more.
    """

    def __init__(self, found: list[Training], undecided: Undecided | None) -> None:
        self.trainings: tuple[Training, ...] = Partial(tuple(found), undecided) if undecided else tuple(found)


class StateMachineDefinition(Workflow):
    """A state machine's definition in Amazon States Language."""

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> StateMachineDefinition:
        """Read the properties of a state machine."""
        value = _map(value, "the state machine")
        given = known(value.get("DefinitionSubstitutions", ABSENT))
        substitutions = given if isinstance(given, Mapping) else {}
        for key in ("Definition", "DefinitionString", "definition"):
            if settle(value.get(key, ABSENT)) is not ABSENT:
                content = _content(value[key], key, substitutions)
                at = (*path, key)
                return cls(*_gather(_state_machine(content, raw, at, isinstance(_plain(value[key]), Mapping))))
        raise Undecided("its definition is in a file that is not read")


class PipelineDefinition(Workflow):
    """A SageMaker pipeline's definition."""

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> PipelineDefinition:
        """Read what holds the definition: PipelineDefinition, or its text."""
        key = "PipelineDefinitionBody"
        if isinstance(value, Mapping) and "Steps" not in value:
            if settle(value.get(key, ABSENT)) is ABSENT:
                raise Undecided("its definition is in a file that is not read")
            value, path = value[key], (*path, key)
        content = _content(value, "definition", {})
        return cls(*_gather(_steps(content.get("Steps", ABSENT), raw, path, isinstance(_plain(value), Mapping))))


def _gather(found: Iterator[Training | Undecided]) -> tuple[list[Training], Undecided | None]:
    everything = list(found)
    trainings = [member for member in everything if isinstance(member, Training)]
    return trainings, next((member for member in everything if isinstance(member, Undecided)), None)


def _state_machine(machine: Any, raw: Raw, path: Path, exact: bool) -> Iterator[Training | Undecided]:
    """The trainings in a machine, or in a branch of one; `exact` where every value has its own place in the source."""
    try:
        states = _map(_map(machine, f"what {_at(path)} holds").get("States", ABSENT), f"States in {_at(path)}")
    except Undecided as error:
        yield error
        return
    for key, state in states.items():
        here = (*path, "States", key) if exact else path
        try:
            yield from _state(str(key), _map(state, f"the state {key}"), raw, here, exact)
        except Undecided as error:
            yield error


def _state(name: str, state: Mapping[str, Any], raw: Raw, path: Path, exact: bool) -> Iterator[Training | Undecided]:
    for key in ("Iterator", "ItemProcessor"):
        if key in state:
            yield from _state_machine(state[key], raw, (*path, key) if exact else path, exact)
    branches = known(state.get("Branches", ()))
    for index, branch in enumerate(branches if isinstance(branches, list) else ()):
        yield from _state_machine(branch, raw, (*path, "Branches", index) if exact else path, exact)
    starts = _INTEGRATION.search(_resource(state.get("Resource", "")))
    if not starts:
        return
    key = "Arguments" if "Arguments" in state else "Parameters"
    if key not in state:
        raise Undecided(f"what the state {name} trains with is decided when it runs")
    yield from _call(starts[1], name, known(state[key]), raw, (*path, key) if exact else path, exact)


def _resource(value: Any) -> str:
    value = settle(value)
    if isinstance(value, Unknown) and value.parts:
        return "".join(part or "" for part in value.parts)
    text = known(value)
    if isinstance(text, str) and text.strip(_UNKNOWN):
        return text
    if text == "":
        return ""
    raise Undecided("what a state calls is not known")


def _steps(steps: Any, raw: Raw, path: Path, exact: bool) -> Iterator[Training | Undecided]:
    try:
        members = known(steps)
        if not isinstance(members, list):
            raise Undecided(f"{_at(path)} has no list of steps")
    except Undecided as error:
        yield error
        return
    for index, member in enumerate(members):
        here = (*path, "Steps", index) if exact else path
        try:
            step = _map(member, f"step {index + 1}")
            kind, name = _value(step, "Type"), str(_value(step, "Name", f"step {index + 1}"))
            arguments = _map(step.get("Arguments", {}), f"Arguments of {name}")
            if kind == "Condition":
                for branch in ("IfSteps", "ElseSteps"):
                    yield from _steps(arguments.get(branch, []), raw, here, False)
            elif kind in ("Training", "Tuning"):
                called = "TrainingJob" if kind == "Training" else "HyperParameterTuningJob"
                yield from _call(called, name, arguments, raw, (*here, "Arguments") if exact else here, exact)
        except Undecided as error:
            yield error


def _call(called: str, name: str, arguments: Any, raw: Raw, path: Path, exact: bool) -> Iterator[Training | Undecided]:
    """The trainings that one call of CreateTrainingJob or CreateHyperParameterTuningJob asks for."""
    if not isinstance(arguments, Mapping):
        raise Undecided(f"what {name} trains with is decided when it runs")
    if called.lower() == "trainingjob":
        yield Training(name, arguments, raw, (*path, _SPOT) if exact else path)
        return
    yield from _tuning(name, arguments, raw, path, exact)


def _tuning(
    name: str, arguments: Mapping[str, Any], raw: Raw, path: Path, exact: bool
) -> Iterator[Training | Undecided]:
    try:
        one, several = (_value(arguments, key) for key in ("TrainingJobDefinition", "TrainingJobDefinitions"))
        definitions = [one] if one is not None else several if isinstance(several, list) else []
        used = _value(arguments, "ConsumedResources", {})
        seconds = _value(used, "RuntimeInSeconds") if len(definitions) == 1 else None
    except Undecided as error:
        yield error
        return
    for index, definition in enumerate(definitions):
        key: Path = ("TrainingJobDefinition",) if one is not None else ("TrainingJobDefinitions", index)
        settings = settle(definition)
        if isinstance(settings, Mapping):
            yield Training(name, settings, raw, (*path, *key, _SPOT) if exact else path, seconds)
        else:
            yield Undecided(f"what {name} trains with is decided when it runs")
    if not definitions:
        yield Undecided(f"what {name} trains with is decided when it runs")


def _map(value: Any, what: str) -> Mapping[str, Any]:
    value = known(value)
    if not isinstance(value, Mapping):
        raise Undecided(f"{what} should be a map")
    return value


def _value(settings: Any, key: str, default: Any = None) -> Any:
    """A setting, `default` where it is absent.

    Raises:
        Undecided: it is not known, or only decided when the workflow runs.
    """
    if not isinstance(settings, Mapping):
        raise Undecided("it is decided when it runs")
    value = known(settings.get(key, ABSENT))
    if value is ABSENT or value is None:
        if f"{key}.$" in settings:
            raise Undecided(f"{key} is decided when it runs")
        return default
    dynamic = isinstance(value, Mapping) and ("Get" in value or any(name.startswith("Std:") for name in value))
    if dynamic or (isinstance(value, str) and (_UNKNOWN in value or value.lstrip().startswith("{%"))):
        raise Undecided(f"{key} is decided when it runs")
    return value


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise Undecided("a setting should be true or false and is neither")


# --- text to data -------------------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    """A value with choices followed, whatever it is."""
    return settle(value)


def _content(value: Any, what: str, substitutions: Mapping[str, Any]) -> Mapping[str, Any]:
    """The definition as a map: it is one already, or a text of JSON, maybe known in part."""
    value = settle(value)
    if isinstance(value, Choice):
        known(value)
    if isinstance(value, Unknown) and value.parts and any(value.parts):
        value = _joined(value.parts)
    content = known(value)
    if isinstance(content, str):
        try:
            content = json.loads(_substituted(content, substitutions))
        except (ValueError, RecursionError):
            raise Undecided(f"the {what} is not JSON as far as it is known") from None
    elif substitutions:
        content = _substituted_within(content, substitutions)
    if not isinstance(content, Mapping):
        raise Undecided(f"the {what} should be a map")
    return content


def _joined(parts: tuple[str | None, ...]) -> str:
    """One text, with a mark for each unknown piece: quoted where it would stand outside of quotes."""
    text = ""
    for part in parts:
        if part is None:
            part = _UNKNOWN if len(_QUOTE.findall(text)) % 2 else f'"{_UNKNOWN}"'
        text += part
    return text


def _substituted(text: str, substitutions: Mapping[str, Any]) -> str:
    for name, value in substitutions.items():
        value = settle(value)
        shown = _UNKNOWN if isinstance(value, Unknown | Choice) else value
        if isinstance(shown, bool):
            shown = str(shown).lower()
        text = text.replace(f"${{{name}}}", str(shown))
    return text


def _substituted_within(value: Any, substitutions: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return _substituted(value, substitutions)
    if isinstance(value, list):
        return [_substituted_within(member, substitutions) for member in value]
    if isinstance(value, Mapping):
        return {key: _substituted_within(member, substitutions) for key, member in value.items()}
    return value


def _at(path: Path) -> str:
    return ".".join(map(str, path))
