"""A module's folder: the blocks of all its files, with the override files merged over them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.raw import Location, Notice
from auditor.sources.documents import Malformed
from auditor.sources.kinds import is_configuration
from auditor.sources.terraform.files import File, is_override, read
from auditor.sources.terraform.syntax import Attribute, Block, Body, Literal

Key = tuple[str, ...]
"""What makes a block one of a kind: its type and labels; of a provider, also its alias."""


@dataclass(slots=True)
class Configuration:
    """The content of a module's folder.

    Attributes:
        folder: its path.
        files: by path, those that could be read.
        blocks: what it declares, by key.
        locals: its local values, by name.
        broken: whether some of its files could not be read, so that what is missing may stand there.
        notices: what is wrong with it.
    """

    folder: str
    files: dict[str, File] = field(default_factory=dict)
    blocks: dict[Key, Block] = field(default_factory=dict)
    locals: dict[str, Attribute] = field(default_factory=dict)
    broken: bool = False
    notices: list[Notice] = field(default_factory=list)

    def of(self, kind: str) -> list[Block]:
        """The blocks of a kind, such as `resource`, in the order of files and lines."""
        return [block for key, block in self.blocks.items() if key[0] == kind]

    def add(self, file: File, *, override: bool) -> None:
        """Add a file's blocks."""
        for block in file.data.blocks:
            if block.type == "locals":
                self._add_locals(block, override=override)
            elif (count := _LABELS.get(block.type)) is not None:
                if len(block.labels) != count:
                    message = f"a {block.type} needs {count} labels, not {len(block.labels)}"
                    self.notices.append(Notice("error", message, file.header(block)))
                else:
                    self._add_block(block, override=override)

    def _add_locals(self, block: Block, *, override: bool) -> None:
        for name, attribute in block.body.attributes.items():
            if name in self.locals and not override:
                self._twice(
                    f"local.{name}", self.locals[name].file, attribute.file.span(attribute.start, attribute.end)
                )
            else:
                self.locals[name] = attribute

    def _add_block(self, block: Block, *, override: bool) -> None:
        key = (block.type, *block.labels)
        if block.type == "provider" and (alias := _alias(block)):
            key = (*key, alias)
        first = self.blocks.get(key)
        if first is None:
            self.blocks[key] = block
        elif override:
            self.blocks[key] = _merged(first, block)
        elif block.type == "provider":
            pass  # an empty one beside the real one is usual in old modules
        else:
            self._twice(".".join(key), first.file, block.file.header(block))

    def _twice(self, name: str, first: File, where: Location) -> None:
        self.notices.append(Notice("error", f"{name} is declared twice; the first is in {first.file}", where))


_LABELS = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "provider": 1}


def _alias(block: Block) -> str:
    attribute = block.body.attributes.get("alias")
    value: Any = attribute.value.value if attribute and isinstance(attribute.value, Literal) else ""
    return str(value)


def _merged(base: Block, over: Block) -> Block:
    """A block with another one's arguments over its own; nested blocks of a type replace all of that type."""
    replaced = {_produces(block) for block in over.body.blocks}
    blocks = [block for block in base.body.blocks if _produces(block) not in replaced]
    body = Body({**base.body.attributes, **over.body.attributes}, [*blocks, *over.body.blocks])
    return Block(base.file, base.type, base.labels, base.start, base.end, body)


def _produces(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


class Reader:
    """Reads folders and files, each once.

    Attributes:
        notices: files that can't be read, and what is wrong with folders.
    """

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self._configurations: dict[str, Configuration] = {}

    def folder(self, folder: str) -> Configuration:
        """The configuration in a folder; empty where there is none."""
        real = os.path.realpath(folder)
        if real not in self._configurations:
            self._configurations[real] = self._read(folder)
        return self._configurations[real]

    def _read(self, folder: str) -> Configuration:
        configuration = Configuration(folder)
        try:
            names = _as_opentofu(sorted(path.name for path in Path(folder).iterdir() if is_configuration(path.name)))
        except OSError as error:
            self.notices.append(Notice("error", f"cannot be read: {error.strerror}", Location(folder)))
            names = []
        for name in sorted(names, key=is_override):
            path = os.path.normpath(Path(folder, name))
            try:
                file = configuration.files[path] = read(path)
            except Malformed as error:
                self.notices.append(Notice("error", error.message, error.location))
                configuration.broken = True
            else:
                configuration.add(file, override=is_override(name))
        self.notices += configuration.notices
        return configuration


def _as_opentofu(names: list[str]) -> list[str]:
    """The files that OpenTofu reads of these: `main.tofu` stands for a `main.tf` beside it."""
    return [name for name in names if name.replace(".tf", ".tofu") not in names or ".tofu" in name]
