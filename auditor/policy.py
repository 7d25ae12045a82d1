"""IAM policy documents: what their statements say, in three values.

A policy may be known in part: an ARN of which one piece is a parameter, a statement under an open condition. Every
question is therefore answered True or False where the known part decides it, and raises `Undecided` only where it is
really open. `some` and `every` combine such answers: one that is open never hides another that decides.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal
from urllib.parse import unquote

from auditor.members import every, known_first, some
from auditor.raw import Path, Raw
from auditor.resources.fields import wrong
from auditor.values import ABSENT, Partial, Reference, Undecided, Unknown, known, settle

# Private-use characters that stand for what a text may hold in places; no policy has them.
_ANY: Final = "\ue000"  # any text
_ONE: Final = "\ue001"  # any one character
_HOLE: Final = "\ue002"  # one component that is not known, such as an account id or a bucket's name

EVERYTHING: Final = ("*", "arn:*", "arn:aws:*", "arn:*:*", "arn:aws:*:*:*:*", "arn:*:*:*:*:*")
"""How a `Resource` that means all resources is written."""

_ALL_ACTIONS: Final = ("*", "*:*")
_ALL_OF_A_SERVICE: Final = re.compile(rf"([a-z0-9{_HOLE}-]+):\*+")
_MAYBE_ALL_OF_A_SERVICE: Final = re.compile(rf"[^:]*:[*{_HOLE}]*|[^:]*{_HOLE}\**")
_ALL_ROLES: Final = ("*", "arn:aws:iam::*:role/*", "arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:*")

# What an Allow can be tied to so that it is no longer for everyone, by how much of a value must be fixed for that.
_NARROWING: Final[Mapping[str, Literal["whole", "first", "arn", "network", "true"]]] = {
    **dict.fromkeys(
        (
            "aws:principalaccount",
            "aws:principalorgid",
            "aws:principalservicename",
            "aws:sourceaccount",
            "aws:sourceorgid",
            "aws:sourceowner",
            "aws:sourcevpc",
            "aws:sourcevpce",
            "aws:vpceaccount",
            "aws:vpceorgid",
            "kms:calleraccount",
            "s3:dataaccesspointaccount",
        ),
        "whole",
    ),
    **dict.fromkeys(("aws:principalorgpaths", "aws:sourceorgpaths", "aws:userid", "aws:vpceorgpaths"), "first"),
    **dict.fromkeys(("aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn"), "arn"),
    "aws:sourceip": "network",
    "aws:principalisawsservice": "true",
}
_LITERAL: Final = frozenset({"StringEquals", "StringEqualsIgnoreCase"})
_WILD: Final = frozenset({"StringLike", "ArnEquals", "ArnLike"})
_NEGATED: Final = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
}
_EXEMPTIONS: Final = frozenset({"aws:principalisawsservice", "aws:viaawsservice"})
_WIDEST_NETWORK: Final = {4: 8, 6: 32}  # what S3 still takes for a limit, see "The meaning of public" in its user guide


class Pattern:
    """A text of a policy, in which `*` and `?` may be wildcards and pieces may be unknown."""

    __slots__ = ("_undecided", "parts")

    def __init__(self, parts: tuple[str | None, ...], undecided: Undecided | None = None) -> None:
        """`parts` in order, None for an unknown piece; `undecided` says why one is."""
        self.parts = parts
        self._undecided = undecided

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
        return re.sub(r"\$\{[^}]*\}", _HOLE, "".join(_HOLE if part is None else part for part in self.parts))

    def is_one_of(self, *texts: str) -> bool:
        """Whether it is exactly one of `texts`, its wildcards taken as they are written."""
        if not self._undecided:
            return self.text in texts
        self.doubt(any(self._may_be(text) for text in texts))
        return False

    def matches(self, value: str, *, ignore_case: bool = True) -> bool:
        """Whether its wildcards cover `value`."""
        shape = "".join(_ANY if part is None else _wild(part) for part in self.parts)
        fits = _fits(shape.lower(), value.lower()) if ignore_case else _fits(shape, value)
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


def _patterns(value: Any) -> tuple[Pattern, ...]:
    """The texts of a value that may be one text or a list, with lists inside where a function gave several."""
    return tuple(_each_pattern(value))


def _each_pattern(value: Any) -> Iterator[Pattern]:
    value = settle(value)
    if isinstance(value, list | tuple):
        for member in value:
            yield from _each_pattern(member)
    elif value is not ABSENT and value is not None:
        yield Pattern.of(value)


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of a statement's `Condition`.

    Attributes:
        operator: without `ForAnyValue:`, `ForAllValues:` and `IfExists`.
        key: in lower case.
        values: what it is compared with; one of them is enough.
        optional: it also holds where a request has no such key (`IfExists`, `ForAllValues:`).
        any_value: never holds where a request has no such key, not even negated (`ForAnyValue:`).
    """

    operator: str
    key: str
    values: tuple[Pattern, ...]
    optional: bool = False
    any_value: bool = False

    def narrows(self) -> bool:
        """Whether it ties an Allow for everyone to certain accounts, networks or principals."""
        return not self.optional and self._limits(self.operator)

    def keeps_out(self) -> bool:
        """Whether a Deny with it keeps out all but certain accounts, networks or principals."""
        return self.operator in _NEGATED and not self.any_value and self._limits(_NEGATED[self.operator])

    def exempts_services(self) -> bool:
        """Whether a Deny with it leaves alone what AWS's own services do."""
        return self.operator == "Bool" and self.key in _EXEMPTIONS and self.says("false")

    def says(self, value: str) -> bool:
        """Whether it compares with this value and no other."""
        return bool(self.values) and not some(self.values, lambda one: not _is(one, value))

    def _limits(self, operator: str) -> bool:
        kind = _NARROWING.get(self.key)
        if kind is None or not self.values:
            return False
        if kind == "true":
            return operator == "Bool" and self.says("true")
        if kind == "network":
            return operator == "IpAddress" and not some(self.values, _is_wide_network)
        if operator in _LITERAL:
            return True  # whatever an unknown value is, it is one value
        if operator not in _WILD:
            return False
        open_ended = {"whole": _has_wildcard, "first": _starts_open, "arn": _is_open_arn}[kind]
        return not some(self.values, open_ended)


def _is(pattern: Pattern, value: str) -> bool:
    return pattern.is_one_of(value, value.capitalize(), value.upper())


def _has_wildcard(pattern: Pattern) -> bool:
    sketch = pattern.sketch()
    return "*" in sketch or "?" in sketch


def _starts_open(pattern: Pattern) -> bool:
    """`o-abc/*` and `AROAEXAMPLE:*` are somebody's; `*` and `o-*/x` are not."""
    first = re.split("[/:]", pattern.sketch())[0]
    return "*" in first or "?" in first


def _is_open_arn(pattern: Pattern) -> bool:
    """Whether an ARN names no account; without one (S3), whether its resource has a wildcard."""
    pieces = pattern.sketch().split(":", 5)
    if len(pieces) < 6:
        return "*" in pieces[-1] or "?" in pieces[-1]
    deciding = pieces[4] or pieces[5]
    return "*" in deciding or "?" in deciding


def _is_wide_network(pattern: Pattern) -> bool:
    sketch = pattern.sketch()
    try:
        network = ipaddress.ip_network(sketch, strict=False)
    except ValueError:
        length = sketch.rpartition("/")[2]
        pattern.doubt(not length.isdecimal())
        return length.isdecimal() and int(length) < _WIDEST_NETWORK[4]
    return network.prefixlen < _WIDEST_NETWORK[network.version]


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a statement, such as its `Action`, for a finding to point at."""

    raw: Raw
    path: Path

    def spot(self) -> tuple[Raw, Path]:
        """Where it stands in its source."""
        return self.raw, self.path


class Statement:
    """One statement of a policy.

    Attributes:
        path: where it stands in `raw`; where the policy is one text, where that stands.
    """

    def __init__(self, raw: Raw, path: Path, values: Mapping[str, Any], *, in_text: bool = False) -> None:
        self.raw = raw
        self.path = path
        self._values = values
        self._in_text = in_text

    def spot(self) -> tuple[Raw, Path]:
        """Where it stands in its source."""
        return self.raw, self.path

    def element(self, *names: str) -> Element:
        """The first of its elements `names` that it has, such as "Action" or "NotAction"; the whole if it has none."""
        name = next((name for name in names if name in self._values), None)
        return Element(self.raw, self.path if name is None or self._in_text else (*self.path, name))

    @property
    def effect(self) -> str:
        """`Allow` or `Deny`; `Undecided` where it is unknown or missing."""
        return Pattern.of(self._values.get("Effect", Unknown("a statement has no Effect"))).text

    @property
    def sid(self) -> str:
        """Its name; empty where it has none, or none that is known."""
        sid = settle(self._values.get("Sid"))
        return sid if isinstance(sid, str) else ""

    @cached_property
    def actions(self) -> tuple[Pattern, ...]:
        """`Action`."""
        return _patterns(self._values.get("Action"))

    @cached_property
    def not_actions(self) -> tuple[Pattern, ...]:
        """`NotAction`."""
        return _patterns(self._values.get("NotAction"))

    @cached_property
    def resources(self) -> tuple[Pattern, ...]:
        """`Resource`."""
        return _patterns(self._values.get("Resource"))

    @cached_property
    def not_resources(self) -> tuple[Pattern, ...]:
        """`NotResource`."""
        return _patterns(self._values.get("NotResource"))

    @cached_property
    def principals(self) -> tuple[tuple[str, Pattern], ...]:
        """`Principal`: each with its kind (`AWS`, `Service`, `Federated`, `CanonicalUser`; `*` is `AWS`)."""
        return _principals(self._values.get("Principal"))

    @cached_property
    def not_principals(self) -> tuple[tuple[str, Pattern], ...]:
        """`NotPrincipal`."""
        return _principals(self._values.get("NotPrincipal"))

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """`Condition`, one member for each key; all of them must hold."""
        try:
            operators = known(self._values.get("Condition", ABSENT))
        except Undecided as error:
            return Partial((), error)
        if operators is ABSENT or operators is None:
            return ()
        if not isinstance(operators, Mapping):
            return Partial((), wrong((*self.path, "Condition"), "a map", operators))
        blocks = known_first(operators.items(), lambda block: _conditions(str(block[0]), known(block[1])))
        flat = tuple(condition for block in tuple.__iter__(blocks) for condition in block)
        return Partial(flat, blocks.undecided) if isinstance(blocks, Partial) else flat

    # --- questions --------------------------------------------------------------------------------------------------

    def allows(self) -> bool:
        """Whether its effect is Allow."""
        return self.effect == "Allow"

    def concerns(self, action: str) -> bool:
        """Whether it is about an action, such as `iam:PassRole`."""
        if self.not_actions:
            return not some(self.not_actions, lambda pattern: pattern.matches(action))
        return some(self.actions, lambda pattern: pattern.matches(action))

    def on_everything(self) -> bool:
        """Whether it is about all resources."""
        return some(self.resources, lambda pattern: pattern.is_one_of(*EVERYTHING))

    def allows_everything(self) -> bool:
        """Whether it allows all actions on all resources. A condition on their tags is a limit, others are none."""
        return every(
            self.allows,
            self.on_everything,
            lambda: some(self.actions, lambda pattern: pattern.is_one_of(*_ALL_ACTIONS)),
            lambda: not some(self.conditions, lambda condition: ":resourcetag/" in condition.key),
        )

    def opens_services(self) -> bool:
        """Whether it allows all actions of a service, or all actions but those that `NotAction` names."""
        return every(
            self.allows,
            lambda: bool(self.not_actions) or some(self.actions, lambda pattern: _service_of(pattern) is not None),
        )

    def open_services(self) -> tuple[str, ...]:
        """The prefixes of the services all of whose actions it names, as far as known; `*` for every service."""
        return tuple(dict.fromkeys(filter(None, tuple.__iter__(known_first(self.actions, _service_of)))))

    def passes_any_role(self) -> bool:
        """Whether it lets any role be passed to a service (`iam:PassRole`)."""
        return every(self.allows, lambda: self.concerns("iam:PassRole"), self._on_all_roles)

    def _on_all_roles(self) -> bool:
        return bool(self.not_resources) or some(self.resources, _is_all_roles)

    def is_for_everyone(self) -> bool:
        """Whether anybody at all is meant by its principal, whatever its conditions."""
        if self.not_principals:
            return True
        return some(self.principals, lambda entry: entry[0] == "AWS" and entry[1].is_one_of("*"))

    def grants_to_everyone(self) -> bool:
        """Whether it allows something to everyone, without a condition that ties it to certain callers."""
        return every(
            self.allows, self.is_for_everyone, lambda: not some(self.conditions, lambda condition: condition.narrows())
        )

    def denies_plain_http(self) -> bool:
        """Whether it denies something to everyone on the one condition that the request came without TLS."""
        return every(
            lambda: self.effect == "Deny",
            lambda: not self.not_principals and self.is_for_everyone(),
            lambda: some(self.conditions, _is_no_tls),
            lambda: not some(self.conditions, lambda condition: not _is_no_tls(condition)),
        )

    def keeps_strangers_from(self, other: Statement) -> bool:
        """Whether it denies everyone but certain callers what `other` allows."""
        return every(
            lambda: self.effect == "Deny",
            lambda: not self.not_principals and self.is_for_everyone(),
            lambda: some(self.conditions, lambda condition: condition.keeps_out()),
            lambda: (
                not some(self.conditions, lambda condition: not (condition.keeps_out() or condition.exempts_services()))
            ),
            lambda: self._covers(other),
        )

    def _covers(self, other: Statement) -> bool:
        """Whether it is about all actions and resources that `other` is about."""
        if self.not_actions or self.not_resources or other.not_resources:
            return False
        actions = other.actions or (Pattern(("*",)),)
        return every(
            lambda: not some(actions, lambda one: not some(self.actions, lambda mine: mine.covers(one))),
            lambda: not some(other.resources, lambda one: not some(self.resources, lambda mine: mine.covers(one))),
        )


def _principals(value: Any) -> tuple[tuple[str, Pattern], ...]:
    value = settle(value)
    if isinstance(value, Mapping):
        return tuple((str(kind), pattern) for kind, members in value.items() for pattern in _patterns(members))
    return tuple(("AWS", pattern) for pattern in _patterns(value))


def _conditions(operator: str, keys: Any) -> tuple[Condition, ...] | None:
    if keys is ABSENT:
        return None
    if not isinstance(keys, Mapping):
        raise wrong(("Condition", operator), "a map", keys)
    quantifier, _, name = operator.rpartition(":")
    quantifier = quantifier.lower()
    optional = name.endswith("IfExists") or quantifier == "forallvalues"
    name = name.removesuffix("IfExists")
    return tuple(
        Condition(name, str(key).lower(), _patterns(values), optional, quantifier == "foranyvalue")
        for key, values in keys.items()
        if settle(values) is not ABSENT
    )


def _is_no_tls(condition: Condition) -> bool:
    return condition.operator == "Bool" and condition.key == "aws:securetransport" and condition.says("false")


def _service_of(pattern: Pattern) -> str | None:
    """The prefix of the service of which all actions are meant: `*` for all services, empty where it is not known."""
    text = pattern.sketch().lower()
    if not text.strip("*:"):
        return "*"
    if whole := _ALL_OF_A_SERVICE.fullmatch(text):
        return "" if _HOLE in whole[1] else whole[1]
    pattern.doubt(_MAYBE_ALL_OF_A_SERVICE.fullmatch(text) is not None)
    return None


def _is_all_roles(pattern: Pattern) -> bool:
    """Whether it covers every role of an account, whatever the account."""
    text = pattern.sketch()
    pieces = text.split(":", 5)
    if pieces[0] == "arn" and text.endswith("*") and all(piece in ("iam", "*") for piece in pieces[2:3]):
        rest = pieces[-1].rstrip("*")
        if not rest or (len(pieces) == 6 and rest in ("role", "role/")):
            return True
    return not text.strip("*") or pattern.is_one_of(*_ALL_ROLES)


class Policy:
    """A policy document.

    Attributes:
        statements: those that are known first; see `Partial`.
    """

    def __init__(self, statements: tuple[Statement, ...]) -> None:
        self.statements = statements

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Policy:
        """Read a document given as a map, or as JSON text, also URL-encoded as IAM's API sends it.

        Raises:
            Undecided: it is no policy document.
        """
        whole: Path | None = None
        if isinstance(value, str):
            value, whole = _parse(value, path), path
        if not isinstance(value, Mapping) or "Statement" not in value:
            raise wrong(path, "a policy document", value)
        try:
            members = known(value["Statement"])
        except Undecided as error:
            return cls(Partial((), error))
        place = (*path, "Statement")
        listed: Iterable[tuple[Path, Any]] = _members(members, place) if members is not ABSENT else ()

        def statement(entry: tuple[Path, Any]) -> Statement | None:
            member = known(entry[1])
            if member is ABSENT:
                return None
            if not isinstance(member, Mapping):
                raise wrong(entry[0], "a statement", member)
            return Statement(raw, entry[0] if whole is None else whole, member, in_text=whole is not None)

        return cls(known_first(listed, statement))

    def where(self, question: Callable[[Statement], bool]) -> tuple[Statement, ...]:
        """The statements for which the answer is yes; where it is open for others, they raise at the end."""
        return known_first(self.statements, lambda statement: statement if question(statement) else None)

    # --- what checks look for ---------------------------------------------------------------------------------------

    def allowing_everything(self) -> tuple[Statement, ...]:
        """The statements that allow all actions on all resources."""
        return self.where(Statement.allows_everything)

    def allowing_services(self) -> tuple[Statement, ...]:
        """The statements that allow all actions of a service, or all but those that `NotAction` names."""
        return self.where(Statement.opens_services)

    def passing_any_role(self) -> tuple[Statement, ...]:
        """The statements that let any role be passed to a service, where no other statement denies just that."""
        return self.where(
            lambda statement: every(statement.passes_any_role, lambda: not self._denies_always("iam:PassRole"))
        )

    def public(self) -> tuple[Statement, ...]:
        """The statements that grant something to everyone, where no other keeps all but certain callers out."""

        def is_public(statement: Statement) -> bool:
            return every(
                statement.grants_to_everyone,
                lambda: not some(self.statements, lambda other: other.keeps_strangers_from(statement)),
            )

        return self.where(is_public)

    def denies_plain_http(self, action: str, covers: Callable[[Pattern], bool]) -> bool:
        """Whether everyone is denied an action without TLS, on the resources that `covers` recognises."""
        return some(
            self.statements,
            lambda statement: every(
                statement.denies_plain_http,
                lambda: statement.concerns(action),
                lambda: some(statement.resources, covers),
            ),
        )

    def _denies_always(self, action: str) -> bool:
        return some(
            self.statements,
            lambda statement: every(
                lambda: statement.effect == "Deny",
                lambda: statement.concerns(action),
                statement._on_all_roles,
                lambda: not statement.conditions,
            ),
        )


def _parse(text: str, path: Path) -> Any:
    if isinstance(text, Reference):
        raise wrong(path, "a policy document", text)
    try:
        return json.loads(unquote(text) if text.lstrip()[:3].upper() == "%7B" else text)
    except (ValueError, RecursionError):
        raise wrong(path, "a policy document", text) from None


def _members(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """The statements of a list, with those of lists inside it where a function gave several."""
    if not isinstance(value, list | tuple):
        yield path, value
        return
    for index, member in enumerate(value):
        inner = settle(member)
        if isinstance(inner, list | tuple):
            yield from _members(inner, (*path, index))
        else:
            yield (*path, index), inner
