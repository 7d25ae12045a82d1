"""Conditions of a statement: what they tie it to, and whether a request meets them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from auditor.members import some
from auditor.policy.patterns import Pattern, patterns
from auditor.resources.fields import wrong
from auditor.values import ABSENT, settle

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
_COMPARED: Final = _LITERAL | _WILD | {"Bool", "Null"}
_EXEMPTIONS: Final = frozenset({"aws:principalisawsservice", "aws:viaawsservice"})

# What says who asks, from where and when, or that it is the account's own: none of it limits what a principal that is
# let in can do there.
_ABOUT_THE_CALLER: Final = re.compile(
    r"aws:(principal(?!tag/).*|source(ip|vpc|vpce|vpcarn|identity)|vpcsourceip|userid|username|useragent|referer"
    r"|multifactorauth.*|securetransport|requestedregion|currenttime|epochtime|tokenissuetime|federatedprovider"
    r"|resource(account|orgid|orgpaths)|ec2instancesource.*|viaawsservice)|s3:(resourceaccount|tlsversion|authtype"
    r"|signatureversion|signatureage|x-amz-content-sha256)"
)
_WIDEST_NETWORK: Final = {4: 8, 6: 32}  # what S3 still takes for a limit, see "The meaning of public" in its user guide
Context = Mapping[str, tuple[str, ...]]
"""Values of a request's condition keys, in lower case; none for a key that it surely doesn't have."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of a statement's `Condition`.

    Attributes:
        operator: without `ForAnyValue:`, `ForAllValues:` and `IfExists`.
        key: in lower case.
        values: what it is compared with; one of them is enough.
        optional: it also holds where a request has no such key (`IfExists`, `ForAllValues:`).
        any_value: never holds where a request has no such key, not even negated (`ForAnyValue:`).
        every_value: all values that a request has for the key must meet it (`ForAllValues:`).
    """

    operator: str
    key: str
    values: tuple[Pattern, ...]
    optional: bool = False
    any_value: bool = False
    every_value: bool = False

    def limits_what(self) -> bool:
        """Whether it limits what can be done or with what, and not only who may do it."""
        return not _ABOUT_THE_CALLER.fullmatch(self.key)

    def met_by(self, context: Context) -> bool | None:
        """Whether a request with these values of its condition keys meets it; None where they don't tell.

        Numbers, dates, networks and binary values, and policy variables, are not looked into.

        Raises:
            Undecided: what it compares with is not known.
        """
        values = context.get(self.key)
        positive = _NEGATED.get(self.operator, self.operator)
        if values is None or positive not in _COMPARED:
            return None
        if positive == "Null":
            return some(self.values, lambda one: _is(one, "false" if values else "true"))
        if not values:
            return self.optional or (positive != self.operator and not self.any_value)
        if some(self.values, lambda one: one.has_variable):
            return None
        negated = positive != self.operator

        def holds(value: str) -> bool:
            return some(self.values, lambda one: _equal(positive, one, value)) is not negated

        if self.any_value or not self.every_value:
            return any(holds(value) for value in values)
        return all(holds(value) for value in values)

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


def _equal(operator: str, pattern: Pattern, value: str) -> bool:
    if operator == "StringEquals":
        return pattern.text == value
    if operator in ("StringEqualsIgnoreCase", "Bool"):
        return pattern.text.lower() == value.lower()
    return pattern.matches(value, ignore_case=False)


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


def conditions_of(operator: str, keys: Any) -> tuple[Condition, ...] | None:
    """The conditions of one operator of a statement, None where it has none.

    Raises:
        Undecided: they are no map.
    """
    if keys is ABSENT:
        return None
    if not isinstance(keys, Mapping):
        raise wrong(("Condition", operator), "a map", keys)
    quantifier, _, name = operator.rpartition(":")
    quantifier = quantifier.lower()
    optional = name.endswith("IfExists") or quantifier == "forallvalues"
    name = name.removesuffix("IfExists")
    return tuple(
        Condition(
            name,
            str(key).lower(),
            patterns(values),
            optional,
            any_value=quantifier == "foranyvalue",
            every_value=quantifier == "forallvalues",
        )
        for key, values in keys.items()
        if settle(values) is not ABSENT
    )


def is_no_tls(condition: Condition) -> bool:
    """Whether it holds for requests that came without TLS."""
    return condition.operator == "Bool" and condition.key == "aws:securetransport" and condition.says("false")
