"""The template's conditions: true, false, or open where deployment decides."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from auditor.sources.choices import BadArgument, could_be, kind_of, text_of
from auditor.sources.truths import Truth, combined, negated
from auditor.values import AnyOf, Atom, Choice, Condition, Every, Not, Reference, Unknown

if TYPE_CHECKING:
    from auditor.sources.cloudformation.resolve import Resolver

_MAX_CHAIN: Final = 60
_MAX_SIZE: Final = 100
"""Comparisons in one condition; a larger one is judged as a whole, because deciding it takes as long as it is large."""


class Conditions:
    """The `Conditions` of one template, each evaluated once, when first asked for."""

    def __init__(self, resolver: Resolver, section: dict[str, Any]) -> None:
        self._resolver = resolver
        self._section = section
        self._truths: dict[str, Truth] = {}
        self._asking: list[str] = []
        self._atoms: dict[tuple[str, str], Atom] = {}
        self._siblings: dict[str, list[Atom]] = {}
        self._sizes: dict[Condition, int] = {}
        self._functions: dict[str, Callable[[Any], Truth]] = {
            "Condition": self._condition,
            "Fn::And": lambda argument: self._all(Every, argument),
            "Fn::Or": lambda argument: self._all(AnyOf, argument),
            "Fn::Not": self._not,
            "Fn::Equals": self._equals,
        }

    def named(self, name: str) -> Truth:
        """The truth of a condition; open, with a notice, where it is not defined or can't be understood."""
        truth = self._truths.get(name)
        if truth is not None:
            return truth
        if name not in self._section:
            if not self._resolver.generated:
                self._resolver.warn(f"the condition {name} is not defined")
            truth = self._whole(name)
        elif name in self._asking:
            cycle = " → ".join([*self._asking[self._asking.index(name) :], name])
            self._resolver.warn(f"the conditions depend on each other: {cycle}")
            return self._whole(name)
        elif len(self._asking) >= _MAX_CHAIN:
            self._resolver.warn(f"conditions depend on each other more than {_MAX_CHAIN} deep")
            return self._whole(name)
        else:
            self._asking.append(name)
            with self._resolver.elsewhere(("Conditions", name)):
                truth = self._evaluate(self._section[name])
            self._asking.pop()
            if self._size(truth) > _MAX_SIZE:
                truth = self._whole(name)
        self._truths[name] = truth
        return truth

    def forget(self) -> None:
        """Evaluate each condition again when it is next asked for; the comparisons stay the same ones."""
        self._truths.clear()

    def _whole(self, name: str) -> Atom:
        return self.unclear(f"condition {name}")

    def _evaluate(self, expression: Any) -> Truth:
        if isinstance(expression, bool):
            return expression
        if isinstance(expression, str) and expression.lower() in ("true", "false"):
            return expression.lower() == "true"
        problem = f"a condition is needed, not {kind_of(expression)}"
        if isinstance(expression, dict) and len(expression) == 1:
            ((name, argument),) = expression.items()
            function = self._functions.get(name)
            depth = len(self._resolver.path)
            self._resolver.path.append(name)
            try:
                if function:
                    return function(argument)
                problem = f"{name} gives no condition"
            except BadArgument as error:
                problem = f"{name}: {error}"
            finally:
                here = tuple(self._resolver.path)
                del self._resolver.path[depth:]
            self._resolver.warn(problem, here)
        else:
            self._resolver.warn(problem)
        return self.unclear(_written(expression))

    def unclear(self, subject: str) -> Atom:
        """The truth of something that can't be understood: open."""
        return self._atom(subject, "true")

    def _condition(self, argument: Any) -> Truth:
        if not isinstance(argument, str):
            raise BadArgument(f"it takes the name of a condition, not {kind_of(argument)}")
        return self.named(argument)

    def _all(self, kind: type[Every], argument: Any) -> Truth:
        if not isinstance(argument, list) or not argument:
            raise BadArgument("it takes a list of conditions")
        return combined(kind, [self._member(index, member) for index, member in enumerate(argument)])

    def _not(self, argument: Any) -> Truth:
        if not isinstance(argument, list) or len(argument) != 1:
            raise BadArgument("it takes a list of one condition")
        return negated(self._member(0, argument[0]))

    def _member(self, index: int, expression: Any) -> Truth:
        self._resolver.path.append(index)
        truth = self._evaluate(expression)
        self._resolver.path.pop()
        return truth

    def _equals(self, argument: Any) -> Truth:
        if not isinstance(argument, list) or len(argument) != 2:
            raise BadArgument("it takes a list of two values")
        left, right = (self._resolver.child(index, value) for index, value in enumerate(argument))
        return self._same(left, right, argument[0], argument[1])

    def _same(self, left: Any, right: Any, left_written: Any, right_written: Any) -> Truth:
        for one, other in ((left, right), (right, left)):
            if type(one) is Choice:
                then, otherwise = (
                    self._same(branch, other, left_written, right_written) for branch in (one.then, one.otherwise)
                )
                return combined(
                    AnyOf,
                    [
                        combined(Every, [one.condition, then]),
                        combined(Every, [negated(one.condition), otherwise]),
                    ],
                )
        left_text, right_text = _text(left), _text(right)
        if left_text is not None and right_text is not None:
            return left_text == right_text
        left_subject, right_subject = _written(left_written), _written(right_written)
        if left_text is None and right_text is None:
            if left_subject == right_subject:
                return True
            # Both open: this says nothing about either alone, so it excludes no other comparison.
            pair = sorted((left_subject, right_subject))
            return self.unclear(f"{pair[0]} == {pair[1]}")
        if left_text is None:
            return self._is(left, left_written, left_subject, right_text or "")
        return self._is(right, right_written, right_subject, left_text)

    def _is(self, value: Any, written: Any, subject: str, text: str) -> Truth:
        """Whether an unknown value, written so, turns out to be `text`."""
        if type(value) is Unknown and not could_be(value, text):
            return False
        allowed = self._resolver.allowed_values(subject) if isinstance(written, dict) and "Ref" in written else None
        if not allowed:
            return self._atom(subject, text)
        if text not in allowed:
            return False
        *others, last = allowed
        if text != last:
            return self._atom(subject, text)
        # One of the allowed values it must be, so the last one is what it is when it is none of the others.
        return negated(combined(AnyOf, [self._atom(subject, other) for other in others]))

    def allowed_values(self, parameter: str) -> list[str] | None:
        """See `Resolver.allowed_values`."""
        return self._resolver.allowed_values(parameter)

    def _atom(self, subject: str, value: str) -> Atom:
        if subject in self._resolver.outer:
            conditions, name = self._resolver.outer[subject]
            return conditions._atom(name, value)
        atom = self._atoms.get((subject, value))
        if atom is None:
            atom = Atom(subject, value, self._siblings.setdefault(subject, []))
            self._atoms[subject, value] = atom
        return atom

    def _size(self, truth: Truth) -> int:
        """How many comparisons deciding it takes. Conditions are made from the inside out, so each is counted once."""
        if isinstance(truth, bool | Atom):
            return 1
        size = self._sizes.get(truth)
        if size is None:
            members = truth.members if isinstance(truth, Every) else (truth.inner,) if isinstance(truth, Not) else ()
            size = self._sizes[truth] = sum(self._size(member) for member in members)
        return size


def _text(value: Any) -> str | None:
    """An operand as the text that CloudFormation compares; None where it isn't known."""
    if type(value) is Reference:
        return None
    if isinstance(value, dict | list):
        if any(type(member) is not str for member in (value if isinstance(value, list) else [None])):
            return None
        return json.dumps(value)
    try:
        text = text_of(value)
    except BadArgument:
        return None
    return None if "${" in text else text


def _written(expression: Any) -> str:
    """How the template writes an operand, in one short line: the subject of an atom."""
    if isinstance(expression, dict) and len(expression) == 1:
        ((name, argument),) = expression.items()
        if isinstance(argument, str):
            return argument if name == "Ref" else f"{name}({argument})"
    if isinstance(expression, str):
        return expression
    return json.dumps(expression, sort_keys=True)
