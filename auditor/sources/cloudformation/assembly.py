"""What the CDK writes (`cdk.out`, a cloud assembly): its manifest says which files are stacks, and of which account."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from auditor.raw import Location, Notice
from auditor.sources.documents import Malformed, read_text

MANIFEST: Final = "manifest.json"
_MAX_MANIFEST: Final = 50_000_000
_MAX_STAGES: Final = 50
"""Assemblies within assemblies; the CDK itself makes two or three levels."""

_ENVIRONMENT: Final = "aws://"


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be a template.

    Attributes:
        path: the file.
        account, region: where it will be deployed, as far as its assembly says.
        titles: by logical id, the path of the construct that the resource came from.
    """

    path: str
    account: str | None = None
    region: str | None = None
    titles: Mapping[str, str] = field(default_factory=dict)


def stacks(folder: str, notices: list[Notice], depth: int = 0) -> list[File] | None:
    """The templates of the stacks of an assembly and of its stages; None where the folder is no assembly.

    Templates of nested stacks and of assets are not among them. A manifest that can't be read is noted.
    """
    file = Path(folder) / MANIFEST
    is_output = Path(folder).name == "cdk.out" or depth > 0
    try:
        if not file.is_file():  # a pipe would be waited for
            raise Malformed("there is no such file", Location(str(file)))
        manifest = json.loads(read_text(str(file), _MAX_MANIFEST))
        artifacts = manifest["artifacts"]
        if not isinstance(manifest["version"], str) or not isinstance(artifacts, dict):
            raise TypeError
    except (ValueError, RecursionError, TypeError, KeyError, Malformed) as error:
        if is_output:
            reason = error.message if isinstance(error, Malformed) else "is not the manifest of a cloud assembly"
            notices.append(Notice("error", reason, Location(str(file), 1, 1, 1, 2)))
        return None
    found: list[File] = []
    for artifact in artifacts.values():
        properties = _block(artifact, "properties")
        kind = artifact.get("type") if isinstance(artifact, dict) else None
        if kind == "aws:cloudformation:stack" and isinstance(name := properties.get("templateFile"), str):
            account, region = _environment(artifact.get("environment"))
            if not Path(folder, name).is_file():
                message = f"its stack's template {name} is not there; run `cdk synth` again"
                notices.append(Notice("error", message, Location(str(file), 1, 1, 1, 2)))
                continue
            found.append(File(str(Path(folder, name)), account, region, dict(_titles(folder, artifact))))
        elif kind == "cdk:cloud-assembly" and isinstance(name := properties.get("directoryName"), str):
            inner = stacks(str(Path(folder, name)), notices, depth + 1) if depth < _MAX_STAGES else None
            found += inner or []
    return found


def _environment(environment: Any) -> tuple[str | None, str | None]:
    """Account and region of `aws://123456789012/eu-west-1`; None for what deployment decides."""
    if not isinstance(environment, str) or not environment.startswith(_ENVIRONMENT):
        return None, None
    account, _, region = environment.removeprefix(_ENVIRONMENT).partition("/")
    return _if_known(account), _if_known(region)


def _if_known(name: str) -> str | None:
    return name if name and not name.startswith("unknown") else None


def _titles(folder: str, artifact: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Logical ids and construct paths; newer versions of the CDK keep them in a file beside the manifest."""
    entries = _block(artifact, "metadata")
    beside = artifact.get("additionalMetadataFile")
    if isinstance(beside, str):
        try:
            more = json.loads(read_text(str(Path(folder, beside)), _MAX_MANIFEST))
        except (ValueError, RecursionError, Malformed):
            more = {}  # only titles are lost
        entries = {**entries, **(more if isinstance(more, dict) else {})}
    for path, facts in entries.items():
        for fact in facts if isinstance(facts, list) else ():
            if isinstance(fact, dict) and fact.get("type") == "aws:cdk:logicalId" and isinstance(fact.get("data"), str):
                yield fact["data"], path.removeprefix("/")


def _block(value: Any, key: str) -> dict[str, Any]:
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}
