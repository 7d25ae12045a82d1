"""Keeps secrets out of what is shown: source lines are quoted only after this."""

from __future__ import annotations

import re

from auditor.secrets import HIDDEN, without_forms

_ASSIGNED = re.compile(
    r"""(?ix) (?<![\w.:-])  # not within {{resolve:secretsmanager:…}}
        ( (?= [\w.-]*? (?:password|passwd|secret|token|api_?key|access_?key|private_?key|credential) )
        (?> [\w.-]+ ) ["']? \s* [:=] \s* )
        (?! \s* (?: ! | \{ | \$\{ | ["']?\{\{resolve ) )
        ( \S.* )"""
)


def redact(line: str) -> str:
    """The line with what has a credential's form, and whatever is assigned to a name that sounds secret, as `***`.

    A value that is a reference (`!Ref`, `${…}`, `{{resolve:…}}`) is kept, as it shows nothing.
    """
    return _ASSIGNED.sub(rf"\1{HIDDEN}", without_forms(line))
