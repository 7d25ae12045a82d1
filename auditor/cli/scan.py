"""`auditor scan`: templates, an account, or an account's saved inventory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import output
from auditor.cli.judging import judging
from auditor.cli.options import (
    asking_options,
    baseline_options,
    checks_options,
    configuration,
    gate_options,
    output_options,
    values_of,
    values_options,
)
from auditor.cli.organization import organization
from auditor.cli.progress import progress_on_terminal
from auditor.cli.spending import announce_on_terminal, spent
from auditor.errors import UsageError
from auditor.history import remember
from auditor.report import Report, load
from auditor.scan import scan_account, scan_inventory, scan_templates
from reports.interface import Only

if TYPE_CHECKING:
    from auditor.sources.account.manner import Manner

_EXIT_CODES = (
    "Exit codes: 0 the gate holds; 1 it does not; 2 bad usage or configuration; "
    "3 it holds for what was read, but an input could not be read."
)


@click.group("scan")
def command() -> None:
    """Scan templates, an account, or an account's saved inventory."""


command.add_command(organization)


@command.command(
    "templates",
    epilog="Examples: `auditor scan templates infra/`, "
    f"`auditor scan templates app.yaml --parameters prod.json -o report.html`. {_EXIT_CODES}",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@values_options
@click.option("--account", metavar="ID", help="The account that templates are judged for (AWS::AccountId).")
@click.option("--region", metavar="NAME", help="The region that templates are judged and priced for (AWS::Region).")
@click.option("--against", metavar="REVISION", help="A git revision: only what has come since fails the gate.")
@click.option("--changed-only", is_flag=True, help="Judge only files changed since --against (HEAD).")
@click.option("--no-inline-suppressions", is_flag=True, help="Risks accepted in the templates themselves don't count.")
@click.option("--skip-others", is_flag=True, help="Pass over named files that are no templates (for pre-commit).")
@click.option("--lint", is_flag=True, help="Add cfn-lint's errors and warnings (takes a second or two).")
@baseline_options
@checks_options
@gate_options
@output_options
def templates(
    paths: tuple[str, ...],
    parameters: str | None,
    variables: tuple[str, ...],
    var_files: tuple[str, ...],
    against: str | None,
    changed_only: bool,
    no_inline_suppressions: bool,
    skip_others: bool,
    lint: bool,
    baseline: str | None,
    config_file: str | None,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    previous: tuple[str, ...],
    quiet: bool,
    verbose: bool,
    only: Only | None,
    strict: bool,
    **flags: Any,
) -> None:
    """Scan CloudFormation templates and Terraform: files, or folders with everything in them.

    Of Terraform, `.tf` and `.tf.json` files, and plans as `terraform show -json` prints them.
    """
    where = output.targets(formats, outputs, only)
    if baseline and against:
        raise UsageError("--baseline and --against both say what is known; give one of them")
    config = configuration(config_file, **flags)
    settings: dict[str, Any] = {
        "strict": strict,
        "inline": not no_inline_suppressions,
        "lint": lint,
        "skip_others": skip_others,
        **values_of(parameters, variables, var_files),
    }
    chosen = list(paths)
    if baseline:
        settings |= {"baseline": load(baseline), "against": baseline}
    if against or changed_only:
        from auditor import git

        chosen = git.relative(paths)
        if changed_only:
            settings["only"] = git.changed_since(against or "HEAD")
    if against:
        with git.at_revision(against, chosen):
            before = scan_templates(chosen, config, **settings | {"only": None})
        settings |= {"baseline": before, "against": against}
    report = scan_templates(chosen, config, **settings)
    remember(report, previous)
    output.show(report, where, quiet=quiet, verbose=verbose, only=only)
    output.finish(report)


@command.command(
    "account",
    epilog="Examples: `auditor scan account --profile prod -o report.html`, "
    "`auditor scan account --role-arn arn:aws:iam::123456789012:role/audit --regions eu-west-1`. "
    f"It only reads; `auditor permissions` prints the policy it needs. {_EXIT_CODES}",
)
@click.option("--role-arn", metavar="ARN", help="A role to assume first.")
@click.option("--save-inventory", metavar="FILE", help="Save what was collected for `scan inventory` (.gz packs it).")
@click.option("--spool", metavar="DIR", type=click.Path(path_type=Path), help="Where progress is kept for --resume.")
@click.option(
    "--call-log", metavar="FILE", help="Append a line for each call to AWS: when, where, which, how it ended."
)
@asking_options
@judging
def account(manner: Manner, spool: Path | None, call_log: str | None, quiet: bool, **settings: Any) -> Report:
    """Scan the AWS account that your credentials belong to, without touching anything in it."""
    from auditor.sources.account.spool import folder

    metrics = replace(manner.metrics, announce=announce_on_terminal(quiet))
    manner = replace(manner, call_log=call_log, spool=folder(spool, resume=manner.resume), metrics=metrics)
    with progress_on_terminal(quiet) as progress:
        report = scan_account(manner=manner, progress=progress, **settings)
    for told in spent(report, explorer=manner.paid):
        if not quiet:
            click.echo(told, err=True)
    return report


@command.command("inventory", epilog=f"Example: `auditor scan inventory prod.json.gz -o report.html`. {_EXIT_CODES}")
@click.argument("file", metavar="FILE")
@judging
def inventory(file: str, quiet: bool, **settings: Any) -> Report:
    """Judge again, offline, what `auditor scan account --save-inventory` saved."""
    return scan_inventory(file, **settings)
