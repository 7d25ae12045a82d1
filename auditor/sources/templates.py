"""Everything that a scan of templates reads: each path given to the source that understands it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.raw import Collected, Ignore, Location, Notice
from auditor.sources import comments
from auditor.sources.documents import Malformed, read_text
from auditor.sources.kinds import configurations, is_configuration, is_plan
from auditor.sources.kinds import plans as plans_in


def collect(
    paths: Sequence[str],
    *,
    parameters: Mapping[str, Any] | None = None,
    own_parameters: Sequence[tuple[str, Mapping[str, Any]]] = (),
    variables: Mapping[str, Any] | None = None,
    var_files: Sequence[str] = (),
    account: str | None = None,
    region: str | None = None,
    skip_others: bool = False,
) -> Collected:
    """Read templates of every kind: CloudFormation's and Terraform's.

    Args:
        paths: files, and folders, searched for all kinds.
        parameters: values of the parameters of CloudFormation templates.
        own_parameters: globs of such templates, and values for those alone.
        variables: values of the variables of Terraform's root modules.
        var_files: files of such values.
        account: account id that they are meant for.
        region: region that they are meant for.
        skip_others: a file that is named but is no template is passed over.

    Returns:
        Their resources, and what could not be read.

    Raises:
        UsageError: a parameter or variable that none declares, or a variable file that can't be read.
    """
    folders = [path for path in paths if Path(path).is_dir()]
    with_terraform = {folder for folder in folders if _holds_configurations(folder)}
    of_terraform = [path for path in paths if path in with_terraform or is_configuration(Path(path).name)]
    with_others = set(with_terraform)
    plans = [path for path in paths if path not in of_terraform and is_plan(path)]
    others = [path for path in paths if path in folders or path not in {*of_terraform, *plans}]
    collected = Collected()
    for folder in folders:
        lying = list(plans_in(folder))
        if folder in with_terraform:
            message = "is a plan and was not scanned, as it may be older than the files beside it; name it to scan it"
            collected.notices += [Notice("warning", message, Location(file)) for file in lying]
        else:
            plans += lying
            with_others |= {folder} if lying else set()
    if others or parameters:
        from auditor.sources import cloudformation

        found = cloudformation.collect(
            others,
            parameters=parameters,
            own_parameters=own_parameters,
            account=account,
            region=region,
            skip_others=skip_others,
            with_others=with_others,
        )
        _add(collected, found)
    if of_terraform or variables or plans:
        from auditor.sources import terraform

        found = terraform.collect(
            of_terraform, variables=variables, var_files=var_files, account=account, region=region
        )
        _add(collected, found)
        _add(collected, terraform.collect_plans(plans, account=account, region=region))
    return collected


def _holds_configurations(folder: str) -> bool:
    return any(configurations(folder))


def _add(collected: Collected, found: Collected) -> None:
    collected.raws += found.raws
    collected.notices += found.notices
    collected.inputs += found.inputs


def ignores(collected: Collected) -> Iterator[Ignore]:
    """The risks that the files which were read accept themselves."""
    for name in (place["name"] for place in collected.inputs if place["kind"] == "cloudformation"):
        from auditor.sources.cloudformation.ignores import ignores as cloudformation_ignores

        yield from cloudformation_ignores(name)
    # A module's files are part of each configuration that calls it.
    for file in dict.fromkeys(file for place in collected.inputs for file in place.get("files", ())):
        try:
            yield from comments.ignores(file, read_text(file))
        except Malformed:  # its scan says so
            continue
