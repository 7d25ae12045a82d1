"""How Terraform writes YAML: block style, keys sorted and quoted, texts of several lines as literal blocks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from auditor.sources.terraform.values import number_text, plain


def yaml_form(value: Any) -> str:
    """The YAML text of plain data, as `yamlencode` gives it."""
    lines = list(_lines(plain(value)))
    return "\n".join(lines) + ("" if lines[-1] == "" else "\n")


def _lines(value: Any) -> Iterator[str]:
    """The lines of a value, which stands at the start of a line."""
    if isinstance(value, dict) and value:
        for key in sorted(value):
            first, *rest = _lines(value[key])
            name = json.dumps(key, ensure_ascii=False)
            if isinstance(value[key], dict) and value[key]:
                yield f"{name}:"
                yield from (f"  {line}" for line in (first, *rest))
            elif isinstance(value[key], list) and value[key]:
                yield from (f"{name}:", first, *rest)
            else:
                yield from (f"{name}: {first}", *rest)
    elif isinstance(value, list) and value:
        for member in value:
            first, *rest = _lines(member)
            yield f"- {first}"
            indent = "  " if isinstance(member, dict | list) else ""
            yield from (f"{indent}{line}" for line in rest)
    else:
        yield from _scalar(value)


def _scalar(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from _text(value)
    elif isinstance(value, bool) or value is None:
        yield {True: "true", False: "false", None: "null"}[value]
    elif isinstance(value, int | float):
        yield number_text(value)
    else:
        yield "{}" if isinstance(value, dict) else "[]"


def _text(value: str) -> Iterator[str]:
    lines = value.split("\n")
    may_be_literal = len(lines) > 1 and value[0] not in " \n" and all(_is_simple(line) for line in lines)
    if not may_be_literal:
        yield json.dumps(value, ensure_ascii=False)
        return
    ends = len(value) - len(value.rstrip("\n"))
    yield "|" if ends == 1 else "|-" if not ends else "|+"
    yield from (f"  {line}" if line else "" for line in (lines[:-1] if ends else lines))


def _is_simple(line: str) -> bool:
    return line.isprintable() and not line.endswith(" ")
