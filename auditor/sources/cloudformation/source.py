"""Finds the templates in files and folders and collects their resources."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from auditor.errors import UsageError
from auditor.raw import Collected, Location, Notice, Scope
from auditor.sources.cloudformation.parameters import check_names
from auditor.sources.cloudformation.parse import MAX_BYTES, Document, Malformed, decode, read_text
from auditor.sources.cloudformation.template import Template, is_template

SUFFIXES: Final = (".yaml", ".yml", ".json", ".template", ".cform")
_SKIPPED_FOLDERS: Final = frozenset({"node_modules", "venv", "__pycache__", "site-packages"})
_LOOKS_LIKE_ONE: Final = re.compile(r"""(?:^|[{,\s"'])(?:Resources|AWSTemplateFormatVersion)["']?\s*:""", re.MULTILINE)


def collect(
    paths: Sequence[str],
    *,
    parameters: Mapping[str, Any] | None = None,
    account: str | None = None,
    region: str | None = None,
) -> Collected:
    """Read CloudFormation templates.

    Args:
        paths: files, read whatever they are called, and folders, searched for templates.
        parameters: values of the templates' parameters.
        account: account id that the templates are meant for.
        region: region that they are meant for.

    Returns:
        Their resources. What could not be read or understood is among the notices; nothing raises because of it.

    Raises:
        UsageError: no template declares one of `parameters`.
    """
    collected = Collected()
    templates = list(_templates(paths, collected))
    given = parameters or {}
    try:
        check_names(given, [name for template in templates for name in template.sections["Parameters"]])
    except UsageError as error:
        if not collected.notices:
            raise
        collected.notices.append(Notice("warning", str(error)))  # a file that could not be read may declare it
    for template in templates:
        file = template.document.file
        scope = Scope(file, "template", account, region)
        resolved = 0
        try:
            raws, resolved = template.raws(scope, given)
        except RecursionError:
            raws = []
            template.notices.append(Notice("error", "its values are nested too deep", Location(file, 1, 1, 1, 2)))
        collected.raws += raws
        collected.notices += template.notices
        collected.inputs.append(_input(file, resources=len(raws), resolved=resolved))
    return collected


def _input(name: str, **facts: Any) -> dict[str, Any]:
    return {"kind": "cloudformation", "name": name, **facts}


def _templates(paths: Sequence[str], collected: Collected) -> Iterator[Template]:
    seen: set[str] = set()
    for path in paths:
        folder = Path(path).is_dir()
        files = _files(path, collected.notices) if folder else [path]
        found = skipped = 0
        for file in files:
            name = Path(os.path.normpath(file)).as_posix()
            if name in seen:
                found += 1
                continue
            seen.add(name)
            try:
                document = _open(name, named=not folder)
            except Malformed as error:
                collected.notices.append(Notice("error", error.message, error.location))
                collected.inputs.append(_input(name, resources=0, error=error.message))
                found += 1
                continue
            if document is None:
                skipped += 1
                continue
            found += 1
            yield Template(document)
        if folder:
            collected.inputs.append({"kind": "folder", "name": path, "templates": found, "skipped": skipped})
            if not found:
                message = f"there are no templates in this folder ({', '.join(SUFFIXES)})"
                collected.notices.append(Notice("error", message, Location(path)))


def _files(folder: str, notices: list[Notice]) -> Iterator[str]:
    """The files in a folder that may be templates, in order."""

    def unreadable(error: OSError) -> None:
        notices.append(Notice("error", f"cannot be read: {error.strerror}", Location(str(error.filename))))

    for place, folders, files in os.walk(folder, onerror=unreadable):
        in_cdk_output = Path(place).name == "cdk.out"
        folders[:] = sorted(
            name
            for name in folders
            if name[0] != "." and name not in _SKIPPED_FOLDERS and not (in_cdk_output and name.startswith("asset."))
        )
        for name in sorted(files):
            file = Path(place) / name
            if name.endswith(SUFFIXES) and name[0] != "." and file.is_file():  # no pipe, no dead link
                yield str(file)


def _open(file: str, *, named: bool) -> Document | None:
    """Parse a file; None for one that was found in a folder and is no template.

    Raises:
        Malformed: it can't be read, or was named and is no template.
    """
    if not named and not _looks_like_one(file):
        return None
    document = Document(file, read_text(file))
    if is_template(document.data):
        return document
    if not named:
        return None
    if document.data is None:
        raise Malformed("is empty", Location(file, 1, 1, 1, 2))
    raise Malformed("is not a CloudFormation template: it has no Resources", Location(file, 1, 1, 1, 2))


def _looks_like_one(file: str) -> bool:
    """A cheap test of a file's text, so that a folder's other files needn't be parsed and may be broken."""
    try:
        with Path(file).open("rb") as stream:
            content = stream.read(MAX_BYTES)
    except OSError:
        return True  # reading it will say what is wrong
    try:
        text = decode(file, content)
    except Malformed:
        return b"AWSTemplateFormatVersion" in content or b"Resources" in content
    return _LOOKS_LIKE_ONE.search(text) is not None
