"""Steps of EMR: what their arguments say that they read and write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

_URI: Final = re.compile(r"(s3[an]?|hdfs)://\S+")
_READS: Final = re.compile(r"-+(src|source|input|in|from|data|dataset)(?![a-z])", re.IGNORECASE)
_WRITES: Final = re.compile(r"-+(dest|destination|output|out|to|target|sink|result|checkpoint)", re.IGNORECASE)
_COPIES: Final = ("cp", "mv", "sync", "-cp", "-mv", "-put", "-get", "distcp", "hadoop-distcp")


@dataclass(frozen=True, slots=True)
class Location:
    """Where data lies that a step names.

    Attributes:
        uri: such as `s3://lake/raw/`.
        use: whether the step reads or writes it; None where its arguments do not say.
    """

    uri: str
    use: Literal["read", "write"] | None


def locations(arguments: Iterable[str]) -> Iterator[Location]:
    """The places in S3 and HDFS that the arguments of a step name, as `--input URI`, `--dest=URI` or `s3 cp FROM TO`.

    Raises:
        Undecided: past the known ones, where some arguments are not known.
    """
    option, copies = "", 0
    for argument in arguments:
        if argument in _COPIES:
            copies = 2
        found = _URI.search(argument)
        if found is None:
            option = argument if argument.startswith("-") else ""
            continue
        use = _use(argument[: found.start()] or option)
        if use is None and copies:
            use, copies = ("read" if copies == 2 else "write"), copies - 1
        yield Location(found[0], use)
        option = ""


def _use(option: str) -> Literal["read", "write"] | None:
    if _READS.match(option):
        return "read"
    return "write" if _WRITES.match(option) else None
