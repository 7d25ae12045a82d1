"""The command line: one module per command, imported only when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from auditor.errors import UsageError

_COMMANDS = {
    "scan": "Scan templates or an account.",
    "checks": "List the checks.",
    "frameworks": "List the compliance frameworks.",
    "explain": "Explain one check: why, how to fix it, examples.",
    "permissions": "Print the IAM policy that a live scan needs.",
    "fix": "Repair templates where the repair is certain.",
    "report": "Render a saved JSON report in another format.",
    "diff": "Tell what changed between two JSON reports.",
    "prices": "Show an instance type's prices, or read them anew from AWS.",
    "notify": "Tell people what a scan found: Slack, SNS, webhook, mail.",
    "package": "Make the package that AWS Lambda runs.",
    "demo": "Scan a simulated account and sample templates.",
    "new-check": "Start a new check.",
    "completion": "Print the code that completes commands in your shell.",
}


class _Lazy(click.Group):
    """A group whose commands are imported when they are called, as start-up time is felt in every pull request."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"auditor.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], _COMMANDS, 1)
            if near:
                raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from error
            raise


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"auditor {version('auditor')}")
        ctx.exit()


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `auditor demo`, or `auditor scan templates FOLDER`.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
def cli() -> None:
    """Finds what is unsafe, what is wasted in dollars, and what could not be seen.

    In an AWS account, or in the templates that will become one.
    """


def main() -> None:
    """The console script: a `UsageError` becomes one line on stderr and exit code 2."""
    try:
        code = cli.main(prog_name="auditor", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.Abort:
        click.echo("auditor: stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except UsageError as error:
        click.echo(f"auditor: {error}", err=True)
        sys.exit(2)
