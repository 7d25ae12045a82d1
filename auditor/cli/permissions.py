"""`auditor permissions`: the IAM policy of a live scan, and whether somebody has it."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.options import checks_options, configuration
from auditor.errors import UsageError
from auditor.scan import select
from auditor.wanted import wanted_by
from reports.interface import make_folder

if TYPE_CHECKING:
    from auditor.registry import Check


@click.command(
    "permissions",
    epilog="Examples: `auditor permissions -s cost > policy.json`, "
    "`auditor permissions --format cloudformation > role.yaml`, `auditor permissions --verify --profile audit`. "
    "Exit codes: 0 done; 1 --verify found actions that are not allowed; 2 bad usage, or it cannot be verified.",
)
@click.option(
    "-f",
    "--format",
    "style",
    type=click.Choice(["json", "cloudformation"]),
    default="json",
    help="Policy documents, or a template with a role that has them.",
)
@click.option(
    "-o", "--output", metavar="PATH", help="A file for the template; for documents a folder, a file for each."
)
@click.option("--verify", is_flag=True, help="Ask IAM which of the actions your credentials lack, and print those.")
@click.option("--profile", metavar="NAME", help="With --verify: a profile of your AWS configuration.")
@click.option("--role-arn", metavar="ARN", help="With --verify: a role to assume first.")
@click.option("--external-id", metavar="TEXT", help="What that role's trust policy asks for.")
@click.option("--paid-apis", "paid", is_flag=True, help="For scans with this flag, which ask Cost Explorer too.")
@checks_options
def command(
    style: str,
    output: str | None,
    paid: bool,
    verify: bool,
    profile: str | None,
    role_arn: str | None,
    external_id: str | None,
    config_file: str | None,
    **flags: object,
) -> None:
    """Print the IAM policy that exactly the selected checks' API calls need.

    It is derived from the operations that the collectors declare; the read-only guard refuses any other. A managed
    policy holds 6,144 characters, so that there may be several: a list of documents then.
    """
    if not verify and (profile or role_arn or external_id):
        raise UsageError("--profile, --role-arn and --external-id say whom to verify: add --verify")
    checks = select(configuration(config_file, **flags))
    if paid:
        from auditor.sources.account.services.paid import opt_in

        opt_in()
    if verify:
        _verify(checks, profile, role_arn, external_id)
        return
    from auditor.sources.account.collector import collectors_of
    from auditor.sources.account.permissions import POLICIES_PER_ROLE, policy, split

    documents = split(policy(collectors_of(wanted_by(checks))))
    if len(documents) > POLICIES_PER_ROLE:
        click.echo(
            f"auditor: these are {len(documents)} managed policies, and a role can have {POLICIES_PER_ROLE} unless AWS"
            " raises that; select fewer checks (-s), or split them between scans",
            err=True,
        )
    if style == "cloudformation":
        _write(_yaml(documents), output)
    elif output is None:
        click.echo(_json(documents[0] if len(documents) == 1 else documents), nl=False)
    else:
        make_folder(Path(output))
        for number, document in enumerate(documents, 1):
            _write(_json(document), str(Path(output) / f"policy-{number}.json"))


def _verify(checks: list[Check], profile: str | None, role_arn: str | None, external_id: str | None) -> None:
    from auditor.sources.account.simulation import lacking

    needed = _needed(checks)
    principal, missing = lacking(needed, profile=profile, role_arn=role_arn, external_id=external_id)
    for action in missing:
        click.echo(f"{action}  {_for(needed[action])}")
    allowed = f"{len(needed) - len(missing)} of {len(needed)} actions are allowed"
    click.echo(f"{principal}: {allowed}" + (f", {len(missing)} are lacking" if missing else ""), err=True)
    click.get_current_context().exit(1 if missing else 0)


def _needed(checks: list[Check]) -> dict[str, list[str]]:
    """Every action that the checks need, with the checks that need it; none where every scan does."""
    from auditor.sources.account.collector import collectors_of
    from auditor.sources.account.guard import CORE_OPERATIONS
    from auditor.sources.account.permissions import action, actions

    needed: dict[str, list[str]] = defaultdict(list, {name: [] for name in map(action, CORE_OPERATIONS) if name})
    for check in checks:
        for name in {name for one in collectors_of(wanted_by([check])) for name in actions(one)}:
            needed[name].append(check.id)
    return needed


def _for(checks: list[str]) -> str:
    """What lacks without an action."""
    if not checks:
        return "every scan"
    return ", ".join(checks[:3]) + (f" and {len(checks) - 3} more" if len(checks) > 3 else "")


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"


def _yaml(documents: list[dict[str, Any]]) -> str:
    import yaml

    from auditor.sources.account.permissions import template

    text: str = yaml.safe_dump(template(documents), sort_keys=False, width=100)
    return text


def _write(text: str, path: str | None) -> None:
    if path is None:
        click.echo(text, nl=False)
        return
    from reports.interface import write

    write(text, path)
    click.echo(f"wrote {path}", err=True)
