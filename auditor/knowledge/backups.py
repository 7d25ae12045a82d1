"""What AWS Backup backs up: what it has a backup of, and what a plan selects."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Final

from auditor.inventory import Inventory
from auditor.members import every, some
from auditor.resources.backup import BackupSelection, ProtectedResource
from auditor.resources.ec2 import Volume
from auditor.resources.efs import FileSystem
from auditor.resources.rds import DBCluster, DBInstance
from auditor.values import Reference, Undecided

USES: Final = (BackupSelection, ProtectedResource)
"""What is looked up; a check that calls `is_backed_up` names these in `uses`."""

Kept = Volume | FileSystem | DBCluster | DBInstance
"""What this module knows how to recognise in a plan."""

# Whose the ARN of a resource is, and how its last field begins (Service Authorization Reference).
_ARNS: Final = {
    Volume.cfn: ("ec2", "volume/"),
    FileSystem.cfn: ("elasticfilesystem", "file-system/"),
    DBCluster.cfn: ("rds", "cluster:"),
    DBInstance.cfn: ("rds", "db:"),
}
_UNKNOWN: Final = "\ue000"  # for private use, so in no ARN: only a wildcard covers it


def is_backed_up(resource: Kept, inventory: Inventory) -> bool:
    """Whether AWS Backup has a backup of it, or a plan selects it.

    Raises:
        Undecided: what backups there are, or what a plan selects, is not known.
    """
    selections = inventory.beside(BackupSelection, resource)
    questions: tuple[Callable[[], bool], ...] = (
        lambda: bool(inventory.referring(ProtectedResource, lambda backup: backup.resource_arn, to=resource)),
        lambda: some(selections, lambda selection: _selects(selection, resource)),
    )
    return some(questions, lambda question: question())


def _selects(selection: BackupSelection, resource: Kept) -> bool:
    """Whether one of its tags or ARNs fits, and neither an ARN that it excludes nor a condition takes that back.

    Backup, API reference, BackupSelection.
    """
    tags = selection.tags
    return every(
        lambda: (
            some(tags, lambda tag: resource.tags.get(tag.key) == tag.value)
            or some(selection.resources, lambda arn: _covers(arn, resource))
        ),
        lambda: not some(selection.not_resources, lambda arn: _covers(arn, resource)),
        lambda: not _has_conditions(selection),
    )


def _has_conditions(selection: BackupSelection) -> bool:
    if selection.conditions:
        raise Undecided(f"which resources fit the conditions of {selection.title} is not known")
    return False


def _covers(arn: str, resource: Kept) -> bool:
    """Whether an ARN, in which `*` may stand, is the resource's; what a template does not know of its ARN is open."""
    if isinstance(arn, Reference):
        return resource.answers_to(arn)
    service, kind = _ARNS[resource.cfn]
    names = [name for name in (resource.raw.id, *resource.raw.names) if isinstance(name, str)]
    region, account = resource.scope.region or _UNKNOWN, resource.scope.account or _UNKNOWN
    fields = arn.split(":", 5)
    own = ":".join(("arn", fields[1] if len(fields) == 6 else "aws", service, region, account, kind))
    if any(fnmatchcase(one, arn) for one in (*(own + name for name in (*names, _UNKNOWN)), *names)):
        return True
    if len(fields) == 6 and fields[2] == service and fields[5].startswith(kind) and not resource.scope.closed:
        raise Undecided(f"whether {resource.title} is what a backup plan selects is not known")
    return False
