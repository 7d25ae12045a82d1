"""`auditor diff`: what changed between two saved reports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from auditor.baseline import compare
from auditor.cli.options import SEVERITIES
from auditor.findings import Severity, Status
from auditor.report import Report, Result, load
from reports import text


@click.command("diff", epilog="Example: `auditor diff last-week.json today.json --fail-on high`.")
@click.argument("old", metavar="OLD.json")
@click.argument("new", metavar="NEW.json")
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", help="How to print it.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), default="never", help="Exit code 1 for new ones from it up.")
def command(old: str, new: str, form: str, fail_on: str) -> None:
    """Tell what appeared and what was fixed between two JSON reports, and how the waste changed."""
    before, after = load(old), load(new)
    cost_low, cost_high = after.summary.cost_low, after.summary.cost_high
    cost = None if cost_low is None or cost_high is None else (cost_low, cost_high)
    change = compare(after.results, before, old, cost)
    appeared = [result for result in after.results if result.status is Status.FAIL and not result.known]
    facts: dict[str, Any] = {
        "new": [_describe(result, after) for result in appeared],
        "fixed": [_describe(result, before) for result in change.fixed],
        "unchanged": change.known,
        "waste_low": change.saving_low,
        "waste_high": change.saving_high,
        "cost_low": change.cost_low,
        "cost_high": change.cost_high,
        "costs": _costs(before, after),
    }
    if form == "json":
        click.echo(json.dumps(facts, indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(facts)))
    least = None if fail_on == "never" else Severity[fail_on.upper()]
    if least and any(Severity[after.checks[result.check].severity.upper()] >= least for result in appeared):
        click.get_current_context().exit(1)


def _costs(before: Report, after: Report) -> list[dict[str, Any]]:
    """The resources whose cost is another than it was, the greatest change first."""
    changed = []
    for old, new in _pairs(before, after):
        then, now = _cost(before, old), _cost(after, new)
        if then != now:
            title = (after.resources[new] if new in after.resources else before.resources[old]).title
            low, high = (round(one - other, 2) for one, other in zip(now, then, strict=True))
            changed.append({"resource": new, "title": title, "low": low, "high": high})
    return sorted(changed, key=lambda one: (-abs(one["high"]), one["resource"]))


def _pairs(before: Report, after: Report) -> Iterator[tuple[str, str]]:
    """The addresses of each resource in both reports; where one lacks it, the other's stands for both.

    As with findings, a file that is gone and a new one with the same resource count as one that was renamed.
    """
    gone, come = _in_other_files(before, after), _in_other_files(after, before)
    moved = {gone[name]: come[name] for name in gone.keys() & come.keys()}
    renamed = set(moved.values())
    for address in {**before.resources, **after.resources}:
        if address not in renamed:
            yield address, moved.get(address, address)


def _in_other_files(report: Report, other: Report) -> dict[str, str]:
    """The addresses of resources that are in files of one report only, by what they are called there."""
    files = {address.rpartition("#")[0] for address in other.resources}
    parts = ((address, *address.rpartition("#")[::2]) for address in report.resources)
    return {name: address for address, file, name in parts if file and file not in files}


def _cost(report: Report, address: str) -> tuple[float, float]:
    """What a resource costs; nothing where it is not there, or where that is not known."""
    resource = report.resources.get(address)
    return (resource.cost.low, resource.cost.high) if resource and resource.cost else (0.0, 0.0)


def _describe(result: Result, report: Report) -> dict[str, str]:
    resource, place = report.resources[result.resource], result.location
    line = f":{place.line}" if place and place.line else ""
    where = f"{place.file}{line}" if place and place.file else result.resource
    return {
        "check": result.check,
        "severity": report.checks[result.check].severity,
        "resource": result.resource,
        "finding": f"{resource.title} {result.message}",
        "where": where,
        "fingerprint": result.fingerprint,
    }


def _lines(facts: dict[str, Any]) -> list[str]:
    lines = []
    for sign, group in (("+", "new"), ("-", "fixed")):
        for one in facts[group]:
            lines.append(text.clean(f"{sign} {one['severity']:8} {one['check']}: {one['finding']}"))
            lines.append(text.clean(f"    {one['where']}"))
    if lines:
        lines.append("")
    counts = f"{len(facts['new'])} new, {len(facts['fixed'])} fixed, {facts['unchanged']} unchanged"
    lines += [counts, f"waste: {text.usd_change(facts['waste_low'], facts['waste_high'])}"]
    if facts["cost_high"] is not None:
        change = text.usd_change(facts["cost_low"], facts["cost_high"])
        lines.append(f"cost if always on: {change}, at list prices before discounts")
        for one in facts["costs"]:
            lines.append(text.clean(f"    {text.usd_change(one['low'], one['high'])}  {one['title']}"))
    return lines
