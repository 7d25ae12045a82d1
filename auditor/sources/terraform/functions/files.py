"""Functions that read files of the configuration: data only, and only below its own folders."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from auditor.sources.documents import MAX_BYTES, Malformed, decode
from auditor.sources.nodes import SyntaxFault
from auditor.sources.terraform import parser
from auditor.sources.terraform.syntax import Call
from auditor.sources.terraform.values import BadArgument, Failure, Set, kind_of, open_part
from auditor.values import Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.evaluate import Context

_TEMPLATE: Final = "(template)"
"""Among the names of a template's context, which can't be used as a name."""

_MAX_FILES: Final = 10_000


class _Outside(Exception):
    """A file that can't be read here, so that what it holds is unknown; the text says why."""


def _content(context: Context, name: str) -> bytes:
    path = _place(context, name)
    if not path.is_file():
        raise _Outside(f"{name} is not there yet")
    if path.stat().st_size > MAX_BYTES:
        raise _Outside(f"{name} is larger than {MAX_BYTES / 1e6:.0f} MB")
    context.world.charge(path.stat().st_size)
    try:
        return path.read_bytes()
    except OSError as error:
        raise _Outside(f"{name} cannot be read: {error.strerror}") from None


def _place(context: Context, name: str) -> Path:
    world = context.world
    if "\0" in name:
        raise BadArgument("the text is no file's name")
    path = Path(os.path.realpath(Path(world.folder, name)))
    if not any(path.is_relative_to(os.path.realpath(folder)) for folder in world.folders):
        raise _Outside(f"{name} is outside the configuration's folders, so it is not read")
    return path


def _text(context: Context, name: str) -> str:
    try:
        return decode(name, _content(context, name))
    except Malformed as error:
        raise BadArgument(f"{name} {error.message}") from None


def _exists(context: Context, name: str) -> bool:
    return _place(context, name).is_file()


def _pathexpand(context: Context, name: str) -> str:
    if name.startswith("~"):
        raise _Outside("pathexpand gives the home folder of whoever runs Terraform")
    return name


def _fileset(context: Context, folder: str, pattern: str) -> Any:
    root = _place(context, folder)
    found: list[str] = []
    for number, path in enumerate(root.rglob("*")):
        if number > _MAX_FILES:
            raise _Outside(f"{folder} holds more than {_MAX_FILES:,} files")
        relative = path.relative_to(root).as_posix()
        if path.is_file() and _matches(relative.split("/"), pattern.split("/")):
            found.append(relative)
    return Set(sorted(found))


def _matches(names: list[str], patterns: list[str]) -> bool:
    """Whether a path matches, where `*` stands within a name and `**` for any folders."""
    if not patterns:
        return not names
    if patterns[0] == "**":
        return any(_matches(names[skip:], patterns[1:]) for skip in range(len(names) + 1))
    return bool(names) and fnmatchcase(names[0], patterns[0]) and _matches(names[1:], patterns[1:])


def _template(context: Context, name: str, values: Any) -> Any:
    return _rendered(context, name, _text(context, name), values)


def _rendered(context: Context, name: str, text: str, values: Any) -> Any:
    if not isinstance(values, dict):
        raise BadArgument(f"a map of the template's values is needed, not {kind_of(values)}")
    if _TEMPLATE in context.names:
        raise BadArgument("a template can't use templatefile or templatestring itself")
    try:
        expression = parser.parse_template(text)
    except SyntaxFault as fault:
        raise BadArgument(f"{name}: {fault.message}") from None
    try:
        return context.having({**values, _TEMPLATE: True}).evaluate(expression)
    except Failure as failure:
        raise BadArgument(f"{name}: {failure.message}") from None


def _digest(algorithm: str, encode: Callable[[bytes], str]) -> Callable[[Context, str], str]:
    def compute(context: Context, name: str) -> str:
        return encode(hashlib.new(algorithm, _content(context, name), usedforsecurity=False).digest())

    return compute


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


_Reading = Callable[..., Any]
_READ: Final[dict[str, tuple[int, _Reading]]] = {
    "file": (1, _text),
    "filebase64": (1, lambda context, name: _base64(_content(context, name))),
    "filebase64sha256": (1, _digest("sha256", _base64)),
    "filebase64sha512": (1, _digest("sha512", _base64)),
    "fileexists": (1, _exists),
    "filemd5": (1, _digest("md5", bytes.hex)),
    "fileset": (2, _fileset),
    "filesha1": (1, _digest("sha1", bytes.hex)),
    "filesha256": (1, _digest("sha256", bytes.hex)),
    "filesha512": (1, _digest("sha512", bytes.hex)),
    "templatefile": (2, _template),
    "templatestring": (2, lambda context, text, values: _rendered(context, "the template", text, values)),
    "abspath": (1, lambda context, name: os.path.realpath(Path(context.world.folder, name))),
    "basename": (1, lambda context, name: PurePosixPath(name).name),
    "pathexpand": (1, _pathexpand),
    "dirname": (1, lambda context, name: str(PurePosixPath(name).parent)),
}


_TEMPLATES: Final = ("templatefile", "templatestring")


def _form(node: Call, context: Context) -> Any:
    name = node.name.removeprefix("core::")
    count, read = _READ[name]
    if len(node.arguments) != count:
        raise BadArgument(f"{node.name} takes {count} arguments, not {len(node.arguments)}")

    def compute(*settled: Any) -> Any:
        names = [context.world.literal(value) for value in settled]
        for value in names[:1] if name in _TEMPLATES else names:
            unknown = open_part(value)
            if unknown:
                return Unknown(unknown.reason)
            if not isinstance(value, str):
                raise BadArgument(f"{node.name}: a text is needed, not {kind_of(value)}")
        try:
            return read(context, *names)
        except _Outside as error:
            return Unknown(str(error))

    return context.each(compute, *(context.evaluate(argument) for argument in node.arguments))


FORMS: Final[dict[str, Callable[[Call, Context], Any]]] = dict.fromkeys(_READ, _form)
