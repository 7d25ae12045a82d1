"""`auditor diff`: what changed between two saved reports."""

from __future__ import annotations

import json
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
    for address in {**before.resources, **after.resources}:
        then, now = (_cost(report, address) for report in (before, after))
        if then != now:
            resource = (after if address in after.resources else before).resources[address]
            changed.append(
                {"resource": address, "title": resource.title, "low": now[0] - then[0], "high": now[1] - then[1]}
            )
    return sorted(changed, key=lambda one: (-abs(one["high"]), one["resource"]))


def _cost(report: Report, address: str) -> tuple[float, float]:
    """What a resource costs; nothing where it is not there, or where that is not known."""
    resource = report.resources.get(address)
    return (resource.cost.low, resource.cost.high) if resource and resource.cost else (0.0, 0.0)


def _describe(result: Result, report: Report) -> dict[str, str]:
    resource, place = report.resources[result.resource], result.location
    where = f"{place.file}:{place.line}" if place and place.file else result.resource
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
