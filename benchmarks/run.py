"""Measures what DESIGN.md budgets: `make bench`, or `python benchmarks/run.py [FOLDER_OF_TEMPLATES …]`.

CPU seconds and peak memory of whole commands, each in a process of its own; the least of several runs, as the machine
may be busy. With folders of templates (such as a checkout of public ones), those are measured too.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SMALL = ROOT / "benchmarks" / "small.yaml"
RUN = "import sys; from auditor.cli import main; sys.argv[0] = 'auditor'; main()"


@dataclass(frozen=True)
class Measured:
    cpu: float
    wall: float
    peak_mb: float
    exit_code: int


def measure(arguments: list[str], runs: int) -> Measured:
    """The least CPU time of `runs` runs of a Python command, in seconds, with that run's wall time and peak memory."""
    best: Measured | None = None
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        code = os.waitstatus_to_exitcode(status)
        one = Measured(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, code)
        best = one if best is None or one.cpu < best.cpu else best
    assert best is not None
    return best


def auditor(*arguments: str) -> list[str]:
    return ["-c", RUN, *arguments]


def show(name: str, measured: Measured, budget: str = "") -> None:
    print(
        f"{name:44} {measured.cpu:6.2f} CPU s {measured.wall:6.2f} s {measured.peak_mb:6.0f} MB"
        f"  exit {measured.exit_code}{'  budget ' + budget if budget else ''}"
    )


def imports_by_cost(arguments: list[str], most: int = 12) -> list[tuple[float, str]]:
    """The modules that take longest to import, themselves only, in milliseconds."""
    process = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    packages: dict[str, float] = {}
    for line in process.stderr.splitlines():
        if line.startswith("import time:") and "self [us]" not in line:
            own, _, name = line.removeprefix("import time:").split("|")
            package = name.strip().split(".")[0]
            packages[package] = packages.get(package, 0) + int(own) / 1000
    return sorted(((cost, name) for name, cost in packages.items()), reverse=True)[:most]


def many_resources(count: int) -> None:
    """Run the three busiest checks over `count` resources in this process."""
    from auditor.config import Config
    from auditor.engine import evaluate
    from auditor.inventory import Inventory
    from auditor.raw import Collected, Location, Raw, Scope
    from auditor.registry import load_checks

    class Nowhere:
        def locate(self, path: object) -> Location:
            return Location()

    scope = Scope("123456789012/us-east-1", "account", "123456789012", "us-east-1")
    raws = [
        Raw(
            "AWS::EC2::Volume",
            f"arn:aws:ec2:us-east-1:123456789012:volume/vol-{number:08x}",
            {
                "VolumeId": f"vol-{number:08x}",
                "Size": 100,
                "VolumeType": "gp2" if number % 3 else "gp3",
                "Encrypted": bool(number % 2),
                "State": "in-use" if number % 10 else "available",
                "Tags": [{"Key": "Environment", "Value": "prod"}],
            },
            scope,
            Nowhere(),
            "live",
        )
        for number in range(count)
    ]
    checks = load_checks()
    chosen = [checks[name] for name in ("ebs-volume-encryption", "ebs-volume-gp2", "ebs-volume-unattached")]
    start = time.process_time()
    verdicts = evaluate(Inventory(Collected(raws=raws)), chosen, Config())
    used = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{f'{count:,} resources x 3 checks':44} {used:6.2f} CPU s {'':8} {peak:6.0f} MB"
        f"  {len(verdicts):,} verdicts  budget 3 s, 500 MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", help="folders of templates to measure as well")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command, of which the least counts (5)")
    parser.add_argument("--many", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.many:
        many_resources(arguments.many)
        return
    small = auditor("scan", "templates", str(SMALL))
    show("python that does nothing", measure(["-c", "pass"], arguments.runs))
    show("auditor --version", measure(auditor("--version"), arguments.runs))
    show("one small template", measure(small, arguments.runs), "0.35 CPU s")
    show("the demo's templates", measure(auditor("scan", "templates", str(ROOT / "auditor/demo")), arguments.runs))
    for folder in arguments.folders:
        show(folder, measure(auditor("scan", "templates", folder), arguments.runs))
        with tempfile.TemporaryDirectory() as scratch:
            command = auditor("scan", "templates", folder, "-o", str(Path(scratch) / "report.html"))
            show(f"{folder} with an HTML report", measure(command, arguments.runs))
    subprocess.run([sys.executable, __file__, "--many", "100000"], check=True, cwd=ROOT)
    print("\nwhat dominates one small template: imports, milliseconds by package (slower than unmeasured ones)")
    for cost, name in imports_by_cost(small):
        print(f"  {cost:7.1f}  {name}")


if __name__ == "__main__":
    main()
