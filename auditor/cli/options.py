"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from auditor.config import Config, load

F = TypeVar("F", bound=Callable[..., Any])

SEVERITIES = ("critical", "high", "medium", "low", "never")

_FORMATS = (
    "terminal, json, html, markdown (for a pull request), sarif, github-sarif (for code scanning), github "
    "(annotations), github-summary, gitlab (code quality) or junit; pairs with -o."
)


def _frameworks(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from auditor.frameworks import names

    return [name for name in names() if name.startswith(incomplete)]


def checks_options(function: F) -> F:
    """Which checks: `--select`, `--ignore`, `--framework`, `--checks-dir`, `--config`."""
    for option in (
        click.option("--config", "config_file", metavar="FILE", help="Settings; else auditor.toml or pyproject.toml."),
        click.option("--checks-dir", multiple=True, metavar="DIR", help="A folder with further checks."),
        click.option(
            "--framework",
            "frameworks",
            multiple=True,
            metavar="NAME",
            shell_complete=_frameworks,
            help="Only the checks of this compliance framework; `auditor frameworks` lists them.",
        ),
        click.option("-i", "--ignore", multiple=True, metavar="ID", help="Leave out this check, glob or pillar."),
        click.option("-s", "--select", multiple=True, metavar="ID", help="Run only this check, glob or pillar."),
    ):
        function = option(function)
    return function


def output_options(function: F) -> F:
    """Where results go: `--format`, `--output`, `--quiet`, `--verbose`."""
    for option in (
        click.option("-v", "--verbose", is_flag=True, help="Name each unknown verdict, and count what passed."),
        click.option("-q", "--quiet", is_flag=True, help="Only findings and the gate's verdict."),
        click.option(
            "-o", "--output", "outputs", multiple=True, metavar="FILE", help="Write a report; its suffix is its format."
        ),
        click.option("-f", "--format", "formats", multiple=True, metavar="NAME", help=_FORMATS),
    ):
        function = option(function)
    return function


def gate_options(function: F) -> F:
    """When the exit code is not 0: `--fail-on`, `--strict`."""
    for option in (
        click.option("--strict", is_flag=True, help="A denied call makes the scan incomplete (exit code 3)."),
        click.option(
            "--fail-on", type=click.Choice(SEVERITIES), help="Exit code 1 from failures of this severity up (high)."
        ),
    ):
        function = option(function)
    return function


def baseline_options(function: F) -> F:
    """What is known already: `--baseline`."""
    return click.option(
        "--baseline", metavar="FILE", help="An earlier JSON report: only findings that it lacks fail the gate."
    )(function)


def configuration(config_file: str | None, **flags: Any) -> Config:
    """The configuration file's settings under the flags that were given."""
    return load(config_file).with_flags(**flags)
