"""Reading botocore's service models for less: only what the permitted operations need, as plain maps."""

from __future__ import annotations

import gzip
import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader, Loader


class LeanModels(Loader):  # type: ignore[misc]
    """A botocore session's `data_loader`, by which clients know the permitted operations and no others.

    A service's model has every operation and shape of it, and a client a method for each: 760 in EC2, of which a scan
    calls a twentieth. What the rest costs, a client in each region pays again. Safe to use from many threads.
    """

    def __init__(self, folders: Iterable[str] = ()) -> None:
        """`folders` hold models that come before botocore's own."""
        self._permitted: frozenset[str] = frozenset()
        self._lean: set[str] = set()
        self._lock = threading.RLock()
        super().__init__(extra_search_paths=[*folders], file_loader=_Files())

    def permit(self, operations: Iterable[str]) -> None:
        """Let clients that are made from now on know these operations too, each given as `service:Operation`."""
        with self._lock:
            if more := frozenset(operations) - self._permitted:
                self._permitted |= more
                self._cache.clear()  # what was read for fewer operations
                self._lean.clear()

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
        """As botocore's."""
        with self._lock:
            model = super().load_service_model(service_name, type_name, api_version)
            if type_name == "service-2" and service_name not in self._lean:
                prefix = f"{service_name}:"
                names = {name.removeprefix(prefix) for name in self._permitted if name.startswith(prefix)}
                model.update(_only(model, names))  # in place, as botocore keeps it
                self._lean.add(service_name)
            return model


def lean_models(session: Any) -> LeanModels:
    """For a botocore session, with the folders of its configuration (`data_path`)."""
    folders = (session.get_config_variable("data_path") or "").split(os.pathsep)
    return LeanModels(str(Path(os.path.expandvars(folder)).expanduser()) for folder in folders if folder)


class _Files(JSONFileLoader):  # type: ignore[misc]
    def load_file(self, file_path: str) -> Any:
        """The file's content, or that of its packed form; None where there is neither."""
        return parsed(file_path)


def parsed(file_path: str) -> Any:
    """A file's content as plain maps, which keep their order too, and without documentation, which nobody calls.

    botocore reads `OrderedDict`s, pair by pair: twice the memory, half more time.
    """
    for suffix, opened in ((".json", open), (".json.gz", gzip.open)):
        if Path(file_path + suffix).is_file():
            with opened(file_path + suffix, "rb") as file:
                return json.loads(file.read(), object_hook=_without_documentation)
    return None


def _without_documentation(node: dict[str, Any]) -> dict[str, Any]:
    if isinstance(node.get("documentation"), str):  # else a member of that name
        node["documentation"] = ""
    return node


def _only(model: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """Some of the operations of a service's model, and the shapes that they get to."""
    operations = {name: operation for name, operation in model["operations"].items() if name in names}
    shapes, todo = dict[str, Any](), [*_named(operations)]
    while todo:
        name = todo.pop()
        if name not in shapes:
            shapes[name] = model["shapes"][name]
            todo += _named(shapes[name])
    return {"operations": operations, "shapes": shapes}


def _named(node: Any) -> Iterator[str]:
    """The shapes that an operation or a shape refers to."""
    if isinstance(node, dict):
        if isinstance(node.get("shape"), str):
            yield node["shape"]
        for member in node.values():
            yield from _named(member)
    elif isinstance(node, list):
        for member in node:
            yield from _named(member)
