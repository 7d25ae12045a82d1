"""Writes the read-only policy into the templates, from what the collectors declare: `python deploy/generate.py`.

With `--check`, fails where a template is not up to date.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from textwrap import indent
from typing import Any

import yaml

from auditor.config import Config
from auditor.scan import select
from auditor.sources.account.collector import collectors_of
from auditor.sources.account.permissions import POLICIES_PER_ROLE, policy, split
from auditor.wanted import wanted_by

DEPLOY = Path(__file__).resolve().parent
ROLES = {"one-account.yaml": ("AuditRole", 1), "member-role.yaml": ("Role", 0)}
"""The role that reads, by template, and how many policies it has besides."""

ACCEPTED = (
    (
        "s3:ListBucket",
        "iam-policy-s3-full-access",
        "a scan looks into every bucket, whatever it is called, and reads no object",
    ),
)
"""Actions, the check that complains of each, and why it stays."""

_PART = re.compile(r"(  # made by deploy/generate\.py.*?\n).*?(  # to here\n)", re.S)


def policies(role: str, most: int) -> dict[str, Any]:
    """Managed policies for a role, by logical id: what `auditor permissions` prints for all checks.

    Raises:
        SystemExit: they are more than a role can have.
    """
    documents = split(policy(collectors_of(wanted_by(select(Config())))))
    if len(documents) > most:
        raise SystemExit(f"{len(documents)} policies are needed, and a role can have {most}: select fewer checks")
    return {
        f"Reads{number}": {
            "Type": "AWS::IAM::ManagedPolicy",
            **_accepted(document),
            "Properties": {
                "Description": "What auditor reads.",
                "Roles": [{"Ref": role}],
                "PolicyDocument": document,
            },
        }
        for number, document in enumerate(documents, 1)
    }


def _accepted(document: dict[str, Any]) -> dict[str, Any]:
    """What our own checks say of a policy, and why it is so all the same."""
    actions = {action for statement in document["Statement"] for action in statement["Action"]}
    ignored = [{"check": check, "reason": reason} for name, check, reason in ACCEPTED if name in actions]
    return {"Metadata": {"auditor": {"ignore": ignored}}} if ignored else {}


def current(name: str) -> str:
    """A template as it should be."""
    role, others = ROLES[name]
    text = (DEPLOY / name).read_text(encoding="utf-8")
    made = yaml.safe_dump(
        policies(role, POLICIES_PER_ROLE - others), sort_keys=False, width=110, default_flow_style=None
    )
    return _PART.sub(lambda part: part[1] + indent(made, "  ") + part[2], text)


def main() -> int:
    """Write the templates, or say which are stale."""
    stale = [name for name in ROLES if current(name) != (DEPLOY / name).read_text(encoding="utf-8")]
    if "--check" not in sys.argv:
        for name in stale:
            (DEPLOY / name).write_text(current(name), encoding="utf-8")
    print(f"{'stale' if '--check' in sys.argv else 'written'}: {', '.join(stale) or 'none'}")
    return int("--check" in sys.argv and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
