"""Values of a root module's variables, from all the places that Terraform takes them from, in its order.

See https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from auditor.errors import UsageError
from auditor.raw import Notice
from auditor.sources.documents import Malformed
from auditor.sources.nodes import SyntaxFault
from auditor.sources.terraform.configuration import Configuration
from auditor.sources.terraform.files import File, read
from auditor.sources.terraform.parser import parse_expression
from auditor.sources.terraform.syntax import Expression, Literal, Object, Template, Tuple, Unary
from auditor.sources.terraform.types import takes_text

_ENVIRONMENT: Final = "TF_VAR_"
_FILES: Final = ("terraform.tfvars", "terraform.tfvars.json")
_AUTOMATIC: Final = (".auto.tfvars", ".auto.tfvars.json")


def given(
    configuration: Configuration,
    variables: Mapping[str, Any],
    files: Sequence[File],
    environment: Mapping[str, str],
    notices: list[Notice],
) -> dict[str, Any]:
    """The values that are given to a root module's variables.

    Args:
        configuration: the root module.
        variables: given on the command line; they win.
        files: variable files given there.
        environment: the process's, for `TF_VAR_name`.
        notices: gets what can't be read.
    """
    declared = {block.labels[0]: block for block in configuration.of("variable")}
    values: dict[str, Any] = {}

    def take(name: str, value: Any) -> None:
        block = declared.get(name)
        if block is None:
            return
        kind = block.body.attributes.get("type")
        try:
            values[name] = _typed(value, kind.value if kind else None)
        except ValueError as error:
            notices.append(Notice("error", f"the value given for variable {name} {error}", block.file.header(block)))

    for name, text in environment.items():
        if name.startswith(_ENVIRONMENT):
            take(name.removeprefix(_ENVIRONMENT), text)
    for file in [*_beside(configuration.folder, notices), *files]:
        for attribute in file.data.attributes.values():
            try:
                values[attribute.name] = _constant(attribute.value)
            except ValueError as error:
                where = file.span(attribute.value.start, attribute.value.end)
                notices.append(Notice("error", f"the value of {attribute.name} {error}", where))
    for name, value in variables.items():
        take(name, value)
    return values


def load_files(paths: Iterable[str]) -> list[File]:
    """Variable files that are given by name.

    Raises:
        UsageError: one can't be read.
    """
    try:
        return [read(path) for path in paths]
    except Malformed as error:
        place = [error.location.file, error.location.line, error.location.column]
        shown = ":".join(str(part) for part in place if part is not None)
        raise UsageError(f"{shown}: {error.message}") from error


def check_names(names: Iterable[str], declared: Iterable[str]) -> None:
    """Refuse variables that no configuration declares.

    Raises:
        UsageError: with the nearest declared name.
    """
    known = sorted(set(declared))
    for name in names:
        if name not in known:
            from difflib import get_close_matches  # here, as it is seldom needed

            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"they declare {', '.join(known) or 'none'}"
            raise UsageError(f"no Terraform configuration has a variable {name}; {hint}")


def _beside(folder: str, notices: list[Notice]) -> list[File]:
    """The variable files that Terraform reads by itself."""
    try:
        names = [path.name for path in Path(folder).iterdir()]
    except OSError:
        return []
    automatic = sorted(name for name in names if name.endswith(_AUTOMATIC) and name[0] != ".")
    found: list[File] = []
    for name in [*(name for name in _FILES if name in names), *automatic]:
        try:
            found.append(read(os.path.normpath(Path(folder, name))))
        except Malformed as error:
            notices.append(Notice("error", error.message, error.location))
    return found


def _typed(value: Any, constraint: Expression | None) -> Any:
    """A value from outside: a text is an expression, unless the variable is of a simple type."""
    if not isinstance(value, str) or takes_text(constraint):
        return value
    try:
        return _constant(parse_expression(value))
    except SyntaxFault as fault:
        raise ValueError(f"is no expression: {fault.message}") from None


def _constant(node: Expression) -> Any:
    """The value of an expression that may refer to nothing."""
    match node:
        case Literal():
            return node.value
        case Template() if all(isinstance(part, Literal) for part in node.parts):
            return "".join(str(_constant(part)) for part in node.parts)
        case Unary() if node.operator == "-" and isinstance(node.operand, Literal):
            return -_constant(node.operand)
        case Tuple():
            return [_constant(item) for item in node.items]
        case Object():
            return {str(_constant(key)): _constant(value) for key, value in node.items}
    raise ValueError("must be a constant: functions and references can't stand there")
