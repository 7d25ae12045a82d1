"""All stacks of a scan: which template is nested in which, and who exports what others import."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from auditor.raw import Location, Notice, Raw, Scope
from auditor.sources.cloudformation.stacks import Found, NotFollowed, Stack
from auditor.sources.documents import Document
from auditor.values import Unknown

MAX_NESTED: Final = 1_000
"""Nested stacks in one scan: a few files that include each other often enough make millions."""

T = TypeVar("T")


class World:
    """Each template that no other one includes, and the stacks nested in it.

    Attributes:
        stacks: all of them, parents before children.
        notices: what went wrong with whole files.
    """

    def __init__(
        self, templates: Iterable[Found], given: Mapping[str, Any], load: Callable[[str], Document | None]
    ) -> None:
        """Find the stacks.

        Args:
            templates: the templates that were read.
            given: parameter values.
            load: reads the template of a nested stack; where it gives None, it has said why.
        """
        self.notices: list[Notice] = []
        self._load = load
        self._left = MAX_NESTED
        self._exports: dict[tuple[str | None, str | None, str], list[tuple[Stack, str]]] = {}
        trees: list[list[Stack]] = []
        for found in templates:
            tree = self._guarded(found.document.file, partial(self._tree, found, given))
            if tree:
                trees.append(tree)
        self.stacks = [stack for tree in _outermost(trees) for stack in tree]

    def _tree(self, found: Found, given: Mapping[str, Any]) -> list[Stack]:
        return list(Stack(self, found, {**given, **found.parameters}).tree())

    def raws(self) -> Iterator[tuple[Stack, list[Raw], int]]:
        """The resources of each stack, and how many of them hold nothing that only deployment decides."""
        exports = defaultdict(list)
        for stack in self.stacks:
            made: list[tuple[str, str]] | None = self._guarded(stack.file, partial(list, stack.exports()))
            for name, output in made or ():
                exports[stack.scope.account, stack.scope.region, name].append((stack, output))
        self._exports = dict(exports)
        for stack in self.stacks:
            raws, resolved = self._guarded(stack.file, stack.raws) or ([], 0)
            yield stack, raws, resolved

    def imported(self, scope: Scope, name: str) -> Any:
        """See `Others`."""
        exporters = self._exports.get((scope.account, scope.region, name), [])
        if len(exporters) > 1:
            names = ", ".join(dict.fromkeys(stack.scope.name for stack, _ in exporters))
            return Unknown(f"the export {name} is made more than once: {names}")
        return exporters[0][0].value(exporters[0][1]) if exporters else None

    def template(self, file: str) -> Document:
        """See `Others`."""
        file = os.path.normpath(file)
        if not Path(file).is_file():
            raise NotFollowed(f"there is no file {file}")
        self._left -= 1
        if self._left < 0:
            raise NotFollowed(f"there are more than {MAX_NESTED:,} nested stacks")
        document = self._load(file)
        if document is None:
            raise NotFollowed(f"{file} could not be read")
        return document

    def _guarded(self, file: str, work: Callable[[], T]) -> T | None:
        """Do something with a template; None, and a notice, where it is nested too deep for that."""
        try:
            return work()
        except RecursionError:
            self.notices.append(Notice("error", "its values are nested too deep", Location(file, 1, 1, 1, 2)))
            return None


def _outermost(trees: list[list[Stack]]) -> Iterator[list[Stack]]:
    """The trees whose root is not in another one; of files that include each other, the first is the parent."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, tree in enumerate(trees):
        for place in {stack.place for stack in tree[1:]}:
            holders[place].append(number)
    for number, tree in enumerate(trees):
        own = {stack.place for stack in tree[1:]}
        parents = (each for each in holders[tree[0].place] if each < number or trees[each][0].place not in own)
        if next(parents, None) is None:
            yield tree
