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
    change = compare(after.results, before, old)
    appeared = [result for result in after.results if result.status is Status.FAIL and not result.known]
    facts: dict[str, Any] = {
        "new": [_describe(result, after) for result in appeared],
        "fixed": [_describe(result, before) for result in change.fixed],
        "unchanged": change.known,
        "waste_low": change.saving_low,
        "waste_high": change.saving_high,
    }
    if form == "json":
        click.echo(json.dumps(facts, indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(facts)))
    least = None if fail_on == "never" else Severity[fail_on.upper()]
    if least and any(Severity[after.checks[result.check].severity.upper()] >= least for result in appeared):
        click.get_current_context().exit(1)


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
    return [*lines, counts, f"waste: {text.usd_change(facts['waste_low'], facts['waste_high'])}"]
