"""Finds the templates in files and folders and collects their resources."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from auditor.errors import UsageError
from auditor.raw import Collected, Location, Notice, Raw
from auditor.resources.base import TYPES
from auditor.sources.cloudformation import assembly
from auditor.sources.cloudformation.assembly import File
from auditor.sources.cloudformation.parameters import check_names
from auditor.sources.cloudformation.stacks import Found, Stack
from auditor.sources.cloudformation.template import is_template
from auditor.sources.cloudformation.world import World
from auditor.sources.documents import MAX_BYTES, Document, Malformed, decode, read_text
from auditor.sources.kinds import SKIPPED_FOLDERS

SUFFIXES: Final = (".yaml", ".yml", ".json", ".template", ".cform")
_LOOKS_LIKE_ONE: Final = re.compile(r"""(?:^|[{,\s"'])(?:Resources|AWSTemplateFormatVersion)["']?\s*:""", re.MULTILINE)


def collect(
    paths: Sequence[str],
    *,
    parameters: Mapping[str, Any] | None = None,
    own_parameters: Sequence[tuple[str, Mapping[str, Any]]] = (),
    account: str | None = None,
    region: str | None = None,
    skip_others: bool = False,
    with_others: Collection[str] = (),
) -> Collected:
    """Read CloudFormation templates.

    Args:
        paths: files, read whatever they are called, and folders, searched for templates.
        parameters: values of the templates' parameters.
        own_parameters: globs of files, and values for those alone, which win; of several that match, the last.
        account: account id that the templates are meant for.
        region: region that they are meant for.
        skip_others: a file that is named but is no template is passed over, as one in a folder is.
        with_others: folders that hold templates of another kind, so that they need not hold one of this.

    Returns:
        Their resources. What could not be read or understood is among the notices; nothing raises because of it.

    Raises:
        UsageError: no template declares one of `parameters`.
    """
    reader = _Reader(own_parameters, skip_others, with_others)
    templates = list(reader.templates(paths, account, region))
    notices, inputs = reader.notices, reader.inputs
    given = parameters or {}
    try:
        check_names(given, reader.parameters())
    except UsageError as error:
        if not notices:
            raise
        notices.append(Notice("warning", str(error)))  # a file that could not be read may declare it
    world = World(templates, given, reader.nested)
    collected = Collected(notices=notices, inputs=inputs)
    for stack, raws, resolved in world.raws():
        collected.raws += raws
        reader.count(stack, raws, resolved)
    said = [notice for stack in world.stacks for notice in stack.notices()]
    notices += dict.fromkeys([*world.notices, *said])  # a file that two stacks share says the same twice
    return collected


class _Reader:
    """Reads files, each once.

    Attributes:
        notices: what could not be read.
        inputs: what was read.
    """

    def __init__(
        self, own_parameters: Sequence[tuple[str, Mapping[str, Any]]], skip_others: bool, with_others: Collection[str]
    ) -> None:
        self._with_others = with_others
        self._own_parameters = own_parameters
        self._skip_others = skip_others
        self.notices: list[Notice] = []
        self.inputs: list[dict[str, Any]] = []
        self._documents: dict[str, Document | None] = {}  # by where the file really is; None where it can't be read
        self._counts: dict[str, dict[str, Any]] = {}

    def templates(self, paths: Sequence[str], account: str | None, region: str | None) -> Iterator[Found]:
        """The templates that `paths` name."""
        for path in paths:
            folder = Path(path).is_dir()
            files = _files(path, self.notices) if folder else [File(path)]
            templates = skipped = 0
            for file in files:
                place = os.path.realpath(file.path)
                if place not in self._documents:
                    document = self._read(_name(file.path), named=not folder and not self._skip_others)
                    if document:
                        own = self._own(document.file)
                        yield Found(document, file.account or account, file.region or region, file.titles, own)
                templates += place in self._documents
                skipped += place not in self._documents
            if not folder:
                continue
            self.inputs.append({"kind": "folder", "name": path, "templates": templates, "skipped": skipped})
            if not templates and path not in self._with_others:
                message = f"there are no templates in this folder ({', '.join((*SUFFIXES, '.tf'))})"
                self.notices.append(Notice("error", message, Location(path)))

    def _own(self, file: str) -> dict[str, Any]:
        matching = (values for glob, values in self._own_parameters if fnmatchcase(file, glob))
        return {name: value for values in matching for name, value in values.items()}

    def nested(self, file: str) -> Document | None:
        """The template of a nested stack; None, and a notice, where it can't be read."""
        place = os.path.realpath(file)
        if place not in self._documents:
            self._read(_name(file), named=True)
        return self._documents[place]

    def parameters(self) -> list[str]:
        """The names of all parameters."""
        sections = [document.data.get("Parameters") for document in self._documents.values() if document]
        return [name for section in sections if isinstance(section, dict) for name in section]

    def count(self, stack: Stack, raws: Sequence[Raw], resolved: int) -> None:
        """Add a stack to what is said of its file."""
        entry = self._counts.get(stack.file)
        if entry is None:
            entry = self._counts[stack.file] = _input(stack.file, resources=0, resolved=0)
            self.inputs.append(entry)
        entry["resources"] += len(raws)
        entry["resolved"] += resolved
        if stack.scope.name != stack.file:
            entry.setdefault("stacks", []).append(stack.scope.name)
        unknown = sum(raw.type not in TYPES for raw in raws)
        if unknown and TYPES:
            entry["of_other_types"] = entry.get("of_other_types", 0) + unknown

    def _read(self, name: str, *, named: bool) -> Document | None:
        try:
            document = _open(name, named=named)
        except Malformed as error:
            self.notices.append(Notice("error", error.message, error.location))
            self.inputs.append(_input(name, resources=0, error=error.message))
            self._documents[os.path.realpath(name)] = None
            return None
        if document is not None:
            self._documents[os.path.realpath(name)] = document
        return document


def _name(file: str) -> str:
    return Path(os.path.normpath(file)).as_posix()


def _input(name: str, **facts: Any) -> dict[str, Any]:
    return {"kind": "cloudformation", "name": name, **facts}


def _files(folder: str, notices: list[Notice]) -> Iterator[File]:
    """The files in a folder that may be templates, in order; of what the CDK wrote, the stacks."""

    def unreadable(error: OSError) -> None:
        notices.append(Notice("error", f"cannot be read: {error.strerror}", Location(str(error.filename))))

    for place, folders, files in os.walk(folder, onerror=unreadable):
        stacks = assembly.stacks(place, notices) if assembly.MANIFEST in files else None
        if stacks is not None:
            folders.clear()  # stages are among the stacks, and the rest are assets
            yield from stacks
            continue
        in_cdk_output = Path(place).name == "cdk.out"
        folders[:] = sorted(
            name
            for name in folders
            if name[0] != "." and name not in SKIPPED_FOLDERS and not (in_cdk_output and name.startswith("asset."))
        )
        for name in sorted(files):
            file = Path(place) / name
            if name.endswith(SUFFIXES) and name[0] != "." and file.is_file():  # no pipe, no dead link
                yield File(str(file))


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
