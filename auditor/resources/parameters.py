"""Parameters of databases and warehouses, in the several shapes that AWS has for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.raw import Path, Raw
from auditor.resources.tags import Tags

_NAMES = ("ParameterName", "ParameterKey", "parameter_name", "parameter_key", "name")
_VALUES = ("ParameterValue", "parameter_value", "value")


class Parameters(Tags):
    """Parameters by name. Like tags they are a map here and a list of pairs there, and case does not matter."""

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Tags:
        """Read a map (RDS in CloudFormation) or a list of pairs under one of several names."""
        if isinstance(value, list):
            value = [_pair(member) for member in value]
        return super().from_raw(value, raw, path)


def _pair(member: Any) -> Any:
    """A pair as tags have it; what is no pair as it is."""
    if not isinstance(member, Mapping):
        return member
    found = {
        key: next((member[name] for name in names if name in member), None)
        for key, names in (("Key", _NAMES), ("Value", _VALUES))
    }
    return {key: value for key, value in found.items() if value is not None}
