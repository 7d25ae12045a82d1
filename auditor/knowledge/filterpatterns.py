"""Filter patterns of CloudWatch Logs, for events that are JSON: which of them a metric filter counts.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from auditor.globs import fits
from auditor.values import Undecided

Test = Callable[[Mapping[str, Any]], bool]

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<mark>\|\||&&|!=|<=|>=|[(){}=<>])
    | "(?P<quoted>(?:[^"\\]|\\.)*)"
    | %(?P<regex>[^%]*)%
    | (?P<word>[^\s(){}=<>!|&"]+)
    )""",
    re.VERBOSE,
)
_TERM: Final = re.compile(
    r"""(?P<sign>[?-]?)(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|%(?P<regex>[^%]*)%(?!\S)|(?P<word>\S+))"""
)
_REPEATS: Final = re.compile(r"[*+?{]")
_MOST_REPEATS: Final = 4
_DEEPEST: Final = 50  # brackets in brackets; people write three
_NUMERIC: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": float.__lt__,
    ">": float.__gt__,
    "<=": float.__le__,
    ">=": float.__ge__,
}


def counts(pattern: str, event: Mapping[str, Any]) -> bool:
    """Whether a filter with this pattern counts an event.

    Args:
        pattern: `{ $.errorCode = "AccessDenied*" }`, or words such as `?AccessDenied ?Unauthorized`; the empty one
            counts every event.
        event: what was logged.

    Raises:
        Undecided: the pattern is not written as the documentation has it.
    """
    if not pattern.strip().startswith("{"):
        return _has_words(pattern, json.dumps(event))
    parser = _Parser(pattern)
    test = parser.whole()
    return test(event)


def _has_words(pattern: str, text: str) -> bool:
    """Words must all be there, of those with `?` one, of those with `-` none; beside others, `?` does not count."""
    found: dict[str, list[bool]] = {"": [], "?": [], "-": []}
    for term in _TERM.finditer(pattern):
        if term["regex"] is not None:
            is_there = _regex(term["regex"])(text)
        else:
            is_there = (term["word"] if term["quoted"] is None else term["quoted"]) in text
        found[term["sign"]].append(is_there)
    if any(found["-"]):
        return False
    return all(found[""]) if found[""] else not found["?"] or any(found["?"])


class _Parser:
    """Reads `{ comparison, && and || of such, in brackets }`."""

    def __init__(self, pattern: str) -> None:
        self._tokens = list(_tokens(pattern))
        self._depth = 0

    def whole(self) -> Test:
        self._take("{")
        test = self._either()
        self._take("}")
        if self._tokens:
            raise _unclear()
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._next("||"):
            tests.append(self._both())
        return lambda event: any(test(event) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._next("&&"):
            tests.append(self._one())
        return lambda event: all(test(event) for test in tests)

    def _one(self) -> Test:
        if self._next("("):
            self._depth += 1
            if self._depth > _DEEPEST:
                raise _unclear()
            test = self._either()
            self._depth -= 1
            self._take(")")
            return test
        selector = self._value("word")
        kind, operator = self._pop()
        if kind == "word":
            return self._named(selector, operator.upper())
        if operator in _NUMERIC:
            limit, compare = _number(self._value("word", "quoted")), _NUMERIC[operator]
            return lambda event: any(compare(float(value), limit) for value in _numbers(event, selector))
        if operator not in ("=", "!="):
            raise _unclear()
        kind, text = self._pop()
        if kind not in ("word", "quoted", "regex"):
            raise _unclear()
        matches = _regex(text) if kind == "regex" else lambda value: fits(value, text)
        wanted = operator == "="
        return lambda event: any(matches(_text(value)) is wanted for value in _select(event, selector))

    def _named(self, selector: str, operator: str) -> Test:
        """`IS NULL`, `IS TRUE`, `IS FALSE`, `EXISTS`, `NOT EXISTS`."""
        if operator == "EXISTS":
            return lambda event: bool(_select(event, selector))
        argument = self._value("word").upper()
        if (operator, argument) == ("NOT", "EXISTS"):
            return lambda event: not _select(event, selector)
        constants = {"NULL": None, "TRUE": True, "FALSE": False}
        if operator != "IS" or argument not in constants:
            raise _unclear()
        return lambda event: any(value is constants[argument] for value in _select(event, selector))

    def _pop(self) -> tuple[str, str]:
        if not self._tokens:
            raise _unclear()
        return self._tokens.pop(0)

    def _next(self, mark: str) -> bool:
        if self._tokens and self._tokens[0] == ("mark", mark):
            self._tokens.pop(0)
            return True
        return False

    def _take(self, mark: str) -> None:
        if not self._next(mark):
            raise _unclear()

    def _value(self, *kinds: str) -> str:
        kind, text = self._pop()
        if kind not in kinds:
            raise _unclear()
        return text


def _tokens(pattern: str) -> Iterator[tuple[str, str]]:
    at, end = 0, len(pattern.rstrip())
    while at < end:
        token = _TOKEN.match(pattern, at)
        if token is None or token.lastgroup is None:
            raise _unclear()
        yield token.lastgroup, token[token.lastgroup]
        at = token.end()


def _regex(text: str) -> Callable[[str], bool]:
    """What a regular expression matches; one that could take long to match is not looked at."""
    if "(" in text or len(_REPEATS.findall(text)) > _MOST_REPEATS:
        raise _unclear()
    try:
        compiled = re.compile(text)
    except (re.error, OverflowError):
        raise _unclear() from None
    return lambda value: compiled.search(value) is not None


def _select(event: Mapping[str, Any], selector: str) -> list[Any]:
    """What a selector such as `$.userIdentity.type` finds: one value, or none."""
    value: Any = event
    for step in selector.removeprefix("$").lstrip(".").split("."):
        if not isinstance(value, Mapping) or step not in value:
            return []
        value = value[step]
    return [value]


def _numbers(event: Mapping[str, Any], selector: str) -> list[float]:
    return [value for value in _select(event, selector) if isinstance(value, int | float)]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _unclear() from None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _unclear() -> Undecided:
    return Undecided("its filter pattern is not written as CloudWatch Logs documents it")
