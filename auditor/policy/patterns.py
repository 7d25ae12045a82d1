"""Texts of a policy in which `*` and `?` may be wildcards and pieces may be unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from auditor.resources.fields import wrong
from auditor.values import ABSENT, Undecided, Unknown, known, settle

# Private-use characters that stand for what a text may hold in places; no policy has them.
_ANY: Final = "\ue000"  # any text
_ONE: Final = "\ue001"  # any one character
HOLE: Final = "\ue002"
"""Stands in a sketch for one component that is not known, such as an account id or a bucket's name."""

SOME: Final = "\ue005"
"""Stands in an ARN for a name that no policy knows: whatever covers it covers anything."""


class Pattern:
    """A text of a policy, in which `*` and `?` may be wildcards and pieces may be unknown."""

    __slots__ = ("_folded", "_undecided", "parts")

    def __init__(self, parts: tuple[str | None, ...], undecided: Undecided | None = None) -> None:
        """`parts` in order, None for an unknown piece; `undecided` says why one is."""
        self.parts = parts
        self._undecided = undecided
        self._folded: str | None = None  # its shape in lower case, once asked for

    @classmethod
    def of(cls, value: Any) -> Pattern:
        """The pattern that a raw value is; unknown where it depends on an open condition or isn't a text."""
        value = settle(value)
        if isinstance(value, str):
            return cls((value,))
        if isinstance(value, bool):
            return cls(("true" if value else "false",))
        if isinstance(value, int | float):
            return cls((str(value),))
        if type(value) is Unknown:
            return cls(value.parts or (None,), Undecided(value.reason, elsewhere=value.elsewhere))
        try:
            known(value)
        except Undecided as error:
            return cls((None,), error)
        return cls((None,), wrong((), "text", value))

    def __repr__(self) -> str:
        return f"Pattern({self.parts!r})"

    @property
    def text(self) -> str:
        """The whole text.

        Raises:
            Undecided: a piece of it is unknown.
        """
        if self._undecided:
            raise self._undecided
        return self.parts[0] or ""

    def doubt(self, possible: bool) -> None:
        """Raise `Undecided` where something is possible of it and a piece is unknown."""
        if possible and self._undecided:
            raise self._undecided

    def sketch(self) -> str:
        """The text with one character for each unknown piece and each `${…}`, as what they stand for is a name.

        Raises:
            Undecided: nothing of it is known.
        """
        if self._undecided and self.parts == (None,):
            raise self._undecided
        return re.sub(r"\$\{[^}]*\}", HOLE, "".join(HOLE if part is None else part for part in self.parts))

    @property
    def has_variable(self) -> bool:
        """Whether it holds a policy variable, such as `${aws:username}`, as far as it is known."""
        return any(part is not None and re.search(r"\$\{[^*?$]", part) for part in self.parts)

    def is_one_of(self, *texts: str) -> bool:
        """Whether it is exactly one of `texts`, its wildcards taken as they are written."""
        if not self._undecided:
            return self.text in texts
        self.doubt(any(self._may_be(text) for text in texts))
        return False

    def matches(self, value: str, *, ignore_case: bool = True) -> bool:
        """Whether its wildcards cover `value`."""
        if not ignore_case:
            fits = _fits(self._shape(), value)
        else:
            if self._folded is None:
                self._folded = self._shape().lower()
            fits = _fits(self._folded, value.lower())
        self.doubt(fits)
        return fits

    def covers(self, other: Pattern) -> bool:
        """Whether it covers all that `other` does."""
        if self.parts == other.parts and str(self._undecided) == str(other._undecided):
            return True
        if not other._undecided:
            return self.matches(other.text)
        if not self._undecided and _fits(_wild(self.text).lower(), other.sketch().lower()):
            return True
        other.doubt(bool(self._undecided) or other._may_be(self.text))
        return False

    def reaches(self, arn: str) -> bool:
        """Whether it covers a resource of the same account, whatever partition, region and account it names itself.

        A piece that is not known is taken for one name, so it covers no `SOME`.

        Raises:
            Undecided: it may name any resource, for all that is known.
        """
        sketch = self.sketch()
        pieces, own = sketch.split(":", 5), arn.split(":", 5)
        if len(pieces) == 6:
            for index in (1, 3, 4):
                pieces[index] = own[index]
            self.doubt(HOLE in pieces[2])
            return _fits(_wild(":".join(pieces)).lower(), arn.lower())
        self.doubt(HOLE in sketch)
        return _fits(_wild(sketch).lower(), arn.lower())

    def _shape(self) -> str:
        return "".join(_ANY if part is None else _wild(part) for part in self.parts)

    def _may_be(self, text: str) -> bool:
        return _fits("".join(_ANY if part is None else part for part in self.parts), text)


def _wild(text: str) -> str:
    """A text whose wildcards are marked; `${*}` and `${?}` are how a policy writes the characters themselves."""
    if "*" not in text and "?" not in text:
        return text
    marked = re.sub(r"\$\{([*?])\}", lambda match: "\ue003" if match[1] == "*" else "\ue004", text)
    marked = marked.replace("*", _ANY).replace("?", _ONE)
    return marked.replace("\ue003", "*").replace("\ue004", "?")


def _fits(shape: str, text: str) -> bool:
    """Whether `text` fits a shape with wildcards, in time proportional to their lengths' product whatever the shape."""
    if shape[:1] != text[:1] and shape[:1] not in (_ANY, _ONE):  # the most frequent answer
        return False
    if _ANY not in shape and _ONE not in shape:
        return shape == text
    place = at = 0
    star, restart = -1, 0
    while at < len(text):
        here = shape[place] if place < len(shape) else ""
        if here == _ANY:
            star, restart = place, at
            place += 1
        elif here and (here == text[at] or (here == _ONE and text[at] != "*")):
            place += 1
            at += 1
        elif star >= 0:
            restart += 1
            place, at = star + 1, restart
        else:
            return False
    return all(rest == _ANY for rest in shape[place:])


def patterns(value: Any) -> tuple[Pattern, ...]:
    """The texts of a value that may be one text or a list, with lists inside where a function gave several."""
    return tuple(_each_pattern(value))


def _each_pattern(value: Any) -> Iterator[Pattern]:
    value = settle(value)
    if isinstance(value, list | tuple):
        for member in value:
            yield from _each_pattern(member)
    elif value is not ABSENT and value is not None:
        yield Pattern.of(value)
