"""What a live account holds as plain JSON data, and back: for saved inventories and for the spool."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditor.raw import Raw, Scope
from auditor.sources.account.api import Incomplete
from auditor.sources.account.origin import LiveOrigin
from auditor.values import ABSENT, Unknown


@dataclass(slots=True)
class SavedRaw:
    """A live resource as plain data.

    Attributes:
        type, id, title: as of `Raw`; `properties` and `names` too, encoded.
        account, place: its scope; the place is a region or `global`.
        region: where it really is.
        console: its page in the console, where the collector knew.
    """

    type: str
    id: str
    title: str
    names: list[Any]
    properties: Any
    account: str
    place: str
    region: str
    console: str | None = None


def save_raw(raw: Raw) -> dict[str, Any]:
    """A live resource as plain data: the members of `SavedRaw`.

    Raises:
        TypeError: it is not live, or holds a value that no live resource has.
    """
    origin, scope = raw.origin, raw.scope
    if not isinstance(origin, LiveOrigin) or scope.account is None or scope.region is None:
        raise TypeError(f"{raw.address} is no live resource")
    return {
        "type": raw.type,
        "id": raw.id,
        "title": raw.title,
        "names": encode(list(raw.names)),
        "properties": encode(raw.properties),
        "account": scope.account,
        "place": scope.region,
        "region": origin.region,
        "console": origin.console,
    }


def load_raw(saved: SavedRaw) -> Raw:
    """The live resource again.

    Raises:
        ValueError: the properties are none that `save_raw` makes.
    """
    properties, names = decode(saved.properties), decode(saved.names)
    if not isinstance(properties, Mapping):
        raise ValueError(f"the properties of {saved.id} are no map")
    origin = LiveOrigin(saved.type, saved.id, saved.account, saved.region, saved.console)
    scope = Scope(f"{saved.account}/{saved.place}", "account", saved.account, saved.place)
    return Raw(saved.type, saved.id, properties, scope, origin, "live", names=tuple(names), title=saved.title)


def encode(value: Any) -> Any:
    """Plain JSON data of a property's value. What JSON lacks is a map with one key that begins with `$`.

    Raises:
        TypeError: no live resource has such a value.
    """
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Incomplete):
        return {"$incomplete": [encode(dict(value)), value.unknown.reason]}
    if isinstance(value, Mapping):
        plain = {str(key): encode(member) for key, member in value.items()}
        return {"$map": plain} if len(plain) == 1 and next(iter(plain)).startswith("$") else plain
    if isinstance(value, list | tuple):
        return [encode(member) for member in value]
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, Unknown):
        return {"$unknown": value.reason}
    if value is ABSENT:
        return {"$absent": True}
    raise TypeError(f"a live resource cannot hold a {type(value).__name__}")


def decode(value: Any) -> Any:
    """The value that `encode` made plain.

    Raises:
        ValueError: `encode` makes no such data.
    """
    if isinstance(value, list):
        return [decode(member) for member in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((kind, held),) = value.items()
        if kind.startswith("$"):
            return _special(kind, held)
    return {key: decode(member) for key, member in value.items()}


def _special(kind: str, held: Any) -> Any:
    match kind, held:
        case "$absent", True:
            return ABSENT
        case "$bytes", str():
            return base64.b64decode(held, validate=True)
        case "$incomplete", [dict() as known, str(reason)]:
            return Incomplete({key: decode(member) for key, member in known.items()}, Unknown(reason))
        case "$map", dict():
            return {key: decode(member) for key, member in held.items()}
        case "$time", str():
            return datetime.fromisoformat(held)
        case "$unknown", str():
            return Unknown(held)
    raise ValueError(f"{kind} is not understood")
