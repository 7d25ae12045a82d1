"""The AWS service that a resource is of, and the API call that told of it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from auditor.resources.base import service_of
from reports import text

if TYPE_CHECKING:
    from auditor.report import Report
    from auditor.sources.account.collector import Collector

_MOST: Final = 2


@cache
def service(type_name: str) -> str:
    """The service of a type, as a report may print it."""
    return text.name(service_of(type_name))


class Calls:
    """Which calls of a scan told what."""

    def __init__(self, report: Report) -> None:
        """Only calls that the report counts are ever named."""
        self._made = report.calls
        self._by_type: dict[str, list[Collector]] = {}
        if report.calls:
            from auditor.sources.account.collector import load_collectors

            for one in load_collectors():
                for type_name in one.types:
                    self._by_type.setdefault(type_name, []).append(one)
        self._known: dict[tuple[str, str], str] = {}

    def told(self, type_name: str, property: str) -> str:
        """The operation that told a property of a live resource, `s3:GetBucketVersioning`; empty if that is not known.

        Where a list and a description may each have told it, both are named.
        """
        first = property.partition(".")[0]
        if (type_name, first) not in self._known:
            self._known[type_name, first] = ", ".join(self._find(type_name, first))
        return self._known[type_name, first]

    def _find(self, type_name: str, first: str) -> list[str]:
        for one in self._by_type.get(type_name, ()):
            own = [name for name, told in one.details.items() if first and first in told]
            full = [name if ":" in name else f"{one.service}:{name}" for name in own or one.operations]
            found = [name for name in full if name in self._made]
            if found:
                return found[:_MOST]
        return []
