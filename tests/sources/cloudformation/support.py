"""Reading a template that is no file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditor.raw import Notice, Raw
from auditor.sources.cloudformation.stacks import Found
from auditor.sources.cloudformation.world import World
from auditor.sources.documents import Document


def read(
    document: Document, load: Callable[[str], Document | None] = lambda _: None, **given: Any
) -> tuple[list[Raw], list[Notice]]:
    """The resources of a template, and what is said of it; `load` reads its nested stacks."""
    world = World([Found(document)], given, load)
    raws = [raw for _, found, _ in world.raws() for raw in found]
    return raws, [*world.notices, *(notice for stack in world.stacks for notice in stack.notices())]
