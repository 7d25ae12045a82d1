"""Measures a scan of a simulated account over HTTP: `make benchlive`, or `python -m benchmarks.live`.

moto serves an account with thousands of resources from a process of its own. The scan's CPU seconds and peak memory are
those of `auditor scan account`, with DESIGN.md's budgets beside them. Besides: whether it found all that was made,
whether the server was asked nothing undeclared, and how many calls it made against the fewest that tell the same. That
number is computed from a table (`tests/sources/account/plenty.py`): in each region and for each list operation a call
for each page, for each resource the calls that its fields need.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.sources.account.collector import load_collectors
from auditor.sources.account.guard import CORE_OPERATIONS
from tests.sources.account.plenty import Plenty
from tests.sources.account.server import Server, resolve, served

ROOT = Path(__file__).resolve().parent.parent
RUN = """
import socket, sys
from tests.sources.account.server import resolve
socket.getaddrinfo = resolve
from auditor.cli import main
sys.argv[0] = "auditor"
main()
"""


@dataclass(frozen=True)
class Case:
    """An account to scan, and what that may cost: CPU seconds, MB, calls; or seconds by the clock where calls wait."""

    resources: int
    regions: tuple[str, ...]
    budget: str
    delay: float = 0.0


CASES = (
    Case(2_000, ("us-east-1",), "8 CPU s, 250 MB, 2,500 calls"),
    Case(2_000, ("us-east-1", "eu-west-1", "us-west-2"), "none"),
    Case(5_000, ("us-east-1", "eu-west-1", "us-west-2"), "15 CPU s, 400 MB, 5,000 calls"),
    Case(2_000, ("us-east-1",), "40 s by the clock", delay=0.05),
)


def measure(case: Case) -> None:
    """Make the account, scan it and print what came of it."""
    plenty = Plenty(case.resources, case.regions)
    with served(case.delay) as server, tempfile.TemporaryDirectory() as scratch:
        os.environ.update(server.environment)
        plenty.make(_session())
        server.seen()
        usage, wall = _scan(case, Path(scratch))
        waiting = f" with {case.delay * 1000:.0f} ms a call" if case.delay else ""
        print(f"{sum(plenty.count.values()):,} resources, {len(case.regions)} regions{waiting}; budget {case.budget}")
        print(f"  {usage.ru_utime + usage.ru_stime:.2f} CPU s, {wall:.1f} s, {usage.ru_maxrss / 1024:.0f} MB")
        _tell(plenty, server, Path(scratch))


def _session() -> Any:
    import boto3

    return boto3.Session("testing", "testing", region_name="us-east-1")


def _scan(case: Case, scratch: Path) -> tuple[Any, float]:
    """Resources and seconds that the scan took."""
    command = ["scan", "account", "--regions", ",".join(case.regions), "--save-inventory", str(scratch / "found.gz")]
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, *command, "-f", "json", "-o", str(scratch / "report.json")],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) == 2:
        raise SystemExit("the scan could not be run")
    return usage, time.perf_counter() - start


def _tell(plenty: Plenty, server: Server, scratch: Path) -> None:
    """What was found and asked, against what there is and what is needed."""
    found = json.loads(gzip.decompress((scratch / "found.gz").read_bytes()))
    there = Counter((raw["type"], raw["place"]) for raw in found["raws"])
    wanted = {kind for kind, _ in there}
    lacking = {kind: count for kind, count in plenty.count.items() if kind[0] in wanted and there[kind] != count}
    types = {kind for kind, _ in plenty.count}
    print(
        f"  {there.total():,} resources found, {len(types & wanted)} of {len(types)} types made are asked for", end=""
    )
    print(f"; WRONG: {lacking}" if lacking else ", all of them complete")

    seen = server.seen()
    fewest = plenty.fewest(seen)
    more = seen.total() / fewest.total() - 1
    print(f"  {seen.total():,} calls, of {fewest.total():,} at least: {more:.1%} more", end="")
    excess = Counter[str]()
    for (operation, region), count in seen.items():
        excess[operation] += count - fewest[operation, region]
    print("".join(f"; {name} {count}" for name, count in excess.most_common(6) if count > 0))
    undeclared = {name for name, _ in seen} - CORE_OPERATIONS.union(*(one.declared for one in load_collectors()))
    print(f"  undeclared operations: {', '.join(sorted(undeclared)) or 'none'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", type=int, metavar="N", help="only these cases, from 1")
    arguments = parser.parse_args()
    socket.getaddrinfo = resolve
    for number, case in enumerate(CASES, 1):
        if not arguments.cases or number in arguments.cases:
            measure(case)


if __name__ == "__main__":
    main()
