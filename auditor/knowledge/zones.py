"""The zones of a data lake, by the words that names and tags have for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from auditor.resources.s3 import Bucket
from auditor.values import known

BRONZE: Final = "bronze"
SILVER: Final = "silver"
GOLD: Final = "gold"

ZONE_TAGS: Final = ("zone", "datalake-zone", "data-zone", "lake-zone", "data-layer", "layer")

_ZONES: Final = {
    BRONZE: frozenset({"bronze", "raw", "landing", "ingest", "ingestion"}),
    SILVER: frozenset({"silver", "processed", "cleaned", "cleansed", "conformed"}),
    GOLD: frozenset({"gold", "curated"}),
}
_LAKE: Final = frozenset({"lake", "datalake", "lakehouse"})


def zones_in(*names: str) -> frozenset[str]:
    """The zones that names speak of: bronze for `acme-raw-data` and `RawBucket`, none for `drawings`."""
    said = words(names)
    return frozenset(zone for zone, its_words in _ZONES.items() if said & its_words)


def zones_of(bucket: Bucket) -> frozenset[str]:
    """The zones that a bucket's name speaks of, else those that its tags do; none where neither does.

    Raises:
        Undecided: what is known speaks of none, and its tags are not known, or nothing of its name is.
    """
    found = zones_in(*bucket.known_names) or zones_in(bucket.tags.get(*ZONE_TAGS) or "")
    if not found:
        known(bucket.raw.unknown_name)
    return found


def is_lake(bucket: Bucket) -> bool:
    """Whether its name speaks of a data lake.

    Raises:
        Undecided: nothing of its name is known.
    """
    return bool(words(bucket.known_names) & _LAKE) or bool(known(bucket.raw.unknown_name))


def words(names: Iterable[str]) -> frozenset[str]:
    """The words of names in lower case: `data`, `lake` of `DataLake` and of `data-lake`."""
    apart = (re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower() for name in names)
    return frozenset(word for name in apart for word in re.findall(r"[a-z]+", name))
