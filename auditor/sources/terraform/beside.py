"""The `.tf` files beside a plan: where its resources are declared, and what its unknown values are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from auditor.raw import Location, Path, Raw, Scope
from auditor.sources.terraform.configuration import Configuration, Reader
from auditor.sources.terraform.installed import Installed
from auditor.sources.terraform.module import Module
from auditor.sources.terraform.planned import like_it
from auditor.sources.terraform.references import KEYS
from auditor.sources.terraform.resources import found_in
from auditor.sources.terraform.world import World, deep_calls


@dataclass(slots=True)
class Beside:
    """A plan's configuration as its files declare it; empty where they are not found.

    Attributes:
        files: their paths.
    """

    files: list[str] = field(default_factory=list)
    _raws: dict[str, Raw] = field(default_factory=dict)
    _of_any_key: dict[str, Raw] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: str, root: Mapping[str, Any], variables: Mapping[str, Any], scope: Scope) -> Beside:
        """What is found in the plan's folder, or where the command runs.

        Args:
            plan: the plan's file.
            root: the root module of the plan's configuration; files that do not declare all that is in it are of
                something else.
            variables: the values that the plan was made with.
            scope: the plan's.
        """
        for folder in dict.fromkeys((str(FilePath(plan).parent), ".")):
            reader = Reader()
            configuration = reader.folder(folder)
            if configuration.blocks and _declares_all(configuration, root):
                world = World(scope, folder)
                module = Module(world, configuration, variables, reader, Installed(folder))
                with deep_calls():
                    raws = {raw.id: raw for raw in found_in(module).raws}
                files = sorted({file for place in world.folders for file in reader.folder(place).files})
                return cls(files, raws, {KEYS.sub("", address): raw for address, raw in raws.items()})
        return cls()

    def resource(self, address: str) -> Raw | None:
        """A resource as it is declared; None where it isn't found."""
        return self._raws.get(address)

    def nearest(self, address: str) -> Raw | None:
        """As `resource`, or another instance of the same block."""
        return self._raws.get(address) or self._of_any_key.get(KEYS.sub("", address))


def _declares_all(configuration: Configuration, root: Mapping[str, Any]) -> bool:
    """Whether a folder declares all the resources and modules that a plan's root module does."""
    resources, calls = root.get("resources"), root.get("module_calls")
    wanted: list[tuple[str, ...]] = [("module", name) for name in calls] if isinstance(calls, dict) else []
    for one in resources if isinstance(resources, list) else ():
        if isinstance(one, dict):
            kind = "data" if one.get("mode") == "data" else "resource"
            wanted.append((kind, str(one.get("type")), str(one.get("name"))))
    return bool(wanted) and all(key in configuration.blocks for key in wanted)


class PlannedOrigin:
    """The origin of a planned resource, whose blocks of a type may stand in another order than in the files."""

    __slots__ = ("_declared", "_properties")

    def __init__(self, declared: Raw, properties: Mapping[str, Any]) -> None:
        self._declared = declared
        self._properties = properties

    def locate(self, path: Path) -> Location:
        """See `Origin`."""
        return self._declared.origin.locate(self._as_declared(path))

    def _as_declared(self, path: Path) -> Path:
        """A path with the place that a block has in the files."""
        if len(path) < 2 or not isinstance(path[1], int):
            return path
        planned = self._properties.get(str(path[0]))
        written = self._declared.properties.get(str(path[0]))
        if not isinstance(planned, list) or not isinstance(written, list) or path[1] >= len(planned):
            return path
        like = like_it(written, planned[path[1]])
        return (path[0], path[1] if path[1] in like or not like else like[0], *path[2:])


class WholePlan:
    """The origin of a resource whose declaration is not found."""

    __slots__ = ("_file",)

    def __init__(self, file: str) -> None:
        self._file = file

    def locate(self, path: Path) -> Location:
        """See `Origin`."""
        return Location(file=self._file, present=not path)
