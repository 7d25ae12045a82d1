"""From what a property holds to data: a text of JSON, maybe known in part, with substitutions, or a map already."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from auditor.definitions.blocks import REFERENCE, UNKNOWN, Block
from auditor.definitions.blocks import reference as reference
from auditor.raw import Path, Raw
from auditor.values import Choice, Undecided, Unknown, known, settle

_QUOTE: Final = re.compile(r'(?<!\\)(?:\\\\)*"')

NO_SUBSTITUTIONS: Final[Mapping[str, Any]] = {}


def read_block(
    value: Any, what: str, raw: Raw, path: Path, substitutions: Mapping[str, Any] = NO_SUBSTITUTIONS
) -> Block:
    """The document that a property holds, which should be a map.

    Args:
        value: a map, or a text of JSON, as the source has it.
        what: its name, for reasons.
        raw, path: where it stands.
        substitutions: what each `${name}` in it is replaced by.

    Raises:
        Undecided: it is not known, or is no JSON as far as it is known, or no map.
    """
    content = read(value, what, substitutions)
    if not isinstance(content, Mapping):
        raise Undecided(f"the {what} should be a map")
    return Block(content, raw, path, exact=isinstance(settle(value), Mapping))


def read(value: Any, what: str, substitutions: Mapping[str, Any] = NO_SUBSTITUTIONS) -> Any:
    """As `read_block`, whatever the document is."""
    value = settle(value)
    if isinstance(value, Unknown) and value.parts and any(value.parts):
        value = _joined(value.parts)
    content = known(value)
    if not isinstance(content, str):
        return _substituted_within(content, substitutions) if substitutions else content
    try:
        return _substituted_within(json.loads(content), substitutions)
    except (ValueError, RecursionError):
        pass  # a substitution may stand where JSON has a number
    try:
        return json.loads(_substituted(content, substitutions))
    except (ValueError, RecursionError):
        raise Undecided(f"the {what} is not JSON as far as it is known") from None


def _joined(parts: tuple[str | None, ...]) -> str:
    """One text, with a mark for each unknown piece: quoted where it would stand outside of quotes."""
    text = ""
    for part in parts:
        if part is None:
            part = UNKNOWN if len(_QUOTE.findall(text)) % 2 else f'"{UNKNOWN}"'
        text += part
    return text


def _substituted(text: str, substitutions: Mapping[str, Any]) -> str:
    for name, value in substitutions.items():
        value = settle(value)
        shown = UNKNOWN if isinstance(value, Unknown | Choice) else value
        if isinstance(shown, bool):
            shown = str(shown).lower()
        text = text.replace(f"${{{name}}}", str(shown))
    return text


def _substituted_within(value: Any, substitutions: Mapping[str, Any]) -> Any:
    if not substitutions:
        return value
    if isinstance(value, str):
        whole = REFERENCE.fullmatch(value)
        if whole and whole[1] in substitutions:
            return substitutions[whole[1]]
        return _substituted(value, substitutions)
    if isinstance(value, list):
        return [_substituted_within(member, substitutions) for member in value]
    if isinstance(value, Mapping):
        return {key: _substituted_within(member, substitutions) for key, member in value.items()}
    return value
