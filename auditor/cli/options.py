"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

import click

from auditor.config import Config, load
from auditor.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])

SEVERITIES = ("critical", "high", "medium", "low", "never")

_FORMATS = (
    "terminal, json, html, markdown (for a pull request), sarif, github-sarif (for code scanning), github "
    "(annotations), github-summary, gitlab (code quality), junit, csv, jsonl, ocsf, asff (for Security Hub) or pdf "
    "(printed by Chromium); pairs with -o."
)


def _frameworks(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from auditor.frameworks import names

    return [name for name in names() if name.startswith(incomplete)]


def values_options(function: F) -> F:
    """Values for what templates leave open: `--parameters`, `--var`, `--var-file`; `values_of` reads them."""
    for option in (
        click.option("--var-file", "var_files", multiple=True, metavar="FILE", help="A file of Terraform variables."),
        click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="A Terraform variable's value."),
        click.option(
            "--parameters",
            metavar="FILE",
            help="Parameter values: the AWS CLI's form or a plain map, JSON or YAML.",
        ),
    ):
        function = option(function)
    return function


def values_of(parameters: str | None, variables: Sequence[str], var_files: Sequence[str]) -> dict[str, Any]:
    """Settings for `scan_templates`, of `values_options`.

    Raises:
        UsageError: a file can't be read, or a variable is given without a value.
    """
    settings: dict[str, Any] = {"variables": dict(map(_variable, variables)), "var_files": var_files}
    if parameters:
        from auditor.sources.cloudformation import load_parameters

        settings["parameters"] = load_parameters(parameters)
    return settings


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"--var {text}: write it as NAME=VALUE")
    return name.strip(), value


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
    """Where results go: `--format`, `--output`, `--previous`, `--quiet`, `--verbose`, `--summary`, `--statistics`."""
    for option in (
        click.option(
            "--previous",
            multiple=True,
            metavar="FILE",
            help="An earlier JSON report, to tell what changed; several make a trend. The gate ignores it.",
        ),
        click.option(
            "--statistics", "only", flag_value="statistics", help="Print how many findings there are of each check."
        ),
        click.option("--summary", "only", flag_value="summary", help="Print the summary without the findings."),
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


def metrics_options(function: F) -> F:
    """What CloudWatch may be asked: `--lookback`, `--metrics-budget`, `--no-metrics`."""
    for option in (
        click.option(
            "--no-metrics",
            is_flag=True,
            help="Ask CloudWatch for no metrics: what is idle or oversized stays unknown.",
        ),
        click.option(
            "--metrics-budget",
            metavar="USD",
            type=click.FloatRange(0),
            help="The most that metrics may cost (0.01 USD per thousand); those beyond stay unknown.",
        ),
        click.option(
            "--lookback",
            metavar="DAYS",
            type=click.IntRange(1, 455),
            default=14,
            show_default=True,
            help="Days of metrics to look at.",
        ),
    ):
        function = option(function)
    return function


def asking_options(function: F) -> Callable[..., Any]:
    """How accounts are asked: which credentials and regions, how fast, what may cost money.

    The command gets `profile`, `external_id`, `regions` and `manner`.
    """

    @click.option("--profile", metavar="NAME", help="A profile of the AWS configuration; else the environment's.")
    @click.option("--external-id", metavar="ID", help="The external id that the role's trust policy asks for.")
    @click.option(
        "--regions", multiple=True, metavar="NAME", help="Only these (repeat it, or commas); else all that are enabled."
    )
    @click.option("--resume", is_flag=True, help="Go on with a scan that was killed within the last 24 hours.")
    @click.option(
        "--max-calls-per-second",
        "rate",
        metavar="N",
        type=click.FloatRange(0, min_open=True),
        help="To one service in one region of an account, retries included.",
    )
    @click.option(
        "--paid-apis", "paid", is_flag=True, help="Ask Cost Explorer too: up to 8 requests an account, 0.01 USD each."
    )
    @metrics_options
    @wraps(function)
    def command(
        *,
        regions: tuple[str, ...],
        resume: bool,
        rate: float | None,
        paid: bool,
        no_metrics: bool,
        metrics_budget: float | None,
        lookback: int,
        **others: Any,
    ) -> Any:
        from auditor.sources.account.manner import Manner, Metrics

        metrics = Metrics(no_metrics, lookback, metrics_budget)
        manner = Manner(rate=rate, resume=resume, paid=paid, metrics=metrics)
        chosen = [name for entry in regions for name in entry.split(",") if name]
        return function(regions=chosen, manner=manner, **others)

    return command


def configuration(config_file: str | None, **flags: Any) -> Config:
    """The configuration file's settings under the flags that were given."""
    return load(config_file).with_flags(**flags)
