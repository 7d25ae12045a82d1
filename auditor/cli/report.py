"""`auditor report`: a saved report in another format."""

from __future__ import annotations

import click

from auditor.cli import output
from auditor.cli.options import output_options
from auditor.errors import UsageError
from auditor.history import remember
from auditor.report import Report, load
from reports.interface import Only


@click.command("report", epilog="Example: `auditor report scan.json -f html -o scan.html`.")
@click.argument("file", metavar="FILE")
@output_options
@click.option(
    "--send",
    type=click.Choice(["securityhub"]),
    help="Import the findings there instead of rendering them (needs securityhub:BatchImportFindings, a write).",
)
@click.option("--region", metavar="NAME", help="Whose Security Hub, with --send.")
@click.option("--profile", metavar="NAME", help="A profile of your AWS configuration, with --send.")
def command(
    file: str,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    previous: tuple[str, ...],
    quiet: bool,
    verbose: bool,
    only: Only | None,
    send: str | None,
    region: str | None,
    profile: str | None,
) -> None:
    """Render a saved JSON report in another format; nothing is scanned again."""
    if send:
        _send(load(file), region, profile)
        return
    where = output.targets(formats, outputs, only)
    if outputs and not formats[len(outputs) :]:
        where = where[:-1]  # no terminal report beside the file that was asked for
    report = load(file)
    remember(report, previous)
    output.show(report, where, quiet=quiet, verbose=verbose, only=only)


def _send(report: Report, region: str | None, profile: str | None) -> None:
    """Import a report's findings into Security Hub, and tell how many it took.

    Raises:
        UsageError: no region is named, or Security Hub did not take all of them.
    """
    from auditor.delivery.aws import import_findings
    from reports.asff import findings

    if not region:
        raise UsageError("--send securityhub: name the region of its Security Hub with --region")
    taken, refused = import_findings(findings(report, region=region), region, profile=profile)
    click.echo(f"Security Hub in {region} took {taken} findings", err=True)
    if refused:
        raise UsageError("\n".join([f"it did not take {len(refused)}:", *refused[:10]]))
