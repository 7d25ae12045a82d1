"""Fill in which checks judge the controls of each compliance framework.

    python tools/build_frameworks.py CATALOGUE [OUT]

CATALOGUE is the catalogue of checks, a CSV file whose column `frameworks` holds entries such as `FSBP:S3.5`. OUT
(default `auditor/frameworks`) holds one TOML file per framework with every control that is known. Only the `checks` of
each control are written anew, and only with checks that exist: run it again whenever checks were added. The same
catalogue and checks give the same bytes. What the catalogue names and no file has is told on stderr.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

from auditor.registry import load_checks

# Framework -> prefixes of the catalogue. A Security Hub control is the same in every standard that has it, whichever
# standard the catalogue names.
SECURITY_HUB = ("FSBP", "SH", "SH-AI")
PREFIXES = {
    "aisf": ("AISF",),
    "cis-3.0": ("CIS-3.0",),
    "cis-5.0": ("CIS-5.0",),
    "cis-7.0": ("CIS-7.0",),
    "fsbp": SECURITY_HUB,
    "ml-lens": ("MLLens",),
    "sh-ai": SECURITY_HUB,
}

# What the catalogue leaves out: the same recommendation in a version that it doesn't name. For encrypted volumes CIS
# looks at the Region's default, not at single volumes.
ADDED = {
    ("CIS-3.0", "1.22"): ("iam-policy-cloudshell-full-access",),
    ("CIS-3.0", "2.2.1"): ("ebs-default-encryption",),
    ("CIS-5.0", "1.10"): ("iam-user-access-key-at-setup",),
    ("CIS-5.0", "5.1.1"): ("ebs-default-encryption",),
}

CONTROL = re.compile(r'(?m)^"(?P<id>[^"]+)" = \{ title = (?P<title>"[^"]*"), checks = \[.*\] \}$')

Judged = dict[tuple[str, str], set[str]]
"""Ids of checks by prefix and control."""


def judged(catalogue: Path) -> Judged:
    """The catalogue's column turned round, what it leaves out added."""
    found: Judged = defaultdict(set)
    with catalogue.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for entry in filter(None, row["frameworks"].split(";")):
                prefix, _, control = entry.partition(":")
                found[prefix, control].add(row["id"])
    for key, checks in ADDED.items():
        found[key].update(checks)
    return found


def filled(text: str, prefixes: tuple[str, ...], found: Judged, built: set[str]) -> str:
    """A framework's file with the checks of each control written anew."""

    def line(match: re.Match[str]) -> str:
        checks = set().union(*(found.get((prefix, match["id"]), set()) for prefix in prefixes))
        ids = json.dumps(sorted(checks & built))
        return f'"{match["id"]}" = {{ title = {match["title"]}, checks = {ids} }}'

    return CONTROL.sub(line, text)


def main(catalogue: Path, out: Path) -> None:
    """Write every framework's file."""
    found, built = judged(catalogue), set(load_checks())
    known: set[tuple[str, str]] = set()
    for name, prefixes in PREFIXES.items():
        file = out / f"{name}.toml"
        text = file.read_text(encoding="utf-8")
        known.update((prefix, match["id"]) for match in CONTROL.finditer(text) for prefix in prefixes)
        file.write_text(filled(text, prefixes, found, built), encoding="utf-8")
    for prefix, control in sorted(set(found) - known):
        if prefix != "SH":  # controls that are in neither standard
            print(f"{prefix}:{control} is in no framework's file", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path((sys.argv[2:] or ["auditor/frameworks"])[0]))
