"""Terraform's files: read, parsed, and able to say where everything in them stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from auditor.raw import Location
from auditor.sources import json_text
from auditor.sources.documents import Document, Malformed, read_text
from auditor.sources.nodes import SyntaxFault
from auditor.sources.terraform import json_form, parser
from auditor.sources.terraform.syntax import Block, Body


class File(Document):
    """A parsed file: `.tf`, `.tfvars`, or either of them as JSON."""

    data: Body

    def _load(self) -> Any:
        if not self.file.endswith(".json"):
            return parser.parse(self.text, self)
        data = json_text.load(self.text)
        if not isinstance(data, dict):
            raise SyntaxFault("should be a JSON object", 0)
        return (json_form.values if self.file.endswith(".tfvars.json") else json_form.body)(data, self.root, self)

    def header(self, block: Block, *, present: bool = True) -> Location:
        """Where a block's header stands."""
        return self.span(block.start, block.end, present=present)


def is_override(name: str) -> bool:
    """Whether a file of that name is merged over the others."""
    stem = name.removesuffix(".json").removesuffix(".tf").removesuffix(".tofu")
    return stem == "override" or stem.endswith("_override")


def read(path: str) -> File:
    """A file.

    Raises:
        Malformed: it can't be read or parsed.
    """
    if not Path(path).is_file() and Path(path).exists():
        raise Malformed("is not a file", Location(path))
    return File(path, read_text(path))
