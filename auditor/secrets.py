"""What looks like a secret, and what is kept of one: that it looks so and like what, never what it is.

A check that looks for secrets asks `looks_like`. Values of a live account are replaced by `hidden` before anything else
sees them, which answers the same; so no report, log or saved inventory can hold them.
"""

from __future__ import annotations

import re

HIDDEN = "***"

# What the issuers document of the form of their credentials.
_FORMS = (
    ("an AWS access key id", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    (
        "a private key",
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*?-----END [A-Z ]*PRIVATE KEY-----|.*)", re.S),
    ),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_\w{36,}|github_pat_\w{50,})")),
    ("a Hugging Face token", re.compile(r"\bhf_[A-Za-z0-9]{30,}")),
    ("a Slack token", re.compile(r"\bxox[abeoprs]-[\w-]{10,}")),
    ("an API key", re.compile(r"\bsk-[\w-]{20,}")),
    ("a JSON web token", re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}")),
    ("a password in a URL", re.compile(r"(?<=://)[^\s/:@]+:[^\s/@]+(?=@)")),
)
_NAME = re.compile(
    r"(?i)(?:pass(?:word|wd|phrase)|pwd|secret|credential|(?:auth|access|api|bearer|hec|refresh)[_-]?token|"
    r"(?:^|[_-])token$|(?:api|access|private|secret|signing|encryption|account)[_-]?key)"
    r"(?!.*(?:arn|file|id|name|path|type|uri|url)$)"
)
_OF_A_NAME = "a secret, by its name"
_NO_SECRET = re.compile(
    r"(?i)|true|false|none|null|enabled?|disabled?|\d{1,4}|arn:.*|/.*|s3://\S*|\$\{.*|\{\{resolve:.*"
)
_ALREADY = re.compile(re.escape(HIDDEN) + r" \(looks like ([^)]+)\)")


def looks_like(text: str, name: str = "") -> str | None:
    """What kind of secret a text holds, such as `an AWS access key id`; None where it seems to hold none.

    Args:
        text: the value, or what `hidden` made of it.
        name: what it is assigned to, such as `DB_PASSWORD`. Its value is no secret where it is a reference (an ARN, a
            path, `{{resolve:…}}`), a switch or a small number.
    """
    already = _ALREADY.search(text)
    if already:
        return already[1]
    for kind, form in _FORMS:
        if form.search(text):
            return kind
    return _OF_A_NAME if _NAME.search(name) and text != HIDDEN and not _NO_SECRET.fullmatch(text) else None


def hidden(text: str, name: str = "") -> str:
    """What is kept of a value that may be a secret: nothing of it but what it looks like."""
    kind = looks_like(text, name)
    return f"{HIDDEN} (looks like {kind})" if kind else HIDDEN


def without_secrets(text: str) -> str:
    """A text that is kept, such as a command line, with what looks like a secret hidden."""
    for kind, form in _FORMS:
        text = form.sub(f"{HIDDEN} (looks like {kind})", text)
    return text
