"""Texts in which somebody may have written a secret: variables, arguments, commands, scripts, whole documents.

A text that is known in part is judged by what is known of it: it is undecided where an unknown piece stands where a
secret would, and where nothing of it is known.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from auditor.definitions import Block
from auditor.definitions.blocks import UNKNOWN
from auditor.findings import Finding
from auditor.members import flat, known_first
from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.secrets import names_of_words, pair_in, secrets_in
from auditor.values import ABSENT, Undecided, Unknown, known, settle

# In a state machine, which service a state calls: often not known, and never a secret.
_NEVER: Final = ("Resource",)

# What unknown values may be taken from, by how it begins: pseudo parameters, and what is kept as a secret.
_PSEUDO: Final = "AWS::"
_SECRETS: Final = ("resolve:secretsmanager:", "resolve:ssm-secure:")

_Leaf = tuple[str | None, Any, Path]


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that looks like a secret, and where it stands; nothing of the secret itself.

    Attributes:
        name: of the variable, argument or property that holds it; empty where it has none.
        kind: what it looks like, such as `an AWS access key id`.
    """

    name: str
    kind: str
    raw: Raw
    path: Path

    def spot(self) -> tuple[Raw, Path]:
        """Where it stands in its source."""
        return self.raw, self.path


def secrets_of(struct: Struct, *fields: str) -> tuple[Secret, ...]:
    """What in some fields of a resource or block, or in all of it, looks like a secret, whatever shape they have.

    Where that is open, reading past the others raises `Undecided`.
    """

    def within(field: str) -> tuple[Secret, ...]:
        raw, path = struct.spot(field)
        return _secrets(_leaves(struct.given(field), "", path), raw)

    return flat(fields or ("",), within)


def secrets_within(document: Block) -> tuple[Secret, ...]:
    """As `secrets_of`, of a definition such as a state machine's."""
    raw, path = document.spot()
    leaves = _leaves(document.values, "", path)
    return _secrets(leaves if document.exact else ((name, value, path) for name, value, _ in leaves), raw)


def is_looked_up(struct: Struct, field: str) -> bool:
    """Whether a template has the value of a field looked up where secrets are kept, as `{{resolve:secretsmanager:…}}`.

    Raises:
        Undecided: the source never says.
    """
    value = settle(struct.given(field))
    return _is_from(value, *_SECRETS)


def _is_from(value: Any, *sources: str) -> bool:
    return isinstance(value, Unknown) and (value.taken_from or "").startswith(sources)


def plaintext(resource: Resource, secrets: Iterable[Secret], where: str) -> Iterator[Finding]:
    """A finding for each secret of a resource.

    Args:
        where: what holds them, to be read after "in": `its environment`.
    """
    for secret in secrets:
        named = f" ({secret.name})" if secret.name else ""
        yield resource.fail(f"has in {where}{named} what looks like {secret.kind}", at=secret, secret=True)


def _secrets(leaves: Iterable[_Leaf], raw: Raw) -> tuple[Secret, ...]:
    def judge(leaf: _Leaf) -> Secret | None:
        name, value, path = leaf
        kind = _kind(value, name)
        return Secret(name or "", kind, raw, path) if kind else None

    return known_first(leaves, judge)


def _leaves(value: Any, name: str | None, path: Path) -> Iterator[_Leaf]:
    """Each single value with its name, None where that is not known, and where it stands."""
    value = settle(value)
    if isinstance(value, Mapping):
        called, holder = pair_in(value)
        for key, member in value.items():
            if key not in _NEVER:
                yield from _leaves(member, called if key == holder else str(key).removesuffix(".$"), (*path, key))
    elif isinstance(value, list | tuple):
        words = [settle(member) for member in value]
        for index, (option, word) in enumerate(zip(names_of_words(words), words, strict=True)):
            yield from _leaves(word, option or name, (*path, index))
    elif value is not ABSENT and value is not None and not isinstance(value, bool):
        yield name, value, path


def _kind(value: Any, name: str | None) -> str | None:
    """What kind of secret a single value is, None if none.

    Raises:
        Undecided: that depends on what is not known of it, or on its name.
    """
    if _is_from(value, _PSEUDO):
        return None
    if isinstance(value, Unknown) and any(value.parts or ()):
        text = "".join(UNKNOWN if part is None else part for part in value.parts or ())
    else:
        text = str(known(value))
    doubtful = name is None
    for kind, found in secrets_in(text, name or ""):
        if UNKNOWN not in found:
            return kind
        doubtful = True
    if doubtful:
        raise Undecided(value.reason if isinstance(value, Unknown) else f"{name or 'its name'} is not known")
    return None
