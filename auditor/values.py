"""What a property's value can be besides plain data: unknown, absent, a reference, or a choice.

Every source resolves its input to plain Python data (str, int, float, bool, None, list, dict) in which these four
may stand wherever a value may stand. Nothing here knows about a particular source.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final


class Undecided(Exception):
    """Raised when a check reads something that its source cannot know.

    Attributes:
        reason: what is not known and why, for a person to read.
        atom: the condition that would decide it, where assuming an answer is worth a try.
        elsewhere: the thing asked for belongs to somebody else's input, so there is nothing to judge here.
    """

    def __init__(self, reason: str, atom: Atom | None = None, *, elsewhere: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.atom = atom
        self.elsewhere = elsewhere

    def again(self) -> Undecided:
        """A new one that says the same: one that is kept and raised again would keep every frame it passed alive."""
        return Undecided(self.reason, self.atom, elsewhere=self.elsewhere)


class Absent(Enum):
    """The type of `ABSENT`: the property is not there (`AWS::NoValue`), so AWS's default holds."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that this source cannot know.

    Attributes:
        reason: what is not known and why, for a person to read.
        parts: for a text that is known in part, its pieces in order, None for each unknown piece.
        elsewhere: see `Undecided`.
        made_of: what it is made of, where that is one resource's attribute, besides what is known.
        taken_from: what deployment takes all of it from: a pseudo parameter (`AWS::Region`), or a parameter or a secret
            as dynamic references name them (`resolve:ssm:/team/image`, `resolve:secretsmanager:db:SecretString`).
    """

    reason: str
    parts: tuple[str | None, ...] | None = None
    elsewhere: bool = False
    made_of: Reference | None = None
    taken_from: str | None = None


class Reference(str):
    """A reference to a resource of the same scope, such as `!Ref Bucket` or `!GetAtt Key.Arn`.

    It is a text (`"${Bucket}"`, `"${Key.Arn}"`), so that a check that only asks whether a property is set needs to
    know nothing about it. `Inventory.get` and `Resource.answers_to` follow it.
    """

    __slots__ = ("attribute", "scope", "target")

    target: str
    attribute: str | None
    scope: str

    def __new__(cls, target: str, attribute: str | None, scope: str) -> Reference:
        """`target` is the logical id in `scope` (the file); `attribute` is None for `Ref`."""
        self = super().__new__(cls, f"${{{target}.{attribute}}}" if attribute else f"${{{target}}}")
        self.target = target
        self.attribute = attribute
        self.scope = scope
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Reference, (self.target, self.attribute, self.scope)


class Condition:
    """A condition that the source could not decide: its value is None until its atoms are assumed."""

    __slots__ = ()

    def decide(self) -> bool | None:
        """True, False, or None where the atoms assumed so far leave it open."""
        raise NotImplementedError

    def open_atom(self) -> Atom | None:
        """The first atom that is still open, or None."""
        raise NotImplementedError


class Atom(Condition):
    """A comparison of something unknown with a value, such as `Stage == "prod"`.

    Atoms about one subject exclude each other: where `Stage == "prod"` is assumed, `Stage == "dev"` is false.
    """

    __slots__ = ("assumed", "siblings", "subject", "value")

    def __init__(self, subject: str, value: str, siblings: list[Atom]) -> None:
        self.subject = subject
        self.value = value
        self.siblings = siblings
        self.assumed: bool | None = None
        siblings.append(self)

    def decide(self) -> bool | None:
        """See `Condition`."""
        if self.assumed is None and any(other.assumed for other in self.siblings):
            return False
        return self.assumed

    def open_atom(self) -> Atom | None:
        """See `Condition`."""
        return self if self.decide() is None else None

    @contextmanager
    def assume(self, answer: bool) -> Iterator[None]:
        """Everything read within the block sees this atom decided."""
        before, self.assumed = self.assumed, answer
        try:
            yield
        finally:
            self.assumed = before

    def __str__(self) -> str:
        return f"{self.subject} == {self.value}"


class Not(Condition):
    """`Fn::Not`."""

    __slots__ = ("inner",)

    def __init__(self, inner: Condition) -> None:
        self.inner = inner

    def decide(self) -> bool | None:
        """See `Condition`."""
        answer = self.inner.decide()
        return None if answer is None else not answer

    def open_atom(self) -> Atom | None:
        """See `Condition`."""
        return self.inner.open_atom()

    def __str__(self) -> str:
        return f"not ({self.inner})"


class Every(Condition):
    """`Fn::And`."""

    __slots__ = ("members",)
    absorbing = False
    word = " and "

    def __init__(self, members: tuple[Condition, ...]) -> None:
        self.members = members

    def decide(self) -> bool | None:
        """See `Condition`."""
        answers = [member.decide() for member in self.members]
        if self.absorbing in answers:
            return self.absorbing
        return None if None in answers else not self.absorbing

    def open_atom(self) -> Atom | None:
        """See `Condition`."""
        return next((atom for member in self.members if (atom := member.open_atom())), None)

    def __str__(self) -> str:
        return self.word.join(f"({member})" for member in self.members)


class AnyOf(Every):
    """`Fn::Or`."""

    __slots__ = ()
    absorbing = True
    word = " or "


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that depends on a condition that the source could not decide (`Fn::If`)."""

    condition: Condition
    then: Any
    otherwise: Any


def settle(value: Any) -> Any:
    """Follow choices as far as the assumed atoms decide them; what is left may still be a `Choice`."""
    while type(value) is Choice:
        answer = value.condition.decide()
        if answer is None:
            break
        value = value.then if answer else value.otherwise
    return value


def known(value: Any) -> Any:
    """The value itself, choices followed.

    Raises:
        Undecided: it is unknown, or depends on a condition that is open.
    """
    value = settle(value)
    if type(value) is Unknown:
        raise Undecided(value.reason, elsewhere=value.elsewhere)
    if type(value) is Choice:
        raise Undecided(f"depends on the condition {value.condition}", value.condition.open_atom())
    return value


class Partial(tuple[Any, ...]):
    """A tuple of which some members are unknown: the known ones come first, then `Undecided` is raised.

    So a loop that looks for something wrong finds it among the known members, and a loop that finds nothing wrong
    ends undecided instead of as a pass.
    """

    undecided: Undecided

    def __new__(cls, members: tuple[Any, ...], undecided: Undecided) -> Partial:
        """`undecided` is what reading past the known members raises."""
        self = super().__new__(cls, members)
        self.undecided = undecided.again()
        return self

    def __iter__(self) -> Iterator[Any]:
        yield from super().__iter__()
        raise self.undecided.again()

    def __contains__(self, item: object) -> bool:
        if super().__contains__(item):
            return True
        raise self.undecided.again()

    def __bool__(self) -> bool:
        if super().__len__():
            return True
        raise self.undecided.again()

    def _refuse(self, *_: Any) -> Any:
        raise self.undecided.again()

    __len__ = __getitem__ = __eq__ = __ne__ = __hash__ = __add__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __mul__ = __reversed__ = count = index = _refuse
