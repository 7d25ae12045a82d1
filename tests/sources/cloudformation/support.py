"""Reading a template that is no file."""

from __future__ import annotations

from typing import Any

from auditor.raw import Notice, Raw
from auditor.sources.cloudformation.parse import Document
from auditor.sources.cloudformation.stacks import Found
from auditor.sources.cloudformation.world import World


def read(document: Document, **given: Any) -> tuple[list[Raw], list[Notice]]:
    """The resources of a template, and what is said of it; nested stacks are not followed."""
    world = World([Found(document)], given, lambda _: None)
    raws = [raw for _, found, _ in world.raws() for raw in found]
    return raws, [*world.notices, *(notice for stack in world.stacks for notice in stack.notices())]
