"""Whom a resource's policy lets in: everyone, other accounts, requests without TLS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from auditor.members import every, known_first, some
from auditor.policy.conditions import is_no_tls
from auditor.policy.patterns import HOLE, Pattern

if TYPE_CHECKING:
    from auditor.policy.documents import Statement

_ACCOUNTS: Final = ("AWS", "*", "?")  # `{"*": "*"}` is how Terraform's data source may have it
_ACCOUNT: Final = re.compile(r"(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::.*)?")


def is_for_everyone(statement: Statement) -> bool:
    """Whether anybody at all is meant by its principal, whatever its conditions."""
    if statement.not_principals:
        return True
    return some(statement.principals, lambda entry: entry[0] in _ACCOUNTS and entry[1].is_one_of("*"))


def grants_to_everyone(statement: Statement) -> bool:
    """Whether it allows something to everyone, without a condition that ties it to certain callers."""
    return every(
        statement.allows,
        lambda: is_for_everyone(statement),
        lambda: not some(statement.conditions, lambda condition: condition.narrows()),
    )


def denies_plain_http(statement: Statement) -> bool:
    """Whether it denies something to everyone on the one condition that the request came without TLS."""
    return every(
        lambda: _denies_everyone(statement),
        lambda: some(statement.conditions, is_no_tls),
        lambda: not some(statement.conditions, lambda condition: not is_no_tls(condition)),
    )


def keeps_strangers_from(statement: Statement, other: Statement) -> bool:
    """Whether it denies everyone but certain callers what `other` allows."""
    return every(
        lambda: _denies_everyone(statement),
        lambda: some(statement.conditions, lambda condition: condition.keeps_out()),
        lambda: (
            not some(
                statement.conditions, lambda condition: not (condition.keeps_out() or condition.exempts_services())
            )
        ),
        lambda: _covers(statement, other),
    )


def foreign_accounts(statement: Statement, own: str | None) -> tuple[str, ...]:
    """The ids of other accounts that it lets in by name; undecided for those that are not known.

    Args:
        statement: of a resource's policy, or a role's trust policy.
        own: the account of the policy itself; where it is not known, every account that is named is another.
    """

    def account(entry: tuple[str, Pattern]) -> str | None:
        named = _ACCOUNT.fullmatch(entry[1].sketch()) if entry[0] in _ACCOUNTS else None
        if named is None:
            return None
        entry[1].doubt(HOLE in named[1])
        return named[1] if named[1] != own else None

    return known_first(statement.principals, account) if statement.allows() else ()


def _denies_everyone(statement: Statement) -> bool:
    return every(
        lambda: statement.effect == "Deny", lambda: not statement.not_principals and is_for_everyone(statement)
    )


def _covers(mine: Statement, other: Statement) -> bool:
    """Whether one statement is about all actions and resources that another is about."""
    if mine.not_actions or mine.not_resources or other.not_resources:
        return False
    actions = other.actions or (Pattern(("*",)),)
    return every(
        lambda: not some(actions, lambda one: not some(mine.actions, lambda own: own.covers(one))),
        lambda: not some(other.resources, lambda one: not some(mine.resources, lambda own: own.covers(one))),
    )
