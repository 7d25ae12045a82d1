"""`auditor checks`: what there is."""

from __future__ import annotations

import json

import click

from auditor.cli.options import checks_options, configuration
from auditor.frameworks import controls_by_check
from auditor.registry import Check
from auditor.scan import select


@click.command("checks", epilog="Examples: `auditor checks -s network`, `auditor checks --format json | jq '.[].id'`.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print them.")
@checks_options
def command(form: str, config_file: str | None, **flags: object) -> None:
    """List the checks: id, severity, pillar, whether `auditor fix` repairs it, title."""
    checks = select(configuration(config_file, **flags))
    if form == "json":
        controls = controls_by_check()
        click.echo(json.dumps([_describe(check, controls.get(check.id, [])) for check in checks], indent=1))
        return
    width = max((len(check.id) for check in checks), default=0)
    for check in checks:
        fix = "fix" if check.fixable else ""
        click.echo(f"{check.id:{width}}  {check.severity.label:8}  {check.pillar:15}  {fix:3}  {check.title}")
    click.echo(f"\n{len(checks)} checks. `auditor explain ID` says why, how to fix it, and shows examples.")
    click.echo("`auditor fix` repairs templates for those marked fix.")


def _describe(check: Check, controls: list[str]) -> dict[str, object]:
    return {
        "id": check.id,
        "pillar": check.pillar,
        "severity": check.severity.label,
        "inputs": list(check.inputs),
        "title": check.title,
        "aliases": list(check.aliases),
        "fixable": check.fixable,
        "resources": list(check.judges),
        "frameworks": controls,
    }
