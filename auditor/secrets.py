"""What looks like a secret, and what is kept of one: that it looks so and like what, never what it is.

A check that looks for secrets asks `looks_like` (through `auditor.resources.texts`, which also knows of values that are
known in part). Values of a live account are replaced by `hidden` before anything else sees them, which answers the
same; so no report, log or saved inventory can hold them.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from auditor.values import settle

HIDDEN = "***"

_KEYED: Final = r"\.[\w-]+(?:\[[^\[\]{}]*\])?\."  # between a resource's type in Terraform and its attribute

# What the issuers document of the form of their credentials.
_FORMS: Final = (
    ("an AWS access key id", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    # What the template makes itself, as it refers to it.
    ("an AWS secret access key", re.compile(rf"\$\{{\w+\.SecretAccessKey\}}|\baws_iam_access_key{_KEYED}secret\}}")),
    ("a generated password", re.compile(rf"\brandom_password{_KEYED}result\}}")),
    ("a private key", re.compile(rf"\btls_private_key{_KEYED}private_key_\w+\}}")),
    (
        "a private key",
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----"
            r"(?:.*?-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|.*)",
            re.S,
        ),
    ),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_\w{36,}|github_pat_\w{50,})")),
    ("a GitLab token", re.compile(r"\bglpat-[\w-]{20,}")),
    ("a Hugging Face token", re.compile(r"\bhf_[A-Za-z0-9]{30,}")),
    ("a Databricks token", re.compile(r"\bdapi[0-9a-f]{32}\b")),
    ("a Slack token", re.compile(r"\bxox[abeoprs]-[\w-]{10,}")),
    ("a Slack webhook", re.compile(r"\bhooks\.slack\.com/services/T\w+/B\w+/\w+")),
    ("a Google API key", re.compile(r"\bAIza[\w-]{35}")),
    ("a Stripe key", re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,}")),
    ("a SendGrid key", re.compile(r"\bSG\.[\w-]{20,}\.[\w-]{20,}")),
    ("a PyPI token", re.compile(r"\bpypi-[\w-]{50,}")),
    ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("an API key", re.compile(r"\bsk-(?:[\w-]{0,60}-)?(?=[A-Za-z_]*\d)\w{20,}[\w-]*")),
    ("a JSON web token", re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}")),
    # What a program fills in there (`$PASSWORD`, `{password}`, `%s`, `<password>`) is none.
    ("a password in a URL", re.compile(r"(?<=://)[^\s/:@\"'<>]+:(?![$*<{%])[^\s/@\"'<>]+(?=@)")),
    (
        "a password in a connection string",
        re.compile(r"(?i)(?<=[?&;])(?:password|pwd|accountkey|sharedaccesskey)=(?![$*<{%])[^&;\s\"']+"),
    ),
)

_NAME: Final = re.compile(
    r"(?i)(?:pass(?:word|wd|phrase)|pwd|(?:^|[_.-])pass$|secret|credential|"
    r"(?:auth|access|api|bearer|hec|refresh|oauth|bot)[_-]?token|(?:^|[_.-])token$|"
    r"(?:api|access|private|secret|signing|encryption|account)[_-]?key)"
    r"(?!.*(?:arn|file|id|name|path|type|uri|url|alias|bucket|class|condition|count|date|days|dir|directory|enabled|endpoint|"
    r"engine|env|expiration|expiry|field|format|hash|header|host|interval|kms[_-]?key|label|length|location|manager|"
    r"mode|parameter|param|period|policy|port|prefix|provider|ref|region|required|role|rotation|seconds|service|"
    r"size|store|table|time|timeout|ttl|used|validity|var|variable|version|volume)s?$)"
)
_GZIP: Final = b"\x1f\x8b"
_GZIP_HEADER: Final = 16 + zlib.MAX_WBITS  # zlib's way to say that there is one
_MOST_UNPACKED: Final = 1_000_000
_OF_A_NAME: Final = "a secret, by its name"
_NO_SECRET: Final = re.compile(
    r"(?is)|true|false|yes|no|on|off|none|null|nil|undefined|string|str|enabled?|disabled?|required|optional|prompt|"
    r"\d{1,4}|x+|\.+|\*+|arn:.*|alias/.*|\.{0,2}/.*|~/.*|(?:s3|https?|file|ssm|vault)://\S*|Ref::.*|"
    # What a shell, a template, a format or a language puts something else for.
    r"[\\\"']*(?:[$`{(\[]|#\{|![RSG]\w+ ).*|.*\$[({].*|<.*>|%.*%|%[({\w].*|\w+\(.*|"
    r"(?:os|process|sys|self|args|config|settings|event|var|local|data|env)\.\S+|"
    r"(?:your|my|some|insert|enter|replace)[-_ ]?(?:me|this|it|here|your|the|password|secret|token|key)?[-_ ]?"
    r"(?:password|secret|token|key|here|with.*)?|placeholder|todo|redacted|masked"
)
# What is called just "secret" is often the name of one in Secrets Manager: `DB_SECRET: prod/db`.
_NAMES_A_SECRET: Final = re.compile(r"(?i)(?:^|db|database|rds|redshift|manager|sm|app|[_-])(?:secret|credential)s?$")
_CLIENT: Final = re.compile(r"(?i)(?:client|consumer|shared|hmac|jwt|webhook|signing|session)[_-]?secret$")
_REFERRING: Final = re.compile(r"[\w.@:+-]*/[\w./@:+-]+|[a-zA-Z][a-zA-Z0-9]*(?:[-_.][a-zA-Z0-9]+)+")

# How AWS writes a variable or a field as a pair.
_NAMES: Final = ("Name", "name", "Key", "key", "Id", "id")
_VALUES: Final = ("Value", "value", "StringValue", "stringValue", "string_value")

# An assignment in a script, a command, a configuration file or code; what is not quoted ends at a space.
_ASSIGNED: Final = re.compile(
    r"""(?mx)
    (?<![\w.$/-]) -{0,2} (?P<name>[A-Za-z_][\w.-]*)
    (?: \\?["']? \s* [=:] \s* (?P<quote>\\?["']) (?P<quoted>[^"'\n\\]*) (?P=quote)
      | = (?P<bare>[^\s"';&|<>()]+) )
    | ^ [ \t]* (?:-[ ]+)? (?P<key>[A-Za-z_][\w.-]*) : [ \t]+ (?P<last>[^\s"'{}\[\](),]+) [ \t]* $
    | (?<!\S) --? (?P<flag>[A-Za-z][\w-]*) [ ]+ (?P<other>["']?) (?P<word>[^\s"'=-][^\s"'=]*) (?P=other) (?!\S)
    """
)

# A text that is nothing but letters and digits at random. Words have few changes between upper case, lower case and
# digits; at random, two of three characters are of another kind than the one before.
_TOKEN: Final = re.compile(r"[A-Za-z0-9+/_-]{32,128}={0,2}")
_CHANGES, _BITS = 0.45, 3.8
_NOT_RANDOM: Final = re.compile(
    r"(?i)hash|sha|digest|checksum|etag|md5|integrity|fingerprint|public|version|(?:^|[_-])(?:id|arn|url|uri|image)$|Id$"
)
_RANDOM: Final = "a key, as its characters are random"
_ALREADY: Final = re.compile(re.escape(HIDDEN) + r" \(looks like ([^)]+)\)")


def looks_like(text: str, name: str = "") -> str | None:
    """What kind of secret a text holds, such as `an AWS access key id`; None where it seems to hold none.

    Args:
        text: a value, a command, a script (also in base64), or what `hidden` made of one.
        name: what it is assigned to, such as `DB_PASSWORD`. Its value is no secret where it is a reference (an ARN, a
            path, a variable), a switch, a placeholder or a small number.
    """
    return next((kind for kind, _ in secrets_in(text, name)), None)


def secrets_in(text: str, name: str = "") -> Iterator[tuple[str, str]]:
    """Every secret that a text seems to hold: its kind and, never to be shown, the text of it; see `looks_like`."""
    already = _ALREADY.search(text)
    if already:
        yield already[1], HIDDEN
        return
    plain = decoded(text)
    for kind, form in _FORMS:
        for found in form.finditer(plain):
            yield kind, found[0]
    if _is_named(name, text):
        yield _OF_A_NAME, text
    for found in _ASSIGNED.finditer(plain):
        group = _value_of(found)
        if _is_assigned(found, group):
            yield _OF_A_NAME, found[group]
    if plain is text and _is_random(text) and not _NOT_RANDOM.search(name):
        yield _RANDOM, text


def hidden(text: str, name: str = "") -> str:
    """What is kept of a value that may be a secret: nothing of it but what it looks like."""
    kind = looks_like(text, name)
    return f"{HIDDEN} (looks like {kind})" if kind else HIDDEN


def without_secrets(text: str, name: str = "") -> str:
    """A text that is kept, such as a command line, with what looks like a secret hidden."""
    if decoded(text) is not text or _is_named(name, text) or _is_random(text):
        return hidden(text, name) if looks_like(text, name) else text
    for kind, form in _FORMS:
        text = form.sub(f"{HIDDEN} (looks like {kind})", text)

    def without_value(found: re.Match[str]) -> str:
        group = _value_of(found)
        if not _is_assigned(found, group):
            return found[0]
        start, end = (place - found.start() for place in found.span(group))
        return f"{found[0][:start]}{HIDDEN} (looks like {_OF_A_NAME}){found[0][end:]}"

    return _ASSIGNED.sub(without_value, text)


def without_forms(text: str) -> str:
    """A text with whatever has the form of a credential replaced by `***`."""
    for _, form in _FORMS:
        text = form.sub(HIDDEN, text)
    return text


def names_of_words(words: Iterable[object]) -> Iterator[str]:
    """For each word of a command, the option before it whose value it may be: `--password`, then its value."""
    before = ""
    for word in words:
        yield before.lstrip("-") if before.startswith("-") and "=" not in before else ""
        before = word if isinstance(word, str) else ""


def pair_in(value: Mapping[str, Any]) -> tuple[str | None, str]:
    """Of a map that is a pair, such as Name and Value: the name, None where it is not known, and the key of the value.

    Both are empty where it is none.
    """
    holder = next((key for key in _VALUES if key in value), "")
    named = next((key for key in _NAMES if key in value), "") if holder else ""
    if not named:
        return "", ""
    name = settle(value[named])
    return (name if isinstance(name, str) else None), holder


def decoded(text: str) -> str:
    """A text that is printable text in base64, packed by gzip or not, decoded; any other as it is."""
    if len(text) < 16 or len(text) % 4:
        return text
    try:
        content = base64.b64decode(text, validate=True)
        plain = _unpacked(content) if content.startswith(_GZIP) else content.decode()
    except (binascii.Error, UnicodeDecodeError, ValueError, zlib.error):
        return text
    return plain if all(one.isprintable() or one.isspace() for one in plain[:1000]) else text


def _unpacked(content: bytes) -> str:
    """The beginning of a text that gzip packed: a few bytes of that can make gigabytes."""
    return zlib.decompressobj(_GZIP_HEADER).decompress(content, _MOST_UNPACKED).decode(errors="replace")


def _value_of(found: re.Match[str]) -> str:
    return next(group for group in ("quoted", "bare", "last", "word") if found[group] is not None)


def _is_assigned(found: re.Match[str], group: str) -> bool:
    """Whether an assignment gives a secret; in code, `password=password` hands on a variable."""
    value = found[group]
    return _is_named(found["name"] or found["key"] or found["flag"], value) and (
        group == "quoted" or not _NAME.search(value)
    )


def _is_named(name: str, value: str) -> bool:
    """Whether a value is a secret by what it is assigned to."""
    if not _NAME.search(name) or value.startswith(HIDDEN) or _NO_SECRET.fullmatch(value):
        return False
    refers = _NAMES_A_SECRET.search(name) and not _CLIENT.search(name) and _REFERRING.fullmatch(value)
    return not refers


def _is_random(text: str) -> bool:
    if not _TOKEN.fullmatch(text):
        return False
    run = max(re.findall(r"[A-Za-z0-9]+", text), key=len, default="")
    kinds = ["digit" if one.isdigit() else "upper" if one.isupper() else "lower" for one in run]
    if len(run) < 16 or len(set(kinds)) < 3:
        return False
    changes = sum(one != other for one, other in pairwise(kinds))
    bits = -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())
    return changes / len(run) >= _CHANGES and bits >= _BITS
