"""`auditor permissions`: the IAM policy of a live scan."""

from __future__ import annotations

import json

import click

from auditor.cli.options import checks_options, configuration
from auditor.scan import select, types_of


@click.command("permissions", epilog="Example: `auditor permissions -s cost > auditor-policy.json`.")
@checks_options
def command(config_file: str | None, **flags: object) -> None:
    """Print the IAM policy that exactly the selected checks' API calls need.

    It is derived from the operations that the collectors declare; the read-only guard refuses any other.
    """
    from auditor.sources.account.collector import load_collectors
    from auditor.sources.account.permissions import policy

    wanted = types_of(select(configuration(config_file, **flags)))
    collectors = [one for one in load_collectors() if wanted.intersection(one.types)]
    click.echo(json.dumps(policy(collectors), indent=2))
