"""`auditor explain`: one check in full."""

from __future__ import annotations

from difflib import get_close_matches
from textwrap import indent

import click

from auditor.errors import UsageError
from auditor.examples import terraform_examples
from auditor.frameworks import controls_by_check
from auditor.registry import CHECKS, Check, load_checks
from auditor.resources.base import TYPES


def _complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    return [check_id for check_id in sorted(load_checks()) if check_id.startswith(incomplete)]


@click.command("explain", epilog="Example: `auditor explain s3-bucket-versioning`.")
@click.argument("check_id", metavar="ID", shell_complete=_complete)
@click.option("--all", "every", is_flag=True, help="All examples, not only the first of each kind.")
@click.option("--checks-dir", multiple=True, metavar="DIR", help="A folder with further checks.")
def command(check_id: str, every: bool, checks_dir: tuple[str, ...]) -> None:
    """Explain one check: why it matters, how to fix it, examples."""
    load_checks(checks_dir)
    click.echo(explain(find(check_id), every=every))


def find(check_id: str) -> Check:
    """The check of that id or former id.

    Raises:
        UsageError: there is none.
    """
    for check in CHECKS.values():
        if check_id in (check.id, *check.aliases):
            return check
    near = get_close_matches(check_id, CHECKS, 3, 0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "`auditor checks` lists them"
    raise UsageError(f"there is no check {check_id}; {hint}")


def repair(check: Check) -> str:
    """What `auditor fix` does about a fixable check, as a sentence."""
    besides = f" It {check.side_effect}." if check.side_effect else ""
    return f"`auditor fix` makes this repair in templates where it is certain.{besides}"


def explain(check: Check, *, every: bool = False) -> str:
    """A check as text, with its first examples or all of them."""
    parts = [
        f"{check.id}: {check.title}",
        f"{check.severity.label} · {check.pillar} · judges {', '.join(_judged(check))}",
        f"inputs: {', '.join(check.inputs)}",
        "",
        check.why,
        "",
        f"Fix: {check.fix}",
    ]
    if check.fixable:
        parts += ["", repair(check)]
    controls = controls_by_check().get(check.id)
    if controls:
        parts += ["", f"Judges {', '.join(controls)}."]
    hcl = terraform_examples(check)
    left = 0
    for verb, examples, configurations in (("Fails", check.bad, hcl.bad), ("Passes", check.good, hcl.good)):
        for language, texts in (("CloudFormation", examples), ("Terraform", configurations)):
            shown = texts if every else texts[:1]
            left += len(texts) - len(shown)
            for text in shown:
                parts += ["", f"{verb} ({language}):", indent(text.strip(), "    ")]
    if left:
        parts += ["", f"`auditor explain {check.id} --all` shows {left} more example{'s' if left > 1 else ''}."]
    return "\n".join(parts)


def _judged(check: Check) -> list[str]:
    """The types that a check judges, with Terraform's name for each that has one."""
    terraform = {name: TYPES[name].tf for name in check.judges}
    return [f"{name} ({known})" if known else name for name, known in terraform.items()]
