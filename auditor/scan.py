"""One scan from input to report: what the commands, the demo and the scheduled Lambda all call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Literal

from auditor import advice, clock, suppressions
from auditor.assemble import Rules, build
from auditor.compliance import assess
from auditor.config import Config
from auditor.costs import Ledger
from auditor.engine import evaluate
from auditor.errors import UsageError
from auditor.findings import Status, Verdict
from auditor.frameworks import checks_of
from auditor.inventory import Inventory
from auditor.raw import Collected, Gap, Location, Notice, Origin, Path, Raw
from auditor.registry import PILLARS, Check, load_checks
from auditor.report import Report
from auditor.resources.account import Account
from auditor.resources.region import Region
from auditor.wanted import types_of, wanted_by

if TYPE_CHECKING:
    from auditor.lint import Linted
    from auditor.sources.account.failures import Halt
    from auditor.sources.account.manner import Manner


def scan_templates(
    paths: Sequence[str],
    config: Config,
    *,
    parameters: Mapping[str, Any] | None = None,
    variables: Mapping[str, Any] | None = None,
    var_files: Sequence[str] = (),
    strict: bool = False,
    inline: bool = True,
    baseline: Report | None = None,
    against: str = "",
    only: Collection[FilePath] | None = None,
    lint: bool = False,
    skip_others: bool = False,
) -> Report:
    """Scan template files and folders.

    Args:
        paths: files or folders.
        config: settings; its `account` and `region` are what the templates are judged for.
        parameters: values for the templates' parameters, by name.
        variables: values for the variables of Terraform's root modules, by name.
        var_files: files of such values.
        strict: whatever could not be read makes the scan incomplete (exit code 3).
        inline: whether risks accepted in the templates themselves count.
        baseline: an earlier report; only findings that it lacks count for the gate.
        against: what the baseline is called.
        only: absolute paths of the files to judge; the others are read for what they export. Of a Terraform
            configuration, one file stands for all.
        lint: add what cfn-lint says.
        skip_others: pass over files that are named but are no templates.

    Raises:
        UsageError: a parameter that no template has, or a setting that names nothing.
    """
    from auditor.sources.cloudformation import load_parameters
    from auditor.sources.templates import collect, ignores

    checks = select(config)
    collected = collect(
        paths,
        parameters=parameters,
        own_parameters=[(one.path, load_parameters(one.parameters)) for one in config.override if one.parameters],
        variables=variables,
        var_files=var_files,
        account=config.account,
        region=config.region,
        skip_others=skip_others,
    )
    files = [place["name"] for place in collected.inputs if place["kind"] == "cloudformation"]
    if inline:
        collected.ignores = list(ignores(collected))
    collected.raws.extend(accounts(collected.raws))
    context = frozenset(file for place in collected.inputs for file in place.get("context", ()))
    if only is not None:
        only = _with_configurations(only, collected.inputs)
    rules = Rules(config.fail_on, strict, baseline, against)
    linted: list[Linted] = []
    if lint:
        from auditor.lint import lint as lint_files

        asked = [file for file in files if only is None or FilePath(file).resolve() in only]
        linted = list(lint_files(asked, config.region))
    return _judge("templates", collected, checks, config, rules, only, linted, context)


def scan_account(
    config: Config,
    *,
    profile: str | None = None,
    role_arn: str | None = None,
    external_id: str | None = None,
    regions: Sequence[str] | None = None,
    session: Any = None,
    manner: Manner | None = None,
    save_inventory: str | None = None,
    strict: bool = False,
    baseline: Report | None = None,
    against: str = "",
    progress: Callable[[str], None] | None = None,
    halt: Halt | None = None,
) -> Report:
    """Scan the account that the credentials belong to, asking AWS only what the selected checks need.

    Args:
        config: settings.
        profile: name in the AWS configuration; else the environment decides.
        role_arn, external_id: a role to assume first.
        regions: instead of all that are enabled.
        session: a `boto3.Session` to use as it is, instead of `profile` and the environment.
        manner: how fast the account is asked, what is kept meanwhile, what is logged.
        save_inventory: a file for what was collected, which `scan_inventory` judges again.
        strict: denied calls too make the scan incomplete (exit code 3).
        baseline, against: see `scan_templates`.
        progress: called with a line of text now and then.
        halt: stops the scan from another thread; what it has found by then is judged.

    Raises:
        UsageError: no such profile, no or expired credentials, a setting that names nothing, or a file that cannot be
            written.
    """
    from auditor.sources import snapshot
    from auditor.sources.account.manner import DEFAULT
    from auditor.sources.account.source import collect

    checks = select(config)
    wanted = wanted_by(checks)
    collected = collect(
        profile=profile,
        role_arn=role_arn,
        external_id=external_id,
        regions=regions,
        types=wanted,
        session=session,
        manner=manner or DEFAULT,
        progress=progress,
        halt=halt,
    )
    if save_inventory:
        snapshot.save(collected, save_inventory, types=wanted, version=_version())
    return _judge("account", collected, checks, config, Rules(config.fail_on, strict, baseline, against))


def scan_inventory(
    path: str, config: Config, *, strict: bool = False, baseline: Report | None = None, against: str = ""
) -> Report:
    """Judge again, without the account, what `scan_account` saved.

    A check that needs more than was collected is left out, with a notice. Ages are judged by the time when it was
    saved, which the report says.

    Args:
        path: the saved inventory.
        config: settings.
        strict, baseline, against: see `scan_account`.

    Raises:
        UsageError: the file is broken or no inventory, or a setting names nothing.
    """
    from auditor.sources import snapshot

    saved = snapshot.load(path)
    chosen = select(config)
    lacking = {check.id: saved.lacks(wanted_by([check])) for check in chosen}
    checks = [check for check in chosen if not lacking[check.id]]
    left_out = len(chosen) - len(checks)
    if left_out:
        missing = ", ".join(_missing(lacking.values()))
        message = f"{left_out} checks were not run: the scan that saved {path} did not collect {missing}."
        saved.collected.notices.append(Notice("warning", message, Location(file=path)))
    taken = saved.created.isoformat(sep=" ", timespec="minutes")
    message = f"The inventory was taken on {taken}: ages are judged by that time."
    saved.collected.notices.append(Notice("warning", message, Location(file=path)))
    with clock.at(saved.created):
        return _judge("account", saved.collected, checks, config, Rules(config.fail_on, strict, baseline, against))


def _missing(lacking: Collection[Mapping[str, set[str]]]) -> Iterator[str]:
    """What was not collected, for a person: `AWS::S3::Bucket (Policy, Tags)`."""
    for type in sorted({type for types in lacking for type in types}):
        told = [types[type] for types in lacking if type in types]
        yield f"{type} ({', '.join(sorted(set().union(*told)))})" if all(told) else type


def select(config: Config) -> list[Check]:
    """The checks that the configuration selects, sorted by id.

    Raises:
        UsageError: a pattern in `select` or `ignore` matches no check and no pillar, or there is no such framework.
    """
    checks = load_checks(config.checks_dir)
    for pattern in (*config.select, *config.ignore):
        if not any(_matches(check, pattern) for check in checks.values()):
            near = get_close_matches(pattern, [*checks, *PILLARS], 1)
            hint = f"; did you mean {near[0]}?" if near else "; `auditor checks` lists them"
            raise UsageError(f"no check and no pillar is called {pattern}{hint}")
    of_frameworks = checks_of(config.frameworks)
    return [
        check
        for _, check in sorted(checks.items())
        if (not config.select or any(_matches(check, pattern) for pattern in config.select))
        and not any(_matches(check, pattern) for pattern in config.ignore)
        and (not config.frameworks or check.id in of_frameworks)
    ]


def _matches(check: Check, pattern: str) -> bool:
    names = (check.id, *check.aliases)
    return pattern == check.pillar or any(fnmatchcase(name, pattern) for name in names)


def _judge(
    kind: Literal["templates", "account"],
    collected: Collected,
    checks: Sequence[Check],
    config: Config,
    rules: Rules,
    only: Collection[FilePath] | None = None,
    linted: Sequence[Linted] = (),
    context: Collection[str] = (),
) -> Report:
    inventory = Inventory(collected)
    verdicts = advice.merged(evaluate(inventory, checks, config))
    if only is not None or config.override or context:
        verdicts = [verdict for verdict in verdicts if _counts(verdict, config, only, context)]
    ignores = [one for one in collected.ignores if _is_asked_for(one.location.file, only, context)]
    run = {check.id for check in checks}
    not_run = [check for name, check in load_checks(config.checks_dir).items() if name not in run]
    today = datetime.now(UTC).date()
    collected.notices.extend(suppressions.apply(verdicts, config.suppress, ignores, today, not_run))
    collected.gaps = _with_checks(collected.gaps, checks, verdicts)
    hidden = {check for gap in collected.gaps for check in gap.checks}
    compliance = assess(kind, config, checks, verdicts, hidden)
    return build(
        kind,
        collected,
        verdicts,
        rules,
        version=_version(),
        linted=linted,
        compliance=compliance,
        ledger=Ledger(inventory, config.team_tags),
        tags=config.tags_told,
    )


def _version() -> str:
    from importlib.metadata import version

    return version("auditor")


def _with_checks(gaps: Sequence[Gap], checks: Sequence[Check], verdicts: Iterable[Verdict]) -> list[Gap]:
    """The gaps with the checks that could not be decided, or not for all, because of each.

    By what a gap may hide, and by what verdicts say themselves; the account and its regions cannot be hidden.
    """
    if not gaps:
        return []
    by_type: defaultdict[str, set[str]] = defaultdict(set)
    for check in checks:
        for type in types_of([check]):
            by_type[type].add(check.id)
    undecided: defaultdict[str, set[str]] = defaultdict(set)
    for verdict in verdicts:
        if verdict.status is Status.UNKNOWN:
            undecided[verdict.reason].add(verdict.check.id)

    @cache
    def for_reason(reason: str) -> set[str]:  # a scan has thousands of gaps, and few reasons
        return set().union(*(ids for told, ids in undecided.items() if reason in told))

    def made_unknown(gap: Gap) -> tuple[str, ...]:
        hidden = (by_type[type] for type in gap.types if "::" in type)
        return tuple(sorted(for_reason(gap.reason).union(*hidden)))

    return [replace(gap, checks=made_unknown(gap)) for gap in gaps]


def _with_configurations(files: Collection[FilePath], inputs: Iterable[Mapping[str, Any]]) -> set[FilePath]:
    """Files, with all of each configuration that one is part of: a variable's value changes what others make."""
    found = set(files)
    for place in inputs:
        together = {FilePath(file).resolve() for file in place.get("files", ())}
        if not together.isdisjoint(found):
            found |= together
    return found


def _is_asked_for(file: str | None, only: Collection[FilePath] | None, context: Collection[str]) -> bool:
    return file is None or (file not in context and (only is None or FilePath(file).resolve() in only))


def _counts(verdict: Verdict, config: Config, only: Collection[FilePath] | None, context: Collection[str] = ()) -> bool:
    """Whether a verdict is about a file that is asked for, by a check that is not ignored there."""
    file = verdict.resource.raw.origin.locate(()).file
    if file is None:
        return True
    return _is_asked_for(file, only, context) and not any(
        fnmatchcase(file, override.path) and any(_matches(verdict.check, pattern) for pattern in override.ignore)
        for override in config.override
    )


class _WholeFile:
    """The origin of the account and region that a template will be deployed to: the file as a whole."""

    def __init__(self, member: Origin) -> None:
        """`member` is that of something in the file."""
        self._member = member

    def locate(self, path: Path) -> Location:
        return Location(file=self._member.locate(()).file, present=False)


def accounts(raws: Iterable[Raw]) -> list[Raw]:
    """For each template, the account and region it will be deployed to: checks of these judge what it declares."""
    members: dict[str, Raw] = {}
    for raw in raws:  # of a Terraform configuration, one in its own dialect: those of AWSCC are in CloudFormation's
        if raw.scope.name not in members or raw.dialect == "tf":
            members[raw.scope.name] = raw
    places = ((Account.cfn, "account"), (Region.cfn, "region"))
    return [
        Raw(type, name, {}, raw.scope, _WholeFile(raw.origin), raw.dialect, title=f"the {name}")
        for raw in members.values()
        for type, name in places
    ]
