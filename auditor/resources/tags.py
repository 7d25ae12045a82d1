"""Tags, in the several shapes that AWS has for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.raw import Path, Raw
from auditor.resources.fields import wrong
from auditor.values import Undecided, known


class Tags:
    """A resource's tags. Keys are compared without regard to case, as people write them."""

    def __init__(self, values: dict[str, Any], undecided: Undecided | None = None) -> None:
        """`values` by lower-case key; `undecided` where some keys are unknown."""
        self._tags = values
        self._undecided = undecided

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Tags:
        """Read AWS's list of Key/Value pairs (or KMS's TagKey/TagValue, ECS's key/value) or a plain map."""
        if isinstance(value, Mapping):
            return cls({str(key).lower(): text for key, text in value.items()})
        if not isinstance(value, list):
            raise wrong(path, "a list of tags", value)
        tags: dict[str, Any] = {}
        undecided: Undecided | None = None
        for member in value:
            try:
                tag = known(member)
                if not isinstance(tag, Mapping):
                    raise wrong(path, "a list of Key/Value pairs", tag)
                name, text = (
                    next((tag[key] for key in keys if key in tag), "")
                    for keys in (("Key", "key", "TagKey"), ("Value", "value", "TagValue"))
                )
                tags[str(known(name)).lower()] = text
            except Undecided as error:
                undecided = error
        return cls(tags, undecided)

    def get(self, *names: str) -> str | None:
        """The value of the first of `names` that is set, None where none is.

        Raises:
            Undecided: that value is unknown, or one of the unknown keys may be it.
        """
        for name in names:
            if name.lower() in self._tags:
                return str(known(self._tags[name.lower()]))
        if self._undecided:
            raise Undecided(self._undecided.reason, self._undecided.atom, elsewhere=self._undecided.elsewhere)
        return None
