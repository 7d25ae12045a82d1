"""IAM policy documents: what their statements say, in three values.

A policy may be known in part: an ARN of which one piece is a parameter, a statement under an open condition. Every
question is therefore answered True or False where the known part decides it, and raises `Undecided` only where it is
really open. `some` and `every` combine such answers: one that is open never hides another that decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote

from auditor.members import every, known_first, some
from auditor.policy import publicity
from auditor.policy.conditions import Condition, Context, conditions_of
from auditor.policy.patterns import HOLE, Pattern, patterns
from auditor.raw import Path, Raw
from auditor.resources.fields import wrong
from auditor.values import ABSENT, Partial, Reference, Undecided, Unknown, known, settle

EVERYTHING: Final = ("*", "arn:*", "arn:aws:*", "arn:*:*", "arn:aws:*:*:*:*", "arn:*:*:*:*:*")
"""How a `Resource` that means all resources is written."""

_ALL_ACTIONS: Final = ("*", "*:*")
_ALL_OF_A_SERVICE: Final = re.compile(rf"([a-z0-9{HOLE}-]+):\*+")
_MAYBE_ALL_OF_A_SERVICE: Final = re.compile(rf"[^:]*:[*{HOLE}]*|[^:]*{HOLE}\**")

_ALL_ROLES: Final = ("*", "arn:aws:iam::*:role/*", "arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:*")


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
        return patterns(self._values.get("Action"))

    @cached_property
    def not_actions(self) -> tuple[Pattern, ...]:
        """`NotAction`."""
        return patterns(self._values.get("NotAction"))

    @cached_property
    def resources(self) -> tuple[Pattern, ...]:
        """`Resource`."""
        return patterns(self._values.get("Resource"))

    @cached_property
    def not_resources(self) -> tuple[Pattern, ...]:
        """`NotResource`."""
        return patterns(self._values.get("NotResource"))

    @cached_property
    def principals(self) -> tuple[tuple[str, Pattern], ...]:
        """`Principal`: each with its kind (`AWS`, `Service`, `Federated`, `CanonicalUser`; `?` where it is unknown)."""
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
        blocks = known_first(operators.items(), lambda block: conditions_of(str(block[0]), known(block[1])))
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

    def grants_to_everyone(self) -> bool:
        """Whether it allows something to everyone, without a condition that ties it to certain callers."""
        return publicity.grants_to_everyone(self)

    def applies(self, action: str, resource: str | None, context: Context) -> bool:
        """Whether it decides about an action on a resource of the account; see `Permissions.allows`.

        An Allow that the context doesn't decide applies unless it limits what can be done; a Deny then doesn't.

        Raises:
            Undecided: it depends on what is not known.
        """
        return every(
            lambda: self.concerns(action),
            lambda: self.reaches(resource),
            lambda: not some(self.conditions, lambda condition: not self._holds(condition, context)),
        )

    def reaches(self, resource: str | None) -> bool:
        """Whether it is about a resource of the account, given by its ARN, in which `SOME` stands for any name.

        None is whatever resource suits: an Allow is about one such anyway, a Deny only where it is about all.
        """
        if resource is None:
            return self.allows() or self.on_everything()
        if self.not_resources:
            return not some(self.not_resources, lambda pattern: pattern.reaches(resource))
        return some(self.resources, lambda pattern: pattern.reaches(resource))

    def _holds(self, condition: Condition, context: Context) -> bool:
        met = condition.met_by(context)
        return met if met is not None else self.allows() and not condition.limits_what()

    def limits_what(self) -> bool:
        """Whether a condition limits what can be done, and not only who may do it."""
        return some(self.conditions, lambda condition: condition.limits_what())


def _principals(value: Any) -> tuple[tuple[str, Pattern], ...]:
    value = settle(value)
    if isinstance(value, Mapping):
        return tuple((str(kind), pattern) for kind, members in value.items() for pattern in patterns(members))
    kind = "AWS" if isinstance(value, str | list | tuple) else "?"
    return tuple((kind, pattern) for pattern in patterns(value))


def _service_of(pattern: Pattern) -> str | None:
    """The prefix of the service of which all actions are meant: `*` for all services, empty where it is not known."""
    text = pattern.sketch().lower()
    if not text.strip("*:"):
        return "*"
    if whole := _ALL_OF_A_SERVICE.fullmatch(text):
        return "" if HOLE in whole[1] else whole[1]
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
                lambda: not some(self.statements, lambda other: publicity.keeps_strangers_from(other, statement)),
            )

        return self.where(is_public)

    def shared_with(self, account: str | None) -> tuple[tuple[str, Statement], ...]:
        """The other accounts that it lets in by name, each with the statement; see `publicity.foreign_accounts`."""
        found: list[tuple[str, Statement]] = []

        def read(statement: Statement) -> None:
            for other in publicity.foreign_accounts(statement, account):
                found.append((other, statement))  # one by one: what comes before `Undecided` counts

        rest: tuple[None, ...] = known_first(self.statements, read)
        return Partial(tuple(found), rest.undecided) if isinstance(rest, Partial) else tuple(found)

    def denies_plain_http(self, action: str, covers: Callable[[Pattern], bool]) -> bool:
        """Whether everyone is denied an action without TLS, on the resources that `covers` recognises."""
        return some(
            self.statements,
            lambda statement: every(
                lambda: publicity.denies_plain_http(statement),
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
