"""`auditor scan organization`: many accounts, a report of each and a roll-up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.options import checks_options, configuration, gate_options
from auditor.cli.progress import to_terminal

if TYPE_CHECKING:
    from auditor.organization import RollUp


@click.command(
    "organization",
    epilog="Examples: `auditor scan organization --role-name Auditor -o reports/`, "
    "`auditor scan organization --accounts prod.txt --exclude 'sandbox-*' -o reports/`. "
    "Your credentials need sts:AssumeRole for the role and, without --accounts, organizations:ListAccounts; "
    "`auditor permissions --format cloudformation` prints the role. "
    "Exit codes: 0 every gate holds; 1 one does not; 2 bad usage or configuration; "
    "3 they hold for what was read, but an account or a part of one could not be read.",
)
@click.option(
    "-o", "--output", "folder", metavar="DIR", required=True, type=click.Path(path_type=Path, file_okay=False)
)
@click.option("--accounts", metavar="FILE", help="Account ids, one a line with an optional name; else Organizations'.")
@click.option("--include", multiple=True, metavar="GLOB", help="Only accounts with such an id or name.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="No accounts with such an id or name.")
@click.option("--role-name", default="Auditor", show_default=True, metavar="NAME", help="Assumed in each account.")
@click.option("--external-id", metavar="TEXT", help="What the role's trust policy asks for.")
@click.option("--profile", metavar="NAME", help="A profile of your AWS configuration.")
@click.option(
    "--regions", multiple=True, metavar="NAME", help="Only these (repeat it, or commas); else all that are enabled."
)
@click.option(
    "--at-once", type=click.IntRange(1, 32), default=4, show_default=True, help="Accounts scanned at the same time."
)
@click.option("--resume", is_flag=True, help="Go on with scans that were killed within the last 24 hours.")
@click.option(
    "--max-calls-per-second",
    "rate",
    metavar="N",
    type=click.FloatRange(0, min_open=True),
    help="To one service in one region of one account, retries included.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but the accounts that could not be scanned.")
@checks_options
@gate_options
def organization(
    folder: Path,
    accounts: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    role_name: str,
    external_id: str | None,
    profile: str | None,
    regions: tuple[str, ...],
    at_once: int,
    resume: bool,
    rate: float | None,
    quiet: bool,
    config_file: str | None,
    strict: bool,
    **flags: Any,
) -> None:
    """Scan many AWS accounts: a report of each and a roll-up, index.html and index.json, in a folder."""
    from auditor.organization import scan_organization
    from auditor.sources.account.manner import Manner
    from auditor.sources.account.spool import folder as spool_folder

    progress = to_terminal(quiet)
    try:
        rolled = scan_organization(
            configuration(config_file, **flags),
            folder,
            role_name=role_name,
            external_id=external_id,
            profile=profile,
            accounts=accounts,
            include=include,
            exclude=exclude,
            regions=[name for entry in regions for name in entry.split(",") if name],
            at_once=at_once,
            strict=strict,
            manner=Manner(rate=rate, spool=spool_folder(None, resume=resume), resume=resume),
            progress=progress,
        )
    finally:
        if progress:
            progress("")
    _tell(rolled, folder, quiet)
    click.get_current_context().exit(rolled.exit_code)


def _tell(rolled: RollUp, folder: Path, quiet: bool) -> None:
    """The accounts in a line each, those that could not be scanned on stderr."""
    from reports import text

    for line in rolled.accounts:
        called = text.name(f"{line.account} {line.name}".rstrip())
        if line.status == "failed":
            click.echo(f"{called}: not scanned: {text.clip(line.reason)}", err=True)
        elif not quiet and line.status == "skipped":
            click.echo(f"{called}: passed over: {text.clip(line.reason)}")
        elif not quiet:
            click.echo(f"{called}: {text.count(line.findings, 'finding')}, {line.unknown:,} unknown; {line.reason}")
    if not quiet:
        click.echo(f"wrote {folder / 'index.html'}", err=True)
