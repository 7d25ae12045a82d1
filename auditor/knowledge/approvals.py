"""Workflows that deploy models, and what stands before that: a condition, an approval."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from auditor.definitions import PipelineDefinition, State, StateMachineDefinition, Step
from auditor.members import some, those

CONDITION: Final = "a condition on its metrics"
APPROVAL: Final = "an approval"

_DEPLOYING: Final = ("createendpoint", "updateendpoint", "updateendpointweightsandcapacities")


def ungated(definition: StateMachineDefinition | PipelineDefinition) -> Iterator[tuple[State | Step, list[str]]]:
    """The states or steps that deploy a model, each with what no way to it passes: `CONDITION`, `APPROVAL`.

    Raises:
        Undecided: what the workflow calls, or in which order, is not known.
    """
    if isinstance(definition, StateMachineDefinition):
        for state in those(definition.states, _deploys):
            yield (
                state,
                [
                    what
                    for what, gate in ((CONDITION, _is_choice), (APPROVAL, _asks))
                    if state.name in _reached_without(definition, gate)
                ],
            )
    else:
        for step in those(definition.steps, _is_deploying_step):
            lacks = [] if any(True for _ in step.ancestors) else [CONDITION]
            asked = some(definition.steps, lambda one: one.type == "Callback")
            yield step, lacks if asked else [*lacks, APPROVAL]


def _deploys(state: State) -> bool:
    return some(state.integrations, lambda call: call.service == "sagemaker" and call.action.lower() in _DEPLOYING)


def _is_deploying_step(step: Step) -> bool:
    """Pipelines deploy by a step of their own, or by a function, which only its name tells."""
    return step.type in ("Endpoint", "EndpointConfig") or (step.type == "Lambda" and "deploy" in step.name.lower())


def _is_choice(state: State) -> bool:
    return state.type == "Choice"


def _asks(state: State) -> bool:
    return some(state.integrations, lambda call: call.pattern == "waitForTaskToken" or call.service == "activity")


def _reached_without(definition: StateMachineDefinition, gate: Callable[[State], bool]) -> set[str]:
    """The names of the states that are reached on some way through no gate; a state that holds a gate is one."""
    states = {state.name: state for state in definition.states}
    gates = set()
    for state in states.values():
        if gate(state):
            gates |= {state.name, *(outer.name for outer in state.ancestors)}
    reached: set[str] = set()
    ahead = [definition.block.text("StartAt")]
    while ahead:
        name = ahead.pop()
        if name in states and name not in reached | gates:
            reached.add(name)
            ahead += _next(states[name])
    return reached


def _next(state: State) -> Iterator[str]:
    """Where a state may go on, and where what it holds begins."""
    yield from (state.block.text(key) for key in ("Next", "Default"))
    yield from (choice.text("Next") for choice in state.block.blocks("Choices"))
    yield from (catcher.next for catcher in state.catchers)
    yield from (machine.text("StartAt") for machine in state.machines())
