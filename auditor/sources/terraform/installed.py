"""Modules that `terraform init` fetched: `.terraform/modules/modules.json` says where they are."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Final

from auditor.raw import Location, Notice
from auditor.sources.documents import Malformed, read_text

_INSTANCE_KEY: Final = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')


class Installed:
    """The modules that are in a root module's `.terraform`.

    Attributes:
        notices: what is wrong with the list of them.
    """

    def __init__(self, folder: str) -> None:
        self.notices: list[Notice] = []
        self._folder = folder
        self._folders: dict[str, str] = {}
        file = Path(folder, ".terraform", "modules", "modules.json")
        if file.is_file():
            try:
                self._folders = dict(_entries(json.loads(read_text(str(file)))))
            except (Malformed, ValueError, RecursionError, TypeError, KeyError):
                message = "is not a list of modules; run `terraform init` again"
                self.notices.append(Notice("warning", message, Location(str(file))))

    def folder(self, address: str) -> str | None:
        """The folder of the module of an address such as `module.a[0].module.b`; None where it isn't there."""
        names = _INSTANCE_KEY.sub("", address).removeprefix("module.").split(".module.")
        place = self._folders.get(".".join(names))
        if place is None:
            return None
        folder = os.path.normpath(Path(self._folder, place))
        return folder if Path(folder).is_dir() else None


def _entries(data: object) -> list[tuple[str, str]]:
    if not isinstance(data, dict):
        raise TypeError
    return [(str(entry["Key"]), str(entry["Dir"])) for entry in data["Modules"] if entry["Key"]]
