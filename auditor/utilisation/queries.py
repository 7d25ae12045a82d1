"""The fewest calls of GetMetricData for many metrics.

A call takes up to 500 queries, and answers up to 100,800 values before it goes on in a further page, which is a further
call (CloudWatch API reference, GetMetricData). So N metrics of P periods each take

    ceil(N / min(500, floor(100,800 / P)))

calls: of 14 days of hours (P = 336) 300 fit into one; of 14 daily values 500 do. Where periods differ, the longest are
placed first, each into the first call that has room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_QUERIES = 500
MOST_VALUES = 100_800
PRICE = 0.01 / 1000
"""USD for each metric asked for, however many values (CloudWatch pricing, "API"); there is no free tier."""


@dataclass(frozen=True, slots=True)
class Query:
    """One metric of one set of dimensions; equal ones are asked once."""

    namespace: str
    name: str
    statistic: str
    period: int
    dimensions: tuple[tuple[str, str], ...]

    def values(self, seconds: int) -> int:
        """How many values come at the most of so long a time."""
        return -(-seconds // self.period)


def batches(queries: Sequence[Query], seconds: int) -> list[list[Query]]:
    """The queries in as few calls as hold them.

    Args:
        queries: none twice.
        seconds: the time that is looked at.
    """
    made: list[list[Query]] = []
    room: list[int] = []
    first = 0
    for query in sorted(queries, key=lambda query: query.period):
        needed = query.values(seconds)
        place = next((at for at in range(first, len(made)) if room[at] >= needed), None)
        if place is None:
            place = len(made)
            made.append([])
            room.append(MOST_VALUES)
        made[place].append(query)
        room[place] -= needed
        if len(made[place]) == MOST_QUERIES:
            room[place] = 0
        while first < len(made) and not room[first]:
            first += 1
    return made
