"""Places in S3 as services write them: `s3://bucket/prefix`, or an ARN."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from auditor.definitions.content import reference
from auditor.inventory import Inventory
from auditor.resources.base import Resource
from auditor.resources.s3 import Bucket

_PLACE: Final = re.compile(r"(?:s3[an]?://|arn:[^:]*:s3:::)(?P<bucket>[^/]+)/?(?P<prefix>.*)")


@dataclass(frozen=True, slots=True)
class Place:
    """A bucket, or what is under a prefix in it, without slashes at its end."""

    bucket: str
    prefix: str = ""

    @classmethod
    def of(cls, text: str | None) -> Self | None:
        """The place that a text means; None where it is none in S3."""
        found = _PLACE.fullmatch(text or "")
        return cls(found["bucket"], found["prefix"].rstrip("/")) if found else None

    def holds(self, other: Place) -> bool:
        """Whether the other is this place, or within it."""
        within = not self.prefix or f"{other.prefix}/".startswith(f"{self.prefix}/")
        return self.bucket == other.bucket and within


def bucket_in(text: str | None) -> str | None:
    """The bucket of a place; None where it is none in S3."""
    place = Place.of(text)
    return place.bucket if place else None


def bucket_of(arn: str, near: Resource, inventory: Inventory) -> Bucket | None:
    """The bucket of an ARN, which may be a reference to one or made of one, as `arn:aws:s3:::${Bucket}` is.

    Raises:
        Undecided: it is declared elsewhere, or could not be listed.
    """
    name = bucket_in(arn)
    return inventory.get(Bucket, reference(name, near.raw) if name else arn)
