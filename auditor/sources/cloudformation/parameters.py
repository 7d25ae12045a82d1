"""Values that come from outside a template: its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

from auditor.errors import UsageError
from auditor.raw import Location, Path
from auditor.sources.choices import BadArgument, concat, finished, kind_of, spread, text_of
from auditor.sources.documents import Document, Malformed, read_text
from auditor.values import ABSENT, Choice, Reference, Unknown

# By the beginning of a region's name: its partition, and the end of its host names.
_NUMBER: Final = re.compile(r"\s*-?(?:0|[1-9][0-9]{0,17})\s*")


def load_parameters(path: str) -> dict[str, Any]:
    """Read parameter values from a JSON or YAML file.

    It may be the AWS CLI's form (`[{"ParameterKey": ..., "ParameterValue": ...}]` or `["Key=Value"]`), a plain mapping,
    or a mapping under `Parameters`. A parameter with `UsePreviousValue` counts as not given.

    Raises:
        UsageError: the file can't be read, or has another shape.
    """
    try:
        document = Document(path, read_text(path))
    except Malformed as error:
        raise UsageError(f"{_place(error.location)}: {error.message}") from error
    data = document.data
    if isinstance(data, list):
        pairs = [pair for index, entry in enumerate(data) if (pair := _cli_entry(document, index, entry))]
    elif isinstance(data, dict):
        inner = data.get("Parameters")
        steps: Path = ("Parameters",) if isinstance(inner, dict) else ()
        mapping = inner if isinstance(inner, dict) else data
        pairs = [(name, value, (*steps, name)) for name, value in mapping.items()]
    else:
        _refuse(document, (), "should be a mapping of parameter names to values, or the AWS CLI's list of parameters")
    values: dict[str, Any] = {}
    for name, value, where in pairs:
        if name in values:
            _refuse(document, where, f"the parameter {name} is given twice")
        members = value if isinstance(value, list) else [value]
        if not all(isinstance(member, str | int | float) for member in members):
            _refuse(document, where, f"the value of {name} must be text or a number, not {kind_of(value)}")
        values[name] = value
    return values


def _cli_entry(document: Document, index: int, entry: Any) -> tuple[str, Any, Path] | None:
    if isinstance(entry, str) and "=" in entry:
        name, _, value = entry.partition("=")
        return name, value, (index,)
    if isinstance(entry, dict) and isinstance(entry.get("ParameterKey"), str):
        if "ParameterValue" in entry:
            return entry["ParameterKey"], entry["ParameterValue"], (index, "ParameterValue")
        if entry.get("UsePreviousValue"):
            return None
    return _refuse(document, (index,), "each member should have ParameterKey and ParameterValue")


def _refuse(document: Document, path: Path, message: str) -> NoReturn:
    raise UsageError(f"{_place(document.locate(path))}: {message}")


def _place(location: Location) -> str:
    return ":".join(str(part) for part in (location.file, location.line, location.column) if part is not None)


def check_names(given: Iterable[str], declared: Iterable[str]) -> None:
    """Refuse parameter names that no template declares.

    Raises:
        UsageError: with the nearest declared name.
    """
    names = sorted(set(declared))
    for name in given:
        if name not in names:
            from difflib import get_close_matches  # here, as it is seldom needed

            near = get_close_matches(name, names, 1)
            known = f"they declare {', '.join(names)}" if names else "they declare none"
            hint = f"did you mean {near[0]}?" if near else known
            raise UsageError(f"no template has a parameter {name}; {hint}")


def parameter_value(name: str, declaration: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
    """A parameter's value: the one given, else its default, else the only one allowed; unknown without any."""
    kind = declaration.get("Type")
    kind = kind if isinstance(kind, str) else "String"
    value = given.get(name, declaration.get("Default", ABSENT))
    if kind.startswith("AWS::SSM::Parameter::Value"):
        stored = value if isinstance(value, str) else ""
        reason = f"parameter {name} is read from the SSM parameter{stored and f' {stored}'} at deployment"
        return Unknown(reason, taken_from=f"resolve:ssm:{stored}")
    allowed = declaration.get("AllowedValues")
    if value is ABSENT and isinstance(allowed, list) and len(allowed) == 1:
        value = allowed[0]
    if value is ABSENT:
        return Unknown(f"parameter {name} has no default; give it with --parameters")
    return spread(lambda settled: _typed(name, kind, settled), value)


def _typed(name: str, kind: str, value: Any) -> Any:
    """A value as a parameter of a type; from a parent stack it may be anything that a resolved value may be."""
    if type(value) is Unknown:
        return value
    if value is None or isinstance(value, Mapping):
        return Unknown(f"the value of parameter {name} is {kind_of(value)}")
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        members = value if isinstance(value, list) else _split(value)
        return [_scalar(member, kind == "List<Number>") for member in members]
    if isinstance(value, list):
        try:
            value = concat(
                piece for index, member in enumerate(value) for piece in ((",", member) if index else (member,))
            )
        except BadArgument:
            return Unknown(f"the value of parameter {name} is a list of more than texts")
    return _scalar(value, kind == "Number")


def _split(value: Any) -> list[Any]:
    if type(value) is Reference:
        return [value]
    text = text_of(value)
    return [member.strip() for member in text.split(",")] if text else []


def _scalar(value: Any, number: bool) -> Any:
    if isinstance(value, Reference | Unknown | Choice):
        return value
    if not isinstance(value, str | int | float):
        return Unknown(f"a parameter's value is {kind_of(value)}")
    text = text_of(value)
    if number and _NUMBER.fullmatch(text):
        return int(text)
    return finished(text)


def allowed_values(declaration: Mapping[str, Any]) -> list[str] | None:
    """The texts that a parameter is limited to, without repeats; None where it isn't."""
    allowed = declaration.get("AllowedValues")
    if not isinstance(allowed, list) or not all(isinstance(value, str | int | float) for value in allowed):
        return None
    return list(dict.fromkeys(text_of(value) for value in allowed)) or None
