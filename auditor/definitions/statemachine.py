"""State machines of Step Functions: definitions in Amazon States Language.

https://states-language.net/spec.html, and the service integrations of the Step Functions developer guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

from auditor.definitions.blocks import UNKNOWN, Block, mentions, reference
from auditor.definitions.content import NO_SUBSTITUTIONS, read_block
from auditor.definitions.training import Training, tuned
from auditor.members import every, flat, in_turn, known_first, some
from auditor.raw import Path, Raw
from auditor.values import ABSENT, Reference, Undecided, Unknown, known, settle

_DEEPEST: Final = 40  # states within states; Step Functions itself takes far fewer
_INTEGRATION: Final = re.compile(
    r":states:[\w${}.:-]*?:(?P<sdk>aws-sdk:)?(?P<service>[a-z0-9-]+):(?P<action>\w+)(\.(?P<pattern>[\w:]+))?$",
    re.IGNORECASE,
)
_GIVEN: Final = ("Arguments", "Parameters")
_TOKEN: Final = ("$$", "$states.context")  # how a state reads the context that has its task token
_TRAINS: Final = {"createtrainingjob": False, "createhyperparametertuningjob": True}


@dataclass(frozen=True, slots=True)
class Integration:
    """A call of an AWS service that a state makes.

    Attributes:
        service: in lower case, as it stands in the ARN: `sagemaker`, `lambda`, `states`; `activity` for a worker of
            one's own.
        action: in lower camel case, as it stands there: `createTrainingJob`; `invoke` for a function's own ARN.
        pattern: `sync`, `sync:2`, `waitForTaskToken`, or empty where the state goes on at once.
    """

    service: str
    action: str
    pattern: str = ""


class ErrorRule:
    """What a state does about some errors."""

    def __init__(self, block: Block) -> None:
        """`block` is what stands in Retry or Catch."""
        self.block = block

    @property
    def errors(self) -> tuple[str, ...]:
        """The errors that it is for: `States.ALL` for every one."""
        return self.block.texts("ErrorEquals")

    def spot(self) -> tuple[Raw, Path]:
        """Where it stands."""
        return self.block.spot()


class Retrier(ErrorRule):
    """One rule of a state's Retry."""

    @property
    def max_attempts(self) -> int:
        """How often it tries again."""
        return int(self.block.number("MaxAttempts", 3))

    @property
    def interval_seconds(self) -> float:
        """How long it waits before it first tries again."""
        return self.block.number("IntervalSeconds", 1)

    @property
    def backoff_rate(self) -> float:
        """By what the wait is multiplied each time: 1 where it stays the same."""
        return self.block.number("BackoffRate", 2)


class Catcher(ErrorRule):
    """One rule of a state's Catch."""

    @property
    def next(self) -> str:
        """The state that goes on."""
        return self.block.text("Next")


class State:
    """A state of a machine, or of a Map or Parallel state in one.

    Attributes:
        name: in its definition.
        block: what the definition says of it.
        machine: what it is a state of.
    """

    def __init__(self, name: str, block: Block, machine: Machine) -> None:
        """A state; see the attributes."""
        self.name = name
        self.block = block
        self.machine = machine

    @property
    def parent(self) -> State | None:
        """The Map or Parallel state that it is in, if any."""
        return self.machine.parent

    def spot(self) -> tuple[Raw, Path]:
        """Where it stands, or the text that holds it."""
        return self.block.spot()

    @property
    def type(self) -> str:
        """`Task`, `Map`, `Parallel`, `Choice`, `Wait`, `Pass`, `Succeed` or `Fail`."""
        return self.block.required("Type")

    @property
    def ancestors(self) -> Iterator[State]:
        """The Map and Parallel states that it is in, the nearest first."""
        if self.parent:
            yield self.parent
            yield from self.parent.ancestors

    @property
    def retriers(self) -> tuple[Retrier, ...]:
        """Its Retry."""
        return known_first(self.block.blocks("Retry"), Retrier)

    @property
    def catchers(self) -> tuple[Catcher, ...]:
        """Its Catch."""
        return known_first(self.block.blocks("Catch"), Catcher)

    @property
    def is_tried_again(self) -> bool:
        """Whether a Retry runs it again: its own, or that of a state that it is in."""
        return some(
            (self, *self.ancestors), lambda state: some(state.retriers, lambda retrier: retrier.max_attempts > 0)
        )

    @property
    def is_caught(self) -> bool:
        """Whether a Catch goes on when it fails: its own, or that of a state that it is in."""
        return some((self, *self.ancestors), lambda state: bool(state.catchers))

    @property
    def is_fallback(self) -> bool:
        """Whether it runs only after something was caught: it, or a state that it is in."""
        return some((self, *self.ancestors), lambda state: state.name not in state.machine.main_path)

    @property
    def arguments(self) -> Block:
        """What it calls with: Arguments (JSONata) or Parameters (JSONPath).

        Raises:
            Undecided: it says neither, or an expression, so that it is decided when the machine runs.
        """
        for key in _GIVEN:
            given = self.block.block(key)
            if given is not None:
                return given
        raise Undecided(f"what the state {self.name} calls with is decided when it runs")

    @property
    def target(self) -> str | None:
        """What a Task calls, as it stands there: an ARN, or a reference to a function or an activity."""
        return self._called(self.block)

    @property
    def integrations(self) -> tuple[Integration, ...]:
        """The services that it calls: a Task's own, and what a distributed Map reads and writes by.

        Reading past the known ones raises `Undecided` where what it calls is not known.
        """
        blocks = in_turn((self.block,), self._inner("ItemReader", "ResultWriter"))
        return known_first(blocks, lambda block: self._integration(self._called(block)))

    @property
    def waits_for_answer(self) -> bool:
        """Whether it goes on only when somebody sends its task token back, which it has to give away for that."""
        return every(
            lambda: some(_GIVEN, lambda key: mentions(self.block.values.get(key), _TOKEN)),
            lambda: some(self.integrations, lambda call: call.pattern == "waitForTaskToken"),
        )

    @property
    def trainings(self) -> tuple[Training, ...]:
        """The SageMaker trainings that it starts."""
        return flat(self.integrations, self._trained)

    def _called(self, block: Block) -> str | None:
        value = settle(block.values.get("Resource", ABSENT))
        if isinstance(value, Unknown) and value.parts:  # an ARN of which the partition or region is not known
            value = "".join(part or "" for part in value.parts)
        value = known(value)
        if isinstance(value, str) and value.strip(UNKNOWN):
            return reference(value.replace(UNKNOWN, ""), self.spot()[0])
        if value is ABSENT or value is None or value == "":
            return None
        raise Undecided(f"what the state {self.name} calls is not known")

    def _integration(self, called: str | None) -> Integration | None:
        if called is None:
            return None
        is_arn_of_reference = isinstance(called, Reference) and called.attribute == "Arn"
        if is_arn_of_reference or (":lambda:" in called and ":function:" in called):
            return Integration("lambda", "invoke")
        if ":activity:" in called:
            return Integration("activity", "invoke")
        match = _INTEGRATION.search(called)
        if not match:
            raise Undecided(f"what the state {self.name} calls is no service that is known here")
        return Integration(match["service"].lower(), match["action"], match["pattern"] or "")

    def _trained(self, call: Integration) -> tuple[Training, ...]:
        tunes = _TRAINS.get(call.action.lower()) if call.service == "sagemaker" else None
        if tunes is None:
            return ()
        return tuned(self.name, self.arguments) if tunes else (Training(self.name, self.arguments),)

    def machines(self) -> tuple[Block, ...]:
        """The machines that a Map or Parallel state runs."""
        if "Branches" in self.block.values:
            return self.block.blocks("Branches")
        return self._inner("ItemProcessor", "Iterator")

    def _inner(self, *keys: str) -> tuple[Block, ...]:
        return known_first(keys, self.block.block)


class Machine:
    """States with their transitions: a whole machine, or what a Map state or a branch of a Parallel state runs.

    Attributes:
        parent: the Map or Parallel state that runs it, if any.
    """

    def __init__(self, block: Block, parent: State | None = None) -> None:
        """`block` is what holds StartAt and States."""
        self.block = block
        self.parent = parent

    @cached_property
    def states(self) -> tuple[State, ...]:
        """Its states and those within them, each after the one that it is in, undecided as `known_first` is."""
        held = self._held()
        return flat(held.names(), lambda name: _with_inner(State(name, held.member(name), self)))

    @cached_property
    def main_path(self) -> frozenset[str]:
        """The names of its states that may run though nothing was caught.

        Raises:
            Undecided: which state follows on another is not known.
        """
        held = self._held()
        names = set(held.names())
        reached: set[str] = set()
        following = [self.block.text("StartAt")]
        while following:
            name = following.pop()
            if name in names - reached:
                reached.add(name)
                state = held.member(name)
                following += [state.text("Next"), state.text("Default")]
                following += [choice.text("Next") for choice in state.blocks("Choices")]
        return frozenset(reached or names)

    def _held(self) -> Block:
        held = self.block.block("States")
        if held is None:
            raise Undecided("it has no States")
        return held


class StateMachineDefinition:
    """A state machine's definition."""

    def __init__(self, machine: Block) -> None:
        """`machine` is the whole definition."""
        self.block = machine

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """Read the properties of a state machine."""
        value = known(value)
        if not isinstance(value, Mapping):
            raise Undecided("the state machine should be a map")
        given = known(value.get("DefinitionSubstitutions", ABSENT))
        substitutions = given if isinstance(given, Mapping) else NO_SUBSTITUTIONS
        for key in ("Definition", "DefinitionString", "definition"):
            if settle(value.get(key, ABSENT)) is not ABSENT:
                return cls(read_block(value[key], key, raw, (*path, key), substitutions))
        raise Undecided("its definition is in a file that is not read")

    @cached_property
    def states(self) -> tuple[State, ...]:
        """Every state, those within Map and Parallel states too, each after the one that it is in.

        Reading past the known ones raises `Undecided` where there may be more.
        """
        return Machine(self.block).states

    @cached_property
    def trainings(self) -> tuple[Training, ...]:
        """The SageMaker trainings that it starts, undecided as `states` is."""
        return flat(self.states, lambda state: state.trainings)


def _with_inner(state: State) -> Iterator[State]:
    yield state
    if len(tuple(state.ancestors)) > _DEEPEST:
        raise Undecided(f"the states within {state.name} are nested too deeply to be read")
    yield from flat(state.machines(), lambda block: Machine(block, state).states)
