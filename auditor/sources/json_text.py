"""JSON text to plain data by the standard library, which is fast but keeps no positions: they are found when asked for.

Positions come from a tokenizer of our own: a YAML parser takes most JSON, but not tabs, surrogate pairs or long keys.
"""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any, Final

from auditor.sources.nodes import MAX_DEPTH, DuplicateKey, Entry, Node, SyntaxFault, TooDeep

_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+')
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_LONE_SURROGATE: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)


class _Repeated(Exception):
    """Two equal keys; the standard library doesn't say where."""


def load(text: str) -> Any:
    """The data of a JSON text.

    Raises:
        SyntaxFault: it is not JSON, or hostile.
    """
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise SyntaxFault(f"is not valid JSON: {error.msg}", error.pos) from None
    except (_Repeated, RecursionError):
        positions(text)  # names the place
        raise SyntaxFault("is nested too deep", 0) from None
    except ValueError as error:  # NaN, or a number of thousands of digits
        raise SyntaxFault(f"is not valid JSON: {error}", 0) from None
    if _deep(data):
        positions(text)
    if _SURROGATE.search(text):
        try:
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            found = _LONE_SURROGATE.search(text)
            message = "holds half of a character (a lone surrogate such as \\ud800)"
            raise SyntaxFault(message, found.start() if found else 0) from None
    return data


def positions(text: str) -> Node:
    """Where the keys and values of a text that is valid JSON stand.

    Raises:
        SyntaxFault: it is nested too deep, or a key is repeated.
    """
    root = Node(0, 0, [])
    stack = [root]
    key: tuple[str, int, int] | None = None
    for match in _TOKEN.finditer(text):
        token, start, end = match[0], match.start(), match.end()
        first = token[0]
        if first == ":" or first == ",":
            continue
        if first == "]" or first == "}":
            if len(stack) > 1:
                stack.pop().end = end
            continue
        siblings = stack[-1].children
        if isinstance(siblings, dict) and key is None:
            name = json.loads(token) if "\\" in token else token[1:-1]
            if name in siblings:
                raise DuplicateKey(name, start)
            key = (name, start, end)
            continue
        node = Node(start, end, {} if first == "{" else [] if first == "[" else None)
        if isinstance(siblings, dict) and key:
            siblings[key[0]] = Entry(key[1], key[2], node)
            key = None
        elif isinstance(siblings, list):
            siblings.append(node)
        if node.children is not None:
            if len(stack) > MAX_DEPTH:
                raise TooDeep(start)
            stack.append(node)
    return root.children[0] if isinstance(root.children, list) and root.children else root


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise _Repeated
    return data


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _deep(data: Any) -> bool:
    """Whether it is nested deeper than `MAX_DEPTH`. Level by level: recursion is what the limit is there for."""
    level = [data] if isinstance(data, dict | list) else []
    for _ in range(MAX_DEPTH):
        members = chain.from_iterable(each.values() if type(each) is dict else each for each in level if each)
        level = [each for each in members if type(each) is dict or type(each) is list]
        if not level:
            return False
    return True
