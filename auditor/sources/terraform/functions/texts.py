"""String functions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from auditor.sources.terraform.functions.patterns import compiled
from auditor.sources.terraform.functions.table import Function
from auditor.sources.terraform.values import (
    BadArgument,
    encoded,
    joined,
    kind_of,
    number,
    number_text,
    open_part,
    piece,
    whole_number,
)
from auditor.values import Choice, Unknown

_VERB: Final = re.compile(
    r"%(?P<flags>[-+ #0]*)(?P<width>\d*|\*)(?:\.(?P<precision>\d+))?(?:\[\d+\])?(?P<verb>.)", re.DOTALL
)
_MAX_WIDTH: Final = 1_000


def _join(separator: Any, *lists: Any) -> Any:
    pieces: list[Any] = []
    for members in lists:
        if type(members) is Unknown:
            members = [members]
        if not isinstance(members, list):
            raise BadArgument(f"a list is needed, not {kind_of(members)}")
        for member in members:
            if type(member) is Choice:
                return Unknown(f"it depends on the condition {member.condition}")
            pieces += [separator, member]
    return joined(*pieces[1:]) if pieces else ""


def _substr(text: str, start: int, length: int) -> str:
    if start < 0:
        start = max(len(text) + start, 0)
    return text[start:] if length < 0 else text[start : start + length]


def _replace(text: str, old: str, new: str) -> str:
    if len(old) > 1 and old[0] == old[-1] == "/":
        groups = re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", new.replace("\\", "\\\\"))
        return compiled(old[1:-1], text).sub(groups, text)
    if new and text.count(old) * len(new) > _MAX_TEXT:
        raise BadArgument("the text would be too long")
    return text.replace(old, new)


_MAX_TEXT: Final = 20_000_000


def _regex(pattern: str, text: str) -> Any:
    found = compiled(pattern, text).search(text)
    if found is None:
        raise BadArgument("the pattern does not match")
    return _captured(found)


def _captured(found: re.Match[str]) -> Any:
    return found.groupdict() or list(found.groups()) or found[0]


def _regexall(pattern: str, text: str) -> list[Any]:
    return [_captured(found) for found in compiled(pattern, text).finditer(text)]


def _format(template: Any, *values: Any) -> Any:
    """See https://developer.hashicorp.com/terraform/language/functions/format."""
    if type(template) is Unknown:
        return template
    left = list(values)
    pieces: list[Any] = []
    end = 0
    text = piece(template)
    for match in _VERB.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        if match["verb"] == "%":
            pieces.append("%")
        elif not left:
            raise BadArgument("there are fewer values than verbs")
        else:
            pieces.append(_formatted(match, left.pop(0)))
    if left:
        raise BadArgument("there are more values than verbs")
    return joined(*pieces, text[end:])


def _formatted(match: re.Match[str], value: Any) -> Any:
    width, verb = match["width"], match["verb"]
    if type(value) is Choice or open_part(value):
        return joined(value) if verb in "sv" and not isinstance(value, dict | list | Choice) else Unknown(_why(value))
    if width == "*" or (width and int(width) > _MAX_WIDTH):
        raise BadArgument("the width is too large")
    result = _VERBS[verb](match, value) if verb in _VERBS else None
    if result is None:
        raise BadArgument(f"%{ascii(verb)[1:-1]} is no verb of format")
    sign = "+" if "+" in match["flags"] and verb in "dfeg" and not result.startswith("-") else ""
    result = sign + result
    if "-" in match["flags"]:
        return result.ljust(int(width or 0))
    if "0" in match["flags"] and verb in "dfegxXob":
        return result.zfill(int(width or 0))
    return result.rjust(int(width or 0))


def _why(value: Any) -> str:
    unknown = open_part(value)
    return unknown.reason if unknown else "it is not known"


def _precise(match: re.Match[str], default: int) -> int:
    precision = int(match["precision"] or default)
    if precision > _MAX_WIDTH:
        raise BadArgument("the precision is too large")
    return precision


def _as_is(match: re.Match[str], value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, dict | list) or ("#" in match["flags"] and isinstance(value, str)):
        return encoded(value)
    text = str(piece(value))
    return text[: int(match["precision"])] if match["precision"] and isinstance(value, str) else text


_VERBS: Final[dict[str, Callable[[re.Match[str], Any], str]]] = {
    "s": _as_is,
    "v": _as_is,
    "q": lambda match, value: encoded(str(piece(value))),
    "d": lambda match, value: str(int(number(value))),
    "f": lambda match, value: f"{number(value):.{_precise(match, 6)}f}",
    "e": lambda match, value: f"{number(value):.{_precise(match, 6)}e}",
    "g": lambda match, value: number_text(number(value)),
    "t": lambda match, value: str(piece(value)),
    "x": lambda match, value: f"{whole_number(value):x}",
    "X": lambda match, value: f"{whole_number(value):X}",
    "o": lambda match, value: f"{whole_number(value):o}",
    "b": lambda match, value: f"{whole_number(value):b}",
}


def _formatlist(template: Any, *values: Any) -> Any:
    lengths = {len(value) for value in values if isinstance(value, list)}
    if any(type(value) is Unknown for value in (template, *values)):
        return Unknown(next(value.reason for value in (template, *values) if type(value) is Unknown))
    if len(lengths) > 1:
        raise BadArgument("the lists must have the same length")
    count = lengths.pop() if lengths else 1
    return [
        _format(template, *(value[turn] if isinstance(value, list) else value for value in values))
        for turn in range(count)
    ]


def _title(text: str) -> str:
    return re.sub(r"(?<!\w)\w", lambda match: match[0].upper(), text)


def _capital(letter: str) -> str:
    capital = letter.upper()
    return capital if len(capital) == 1 else letter


def _split(separator: str, text: str) -> list[str]:
    return text.split(separator) if separator else list(text)


FUNCTIONS: Final = {
    "chomp": Function("t", lambda text: text.rstrip("\r\n")),
    "endswith": Function("tt", lambda text, end: text.endswith(end)),
    "format": Function("aa*", _format, open=True, lenient=True),
    "formatlist": Function("aa*", _formatlist, open=True, lenient=True),
    "indent": Function("wt", lambda spaces, text: text.replace("\n", "\n" + " " * min(spaces, _MAX_WIDTH))),
    "join": Function("aa*", _join, open=True, lenient=True),
    "lower": Function("t", str.lower),
    "regex": Function("tt", _regex),
    "regexall": Function("tt", _regexall),
    "replace": Function("ttt", _replace),
    "split": Function("tt", _split),
    "startswith": Function("tt", lambda text, start: text.startswith(start)),
    "strcontains": Function("tt", lambda text, part: part in text),
    "strrev": Function("t", lambda text: text[::-1]),
    "substr": Function("tww", _substr),
    "title": Function("t", _title),
    "trim": Function("tt", lambda text, characters: text.strip(characters) if characters else text),
    "trimprefix": Function("tt", lambda text, start: text.removeprefix(start)),
    "trimspace": Function("t", str.strip),
    "trimsuffix": Function("tt", lambda text, end: text.removesuffix(end)),
    "upper": Function("t", lambda text: "".join(map(_capital, text))),
}
