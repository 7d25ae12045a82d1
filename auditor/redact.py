"""Keeps secrets out of what is shown: source lines are quoted only after this."""

from __future__ import annotations

import re

_HIDDEN = "***"
_KEY_IDS = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")  # AWS access key ids, IAM "unique identifiers" documentation
_ASSIGNED = re.compile(
    r"""(?ix) (?<![\w.:-])  # not within {{resolve:secretsmanager:…}}
        ( [\w.-]* (?:password|passwd|secret|token|api_?key|access_?key|private_?key|credential) [\w.-]* ["']?
        \s* [:=] \s* )
        (?! \s* (?: ! | \{ | \$\{ | ["']?\{\{resolve ) )
        ( \S.* )"""
)


def redact(line: str) -> str:
    """The line with access key ids, and whatever is assigned to a name that sounds secret, replaced by `***`.

    A value that is a reference (`!Ref`, `${…}`, `{{resolve:…}}`) is kept, as it shows nothing.
    """
    return _ASSIGNED.sub(rf"\1{_HIDDEN}", _KEY_IDS.sub(_HIDDEN, line))
