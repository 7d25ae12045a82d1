"""`auditor frameworks`: the compliance frameworks there are."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from auditor.frameworks import Framework, load, names


@click.command(
    "frameworks",
    epilog="Examples: `auditor frameworks`, `auditor scan account --framework fsbp`, "
    "`auditor frameworks --format json | jq '.[] | select(.name == \"fsbp\") | .controls'`.",
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print them.")
def command(form: str) -> None:
    """List the compliance frameworks: name, version, how many of its controls checks judge, title.

    JSON has each control with its checks.
    """
    frameworks = [load(name) for name in names()]
    if form == "json":
        click.echo(json.dumps([asdict(framework) for framework in frameworks], indent=1, ensure_ascii=False))
        return
    width = max(len(framework.name) for framework in frameworks)
    version = max(len(framework.version) for framework in frameworks)
    for one in frameworks:
        click.echo(f"{one.name:{width}}  {one.version:{version}}  {_coverage(one):24}  {one.title}")
    click.echo("\nWhere a number is followed by +, there may be controls that are not known here.")
    click.echo("`auditor scan account --framework NAME` runs a framework's checks.")


def _coverage(framework: Framework) -> str:
    return f"{framework.covered} of {len(framework.controls)}{'' if framework.complete else '+'} controls"
