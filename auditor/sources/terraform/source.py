"""Finds Terraform configurations in files and folders and collects their resources."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.errors import UsageError
from auditor.raw import Collected, Location, Notice, Scope
from auditor.resources.base import TYPES
from auditor.sources.kinds import CONFIGURATIONS, configurations, is_configuration
from auditor.sources.terraform import variables as outside
from auditor.sources.terraform.configuration import Configuration, Reader
from auditor.sources.terraform.installed import Installed
from auditor.sources.terraform.module import Module
from auditor.sources.terraform.resources import found_in
from auditor.sources.terraform.syntax import Literal
from auditor.sources.terraform.world import World, deep_calls


def collect(
    paths: Sequence[str],
    *,
    variables: Mapping[str, Any] | None = None,
    var_files: Sequence[str] = (),
    account: str | None = None,
    region: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Collected:
    """Read Terraform configurations.

    Nothing is executed and nothing is fetched: providers, remote modules and data sources are unknown.

    Args:
        paths: folders, searched for root modules (those that no other module there calls), and files, whose folders
            are read whole: `context` among the inputs names those of their files that were not asked for.
        variables: values of the root modules' variables, as `--var` gives them; they win.
        var_files: files of such values, in order, as `--var-file` gives them.
        account: account id that the configurations are meant for.
        region: region that they are meant for, where their providers do not say.
        environment: where `TF_VAR_name` is looked up; the process's own by default.

    Returns:
        Their resources. What could not be read or understood is among the notices; nothing raises because of it.

    Raises:
        UsageError: no configuration declares one of `variables`, or a file of `var_files` can't be read.
    """
    collected = Collected()
    reader = Reader()
    files = outside.load_files(var_files)
    roots = _roots(paths, reader, collected)
    given = variables or {}
    declared = [block.labels[0] for configuration, _ in roots for block in configuration.of("variable")]
    try:
        outside.check_names(given, declared)
    except UsageError as error:
        if not reader.notices:
            raise
        collected.notices.append(Notice("warning", str(error)))  # a file that could not be read may declare it
    with deep_calls():
        for configuration, wanted in roots:
            scope = Scope(Path(configuration.folder).as_posix(), "template", account, region)
            values = outside.given(
                configuration, given, files, os.environ if environment is None else environment, collected.notices
            )
            _add_root(collected, configuration, wanted, scope, values, reader)
    said = [*reader.notices, *collected.notices]
    collected.notices = list(dict.fromkeys(said))
    return collected


def _add_root(
    collected: Collected,
    configuration: Configuration,
    wanted: frozenset[str],
    scope: Scope,
    values: Mapping[str, Any],
    reader: Reader,
) -> None:
    installed = Installed(configuration.folder)
    world = World(scope, configuration.folder)
    found = found_in(Module(world, configuration, values, reader, installed))
    collected.raws += found.raws
    entry: dict[str, Any] = {
        "kind": "terraform",
        "name": scope.name,
        "files": sorted({file for folder in world.folders for file in reader.folder(folder).files}),
        "resources": len(found.raws),
        "resolved": found.resolved,
    }
    if wanted:
        entry["context"] = sorted(set(configuration.files) - wanted)
    others = found.of_other_providers + sum(raw.type not in TYPES for raw in found.raws)
    if others and TYPES:
        entry["of_other_types"] = others
    collected.inputs.append(entry)
    collected.notices += [*installed.notices, *world.all_notices()]


# --- finding root modules -------------------------------------------------------------------------------------------


def _roots(paths: Sequence[str], reader: Reader, collected: Collected) -> list[tuple[Configuration, frozenset[str]]]:
    """The root modules, each with the files that were named; none where the folder was."""
    folders: dict[str, Configuration] = {}
    wanted: dict[str, set[str]] = {}
    for path in paths:
        if Path(path).is_dir():
            found = [reader.folder(folder) for folder in _folders(path, collected.notices)]
            folders |= {os.path.realpath(one.folder): one for one in found}
            if not found:
                message = f"there are no Terraform files in this folder ({', '.join(CONFIGURATIONS)})"
                collected.notices.append(Notice("error", message, Location(path)))
        elif not Path(path).exists():
            collected.notices.append(Notice("error", "there is no such file", Location(path)))
        elif not is_configuration(Path(path).name):
            message = f"is not a Terraform file ({', '.join(CONFIGURATIONS)})"
            collected.notices.append(Notice("error", message, Location(path)))
        else:
            wanted.setdefault(str(Path(path).parent), set()).add(os.path.normpath(path))
    roots = [(folders[place], frozenset[str]()) for place in _not_called(folders)]
    alone = [folder for folder in wanted if os.path.realpath(folder) not in folders]
    return [*roots, *((reader.folder(folder), frozenset(wanted[folder])) for folder in alone)]


def _folders(path: str, notices: list[Notice]) -> Iterator[str]:
    """The folders that hold Terraform files, in order."""

    def unreadable(error: OSError) -> None:
        notices.append(Notice("error", f"cannot be read: {error.strerror}", Location(str(error.filename))))

    return configurations(path, unreadable)


def _not_called(folders: Mapping[str, Configuration]) -> list[str]:
    """The folders that no other one calls as a module; of folders that only call each other, the first."""
    calls = {place: _calls(configuration) for place, configuration in folders.items()}
    called = {target for place, targets in calls.items() for target in targets if target != place}
    roots = [place for place in folders if place not in called]
    reached = _reached(roots, calls)
    for place in folders:
        if place not in reached:
            roots.append(place)
            reached |= _reached([place], calls)
    return roots


def _reached(roots: Iterable[str], calls: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    todo = list(roots)
    while todo:
        place = todo.pop()
        if place not in reached:
            reached.add(place)
            todo.extend(calls.get(place, ()))
    return reached


def _calls(configuration: Configuration) -> set[str]:
    """Where the local modules that a folder calls are."""
    found: set[str] = set()
    for block in configuration.of("module"):
        source = block.body.attributes.get("source")
        value = source.value.value if source and isinstance(source.value, Literal) else None
        if isinstance(value, str) and value.startswith(("./", "../")):
            found.add(os.path.realpath(Path(configuration.folder, value)))
    return found
