"""What cfn-lint says of templates. It is imported only here, as that alone takes a second or two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from auditor.errors import UsageError
from auditor.findings import Level, Status, fingerprint
from auditor.raw import Location
from auditor.report import CheckInfo, ResourceInfo, Result

PILLAR = "validity"
_SEVERITIES: dict[str, Level] = {"error": "high", "warning": "medium", "informational": "low"}


@dataclass(frozen=True, slots=True)
class Linted:
    """One thing that cfn-lint found, as a report needs it."""

    result: Result
    check: CheckInfo
    resource: ResourceInfo


def lint(files: Iterable[str], region: str | None = None) -> Iterator[Linted]:
    """What cfn-lint says of template files; its own configuration files and comments count as usual.

    Args:
        files: templates that can be parsed.
        region: the region to validate for; cfn-lint's default where None.

    Raises:
        UsageError: cfn-lint is not installed.
    """
    try:
        from cfnlint.api import lint_file
        from cfnlint.config import ManualArgs
    except ImportError as error:
        raise UsageError("--lint needs cfn-lint: pip install 'auditor[lint]'") from error
    from pathlib import Path

    settings = ManualArgs(regions=[region]) if region else ManualArgs()
    for file in files:
        seen: dict[str, int] = {}
        for match in lint_file(Path(file), config=settings):
            yield _linted(file, match, seen)


def _linted(file: str, match: Any, seen: dict[str, int]) -> Linted:
    path = [str(step) for step in getattr(match, "path", None) or ()]
    name = path[1] if len(path) > 1 and path[0] == "Resources" else ""
    place = Location(
        file,
        match.linenumber,
        match.columnnumber,
        match.linenumberend,
        max(match.columnnumberend, match.columnnumber + 1),
    )
    identity = f"{match.rule.id}.{'.'.join(path)}"
    ordinal = seen[identity] = seen.get(identity, -1) + 1
    check, resource = f"cfn-lint-{match.rule.id}", f"{file}#{name}"
    return Linted(
        Result(
            check,
            resource,
            Status.FAIL,
            message=match.message,
            fingerprint=fingerprint(check, resource, ".".join(path), ordinal),
            property=".".join(path[3:]),
            location=place,
        ),
        CheckInfo(
            title=f"cfn-lint {match.rule.id}: {match.rule.shortdesc}",
            severity=_SEVERITIES.get(match.rule.severity, "low"),
            pillar=PILLAR,
            why=match.rule.description,
            fix="see the rule's message; cfn-lint's own settings and comments switch a rule off.",
        ),
        ResourceInfo("AWS::CloudFormation::Template" if not name else "resource", name or file, place),
    )
