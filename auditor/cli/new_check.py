"""`auditor new-check`: a first version of a check, to be filled in."""

from __future__ import annotations

import re
from pathlib import Path

import click

from auditor.errors import UsageError
from auditor.registry import PILLARS, load_checks
from reports.interface import make_folder, write

_TEMPLATE = '''"""Checks of {service} in the {pillar} pillar."""

from auditor import MEDIUM, Findings, check
from auditor.resources.{module} import {cls}


@check(
    "{check_id}",
    title="{title}",
    severity=MEDIUM,
    bad="""{cfn}: {{}}""",
    good="""{cfn}: {{}}""",
)
def {function}({argument}: {cls}) -> Findings:
    """Say in one to three sentences what goes wrong without it.

    Fix: say what to change, and to what.
    """
    raise NotImplementedError("read fields of the resource; yield {argument}.fail(...) for what is wrong")
'''

_EXAMPLES = """# bad
# a configuration that fails, in Terraform's language

# good
# one that passes
"""


@click.command(
    "new-check", epilog="Example: `auditor new-check s3-bucket-object-lock --pillar resilience -r AWS::S3::Bucket`."
)
@click.argument("check_id", metavar="ID")
@click.option("--pillar", type=click.Choice(PILLARS), required=True, help="The folder it goes to.")
@click.option("-r", "--resource", metavar="TYPE", required=True, help="The CloudFormation type that it judges.")
@click.option("--folder", default="checks", metavar="DIR", help="Where the pillars' folders are.", show_default=True)
def command(check_id: str, pillar: str, resource: str, folder: str) -> None:
    """Write a new check's file, ready to be filled in.

    Its examples run as tests and appear in `auditor explain`; nothing else needs to be told of it.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", check_id):
        raise UsageError(f"{check_id}: an id is lower-case words with dashes, such as s3-bucket-versioning")
    if check_id in load_checks():
        raise UsageError(f"{check_id} exists already; see `auditor explain {check_id}`")
    file = Path(folder) / pillar.replace("-", "_") / f"{check_id.replace('-', '_')}.py"
    if file.exists():
        raise UsageError(f"{file} exists already")
    module, cls, known = _resource(resource)
    make_folder(file.parent / "examples")
    write(
        _TEMPLATE.format(
            service=module,
            pillar=pillar,
            module=module,
            cls=cls,
            cfn=resource,
            check_id=check_id,
            title=f"{check_id.replace('-', ' ').capitalize()}: say what good looks like",
            function=check_id.replace("-", "_"),
            argument=re.sub(r"(?<!^)(?=[A-Z])", "_", cls).lower(),
        ),
        file,
    )
    examples = file.with_name("examples") / f"{check_id}.hcl"
    write(_EXAMPLES, examples)
    click.echo(f"wrote {file}")
    click.echo(f"wrote {examples}")
    click.echo("next: fill in the check and its bad and good examples, then run `make plans` and `make test`")
    click.echo(
        '      (inputs=("live", "cloudformation") where Terraform declares nothing of it: then without the .hcl)'
    )
    if not known:
        click.echo(f"      and add the class {cls} with the fields you read to auditor/resources/{module}.py")


def _resource(type_name: str) -> tuple[str, str, bool]:
    """Module and class for a type, and whether the class is there already."""
    from auditor.resources.base import TYPES

    if type_name in TYPES:
        cls = TYPES[type_name]
        return cls.__module__.rpartition(".")[2], cls.__name__, True
    parts = type_name.split("::")
    if len(parts) != 3 or not all(part.isidentifier() for part in parts):
        raise UsageError(f"{type_name}: a resource type looks like AWS::S3::Bucket")
    return parts[1].lower(), parts[2], False
