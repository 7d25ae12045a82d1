"""Tags, in the several shapes that AWS has for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from auditor.members import some
from auditor.raw import Path, Raw
from auditor.resources.fields import wrong
from auditor.values import Undecided, known

_NOT_MARKED: Final = frozenset({"", "false", "no", "none", "public"})


class Tags:
    """A resource's tags."""

    def __init__(self, values: dict[str, Any], undecided: Undecided | None = None) -> None:
        """`values` by key; `undecided` where some keys are unknown."""
        self._in_lower_case = {key.lower(): value for key, value in values.items()}
        self._undecided = undecided

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Tags:
        """Read AWS's list of Key/Value pairs (or KMS's TagKey/TagValue, ECS's key/value) or a plain map."""
        if isinstance(value, Mapping):
            return cls({str(key): text for key, text in value.items()})
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
                tags[str(known(name))] = text
            except Undecided as error:
                undecided = error.again()
        return cls(tags, undecided)

    def get(self, *names: str) -> str | None:
        """The value of the first of `names` that is set, None where none is; case does not matter, as people write it.

        Raises:
            Undecided: that value is unknown, or one of the unknown keys may be it.
        """
        for name in names:
            if name.lower() in self._in_lower_case:
                return _text(self._in_lower_case[name.lower()])
        self._doubt()
        return None

    def number(self, name: str, default: float) -> float:
        """The value of a tag that is a number, `default` where it is not set.

        Raises:
            Undecided: as `get`, and where it is no number.
        """
        text = self.get(name)
        try:
            return float(text) if text else default
        except ValueError:
            raise Undecided(f"its tag {name} is no number") from None

    def marked_by(self, settings: Iterable[str]) -> bool:
        """Whether a tag is one that a setting names, as `sensitive-tags` does.

        Args:
            settings: keys, whose value must not say no ("none", "public"), or pairs `key=value`. Case does not matter,
                nor does white space around the parts of a pair.

        Raises:
            Undecided: no tag certainly is one, and one may be.
        """
        return some(settings, self._has)

    def _has(self, setting: str) -> bool:
        key, pair, wanted = (part.strip() for part in setting.lower().partition("="))
        if key not in self._in_lower_case:
            self._doubt()
            return False
        value = _text(self._in_lower_case[key]).strip().lower()
        return value == wanted if pair else value not in _NOT_MARKED

    def _doubt(self) -> None:
        """Raise `Undecided` where some keys are unknown."""
        if self._undecided:
            raise self._undecided.again()


def _text(value: Any) -> str:
    """A value as CloudFormation sends it: `true` where a template has it without quotes."""
    value = known(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
