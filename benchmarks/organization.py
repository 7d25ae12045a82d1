"""What an organization's run takes: `python -m benchmarks.organization [--memory] [--write]`.

Three answers, of which the first two ask nobody and wait for nothing:

- a simulation of 5,000 accounts × 17 regions under the deployed state machine, with a clock of its own: how long the
  run takes, how many Lambda seconds, how many accounts are scanned at once and what it costs. The time of an item is
  from measured scans (see `SECONDS_AN_ACCOUNT`); throttling, retries and failures are as the definition has them;
- what a month costs for 10, 100 and 1,000 accounts, from the price book;
- with `--memory`, what merging 5,000 accounts × 2,000 findings takes: peak memory and CPU seconds.
"""

from __future__ import annotations

import argparse
import heapq
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditor.pricing.book import service

PAGE = Path(__file__).resolve().parent.parent / "docs" / "deploy.md"

SECONDS_AN_ACCOUNT = 10.3
SECONDS_A_REGION = 2.8
"""Wall seconds of a scan with all checks: of an account with 300 resources in one region, and for each further region,
with 50 ms a call, 16 threads and two cores. Measured against moto's server on 2026-11-23: 1 region took 10.3 s by the
clock, 3.4 CPU seconds, 398 calls and 163 MB; 17 took 55.0 s, 25.8, 2,462 and 279 MB."""

REGIONS = 17
MEMORY_GB = 3008 / 1024
TIMEOUT, RESERVE = 900.0, 75.0
QUOTA = 1_000
"""Concurrent Lambda executions of an account, unless AWS raises it; a function may have so many within ten seconds."""
NIGHTS = 30


@dataclass(frozen=True)
class World:
    """What a run meets.

    Attributes:
        concurrency: of the distributed map, and what is reserved for the function.
        spread: of the items' times: sigma of a log-normal distribution around the measured one.
        huge: share of the accounts that take twenty times as long.
        denied, broken: shares of the accounts whose role is missing, and of the tries that break.
        throttled: share of the tries that Lambda refuses because others use its quota.
    """

    accounts: int = 5_000
    concurrency: int = 500
    spread: float = 0.6
    huge: float = 0.01
    denied: float = 0.02
    broken: float = 0.005
    throttled: float = 0.02
    seed: int = 9


@dataclass
class Outcome:
    """What a simulated run came to; times in seconds."""

    duration: float = 0.0
    lambda_seconds: float = 0.0
    peak: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def usd(self) -> float:
        """For Lambda, Step Functions and S3, at list prices."""
        return cost(self.counts["items"], self.lambda_seconds, self.counts["tries"], self.counts["transitions"])


class Simulation:
    """The distributed map with a clock of its own: a heap of what happens when."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._random = random.Random(world.seed)  # noqa: S311 - no secret
        self._events: list[tuple[float, int, int, int, float]] = []  # when, item, tries, refusals, seconds left of it
        self._running = 0
        self.outcome = Outcome()

    def run(self) -> Outcome:
        """Every item from its begin to its end."""
        world, out = self._world, self.outcome
        waiting = iter([(item, self._seconds()) for item in range(world.accounts)])
        now = 0.0
        while True:
            while self._running < min(world.concurrency, QUOTA) and (one := next(waiting, None)):
                self._running += 1
                out.counts.update(items=1, transitions=2)  # the child execution's start, and Begin
                self._try(now, one[0], 1, 0, one[1])
            out.peak = max(out.peak, self._running)
            if not self._events:
                break
            now, item, tries, refusals, left = heapq.heappop(self._events)
            if left > 0:
                self._try(now, item, tries, refusals, left)
            else:
                self._running -= 1
        out.duration = now
        return out

    def _seconds(self) -> float:
        """What an item takes: nearly nothing where the role is missing."""
        if self._random.random() < self._world.denied:
            return 2.0
        middle = SECONDS_AN_ACCOUNT + (REGIONS - 1) * SECONDS_A_REGION
        middle *= 20 if self._random.random() < self._world.huge else 1
        return middle * self._random.lognormvariate(0.0, self._world.spread)

    def _try(self, now: float, item: int, tries: int, refusals: int, seconds: float) -> None:
        """One invocation, and when the next thing happens to the item."""
        out, chance = self.outcome, self._random.random()
        out.counts.update(tries=1, transitions=1)
        if chance < self._world.throttled and refusals < 8:  # TooManyRequests: nothing ran; full jitter up to 300 s
            out.counts["throttled"] += 1
            pause = self._random.uniform(0, min(300.0, 5.0 * 2**refusals))
            self._at(now + pause, item, tries, refusals + 1, seconds)
        elif chance > 1 - self._world.broken:  # breaks at some time, once more after up to 30 s, then it is recorded
            spent = self._random.uniform(0, min(seconds, TIMEOUT))
            out.lambda_seconds += spent
            out.counts["broken"] += 1
            again = seconds if tries == 1 else 0.0
            self._at(now + spent + self._random.uniform(0, 30), item, tries + 1, 0, again)
        else:
            spent = min(seconds, TIMEOUT - RESERVE)
            left = seconds - spent if tries < 4 else 0.0
            out.lambda_seconds += spent
            out.counts.update(transitions=2, partial=int(left > 0))  # Enough, then Again or Done
            self._at(now + spent, item, tries + 1, 0, left)

    def _at(self, when: float, item: int, tries: int, refusals: int, left: float) -> None:
        heapq.heappush(self._events, (when, item, tries, refusals, left))


# --- what it costs --------------------------------------------------------------------------------------------------

OBJECTS = 5
"""Objects that an item writes: two reports, findings, summary, and it removes the spool."""


def price(name: str, item: str) -> float:
    """USD a unit in us-east-1."""
    found = service(name, item, "us-east-1")
    if found is None:
        raise SystemExit(f"the price book has no {name}, {item}")
    return found.usd


def parts(items: int, seconds: float, invocations: int, transitions: int) -> dict[str, tuple[str, float]]:
    """The arithmetic of one run, and what each part comes to in USD."""
    gb_seconds = seconds * MEMORY_GB
    gb_price, request = price("Lambda", "duration arm"), price("Lambda", "requests") / 1e6
    step = price("Step Functions", "standard transition") / 1_000
    put, get = price("S3", "PUT/COPY/POST/LIST Standard") / 1_000, price("S3", "GET Standard") / 1_000
    writes, reads = items * (OBJECTS + 1), items * 5  # one listing; spool, settings and summaries are read
    return {
        "Lambda": (f"{gb_seconds:,.0f} GB-s × {gb_price:.7g}", gb_seconds * gb_price),
        "Lambda requests": (f"{invocations:,} × {request:.2g}", invocations * request),
        "Step Functions": (f"{transitions:,} transitions × {step:.6g}", transitions * step),
        "S3 requests": (f"{writes:,} × {put:.6g} + {reads:,} × {get:.2g}", writes * put + reads * get),
    }


def cost(items: int, seconds: float, invocations: int, transitions: int) -> float:
    """USD of one run."""
    return sum(usd for _, usd in parts(items, seconds, invocations, transitions).values())


REPORT_MB = 1.0
"""What an account keeps of a run: its reports, findings and summary; the HTML and JSON of a report of 2,000 results."""


def month(accounts: int) -> list[str]:
    """The table of what a month of nights costs, a line for each part."""
    seconds = accounts * (SECONDS_AN_ACCOUNT + (REGIONS - 1) * SECONDS_A_REGION)
    rows = [
        (name, f"{NIGHTS} × ({words})", NIGHTS * usd)
        for name, (words, usd) in parts(accounts, seconds, accounts, 5 * accounts).items()
    ]
    stored = accounts * NIGHTS * REPORT_MB / 1_000
    storage, key = price("S3", "Standard first 50 TB"), price("KMS", "customer key")
    logs = accounts * NIGHTS * 0.00002
    ingest = price("CloudWatch Logs", "ingest Standard")
    rows += [
        ("S3 storage, after a month", f"{stored:,.1f} GB × {storage:.3g}", stored * storage),
        ("KMS key", f"1 × {key:.3g}", key),
        ("Logs", f"{logs:,.2f} GB × {ingest:.2g}", logs * ingest),
    ]
    total = sum(usd for _, _, usd in rows)
    return [
        *(f"| {name} | {words} | {usd:,.2f} |" for name, words, usd in rows),
        f"| **a month** | | **{total:,.2f}** |",
    ]


# --- what it prints -------------------------------------------------------------------------------------------------


def simulated() -> list[str]:
    """The simulation's table."""
    lines = [
        "| concurrency | duration | at once | Lambda hours | tries | throttled | broken | not done in time | USD |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for concurrency in (100, 500, 900):
        out = Simulation(replace(World(), concurrency=concurrency)).run()
        counts = out.counts
        lines.append(
            f"| {concurrency} | {out.duration / 60:,.0f} min | {out.peak} | {out.lambda_seconds / 3600:,.0f}"
            f" | {counts['tries']:,} | {counts['throttled']:,} | {counts['broken']:,} | {counts['partial']:,}"
            f" | {out.usd:,.2f} |"
        )
    return lines


def costs() -> list[str]:
    """What a month costs, by number of accounts."""
    lines: list[str] = []
    for accounts in (10, 100, 1_000):
        lines += [
            f"{accounts:,} accounts:",
            "",
            "| part | arithmetic | USD |",
            "| --- | --- | ---: |",
            *month(accounts),
            "",
        ]
    return lines[:-1]


def merge(accounts: int = 5_000, findings: int = 2_000) -> str:
    """Merge so many accounts with so many findings each, with a run before that had nearly the same."""
    from auditor.distributed import run
    from auditor.distributed.summary import Line, Summary, Tally
    from auditor.organization import Member
    from tests.distributed.memory import Memory

    checks = [f"service-resource-rule-{number:03}" for number in range(400)]
    before, now = "2026-11-22", "2026-11-23"

    class Made(Memory):
        """Summaries that are made when they are asked for, so that only the merge's own memory counts."""

        def get(self, key: str) -> bytes | None:
            if not key.startswith("summaries/"):
                return super().get(key)
            _, name, account, _ = key.split("/")
            shift = 20 if name == now else 0
            failing: dict[str, list[str]] = {}
            for number in range(shift, findings + shift):
                failing.setdefault(checks[number % 400], []).append(f"{int(account):08x}{number:08x}")
            tallies = {
                check: Tally("What holds where it passes", "high", 20, 5, 1, len(failing[check])) for check in checks
            }
            alarms = dict.fromkeys(failing[checks[0]], "raw-zone can be read by everybody")
            return Summary(Line(account, f"team-{account}", "scanned", "", 1), tallies, failing, alarms).to_bytes()

        def keys(self, prefix: str) -> Iterator[str]:
            made = f"{prefix}all.json.gz"
            return iter([made]) if prefix.startswith("summaries/") else super().keys(prefix)

    store = Made()
    members = [Member(f"{number:012}", f"team-{number}") for number in range(accounts)]
    store.put(f"runs/{before}/index.json", b"{}")
    run.begin(run.Plan(now, "bucket"), members, checks, store)
    start = time.process_time()
    rolled = run.finish(now, store)
    used = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert rolled.news
    told = f"{rolled.news.new:,} new, {rolled.news.fixed:,} fixed; index.json {len(rolled.to_json()) / 1e6:.1f} MB"
    return (
        f"{accounts:,} accounts × {findings:,} findings merged and compared: {peak:.0f} MB, {used:.0f} CPU s with"
        f" making them; {told}"
    )


def fill(page: Path) -> None:
    """Write the tables into a page, between their marks."""
    text = page.read_text(encoding="utf-8")
    for name, lines in (("costs", costs()), ("simulation", simulated())):
        before, _, rest = text.partition(f"<!-- {name} -->\n")
        text = "\n".join([f"{before}<!-- {name} -->\n", *lines, "", f"<!-- end -->{rest.partition('<!-- end -->')[2]}"])
    page.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--memory", action="store_true", help="measure the merge, too")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/deploy.md")
    arguments = parser.parse_args()
    print("\n".join([*simulated(), "", *costs()]))
    if arguments.write:
        fill(PAGE)
    if arguments.memory:
        print("\n" + merge())


if __name__ == "__main__":
    main()
