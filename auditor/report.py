"""The canonical result of a scan. Every report is rendered from it, and it can be saved as JSON and read again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from auditor.errors import UsageError
from auditor.findings import Hop, Level, Status, Suppression
from auditor.gate import Gate
from auditor.pricing.cost import Cost
from auditor.pricing.saving import Saving
from auditor.raw import Gap, Location, Notice
from auditor.score import Score
from auditor.shapes import validated

SCHEMA = "auditor-report/1"


@dataclass(slots=True)
class CheckInfo:
    """What a report says of a check, in Terraform's words where it judged nothing else.

    `bad` and `good` are its first examples, where it has any.
    """

    title: str
    severity: Level
    pillar: str
    why: str
    fix: str
    bad: str = ""
    good: str = ""


@dataclass(slots=True)
class ResourceInfo:
    """What a report says of a resource; its key in the report is its address.

    Attributes:
        cost: what it costs if always on.
        tags: those that the setting `report_tags` names, and no others.
    """

    type: str
    title: str
    location: Location
    cost: Cost | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Result:
    """One line of evidence: a check's verdict on a resource, or one of its findings.

    Attributes:
        check, resource: keys of `Report.checks` and `Report.resources`.
        status: `fail`, `pass`, `unknown`, `suppressed` or `error`.
        message: what is wrong, to be read after the resource's title; empty unless `fail` or `suppressed`.
        reason: why it is `unknown` or an `error`.
        fingerprint: stable identity of a failure.
        property: the property that is wrong, in the source's own words, list indexes as numbers.
        expected: the one right value, where there is one.
        observed: what stands there instead, `not set` for nothing; empty where it is no plain value or may be secret.
        location: where that property stands; None for a pass.
        source: the line of the template, secrets hidden.
        saving: dollars a month.
        suppression: why, by whom and until when a `suppressed` one is accepted.
        gain: points that the overall score rises when this resource passes this check.
        known: the baseline has this failure too, so that the gate lets it pass.
        seen: when the earliest of the earlier reports was made that have this failure, without a break until now;
            empty where the last one lacks it, or there is none.
        hops: the path that it is about, hop by hop, such as from the internet to an instance.
    """

    check: str
    resource: str
    status: Status
    message: str = ""
    reason: str = ""
    fingerprint: str = ""
    property: str = ""
    expected: str | None = None
    observed: str = ""
    location: Location | None = None
    source: str | None = None
    saving: Saving | None = None
    suppression: Suppression | None = None
    gain: float | None = None
    known: bool = False
    seen: str = ""
    hops: tuple[Hop, ...] = ()


@dataclass(slots=True)
class Summary:
    """Counts of verdicts by status, of failures by severity, and the savings added up.

    Attributes:
        verdicts: number of (check, resource) pairs by status.
        failures: number of failed pairs by severity.
        findings: number of results that are `fail` (a pair may have several).
        saving_low, saving_high: USD per month at list prices, before discounts. Several savings on one resource never
            add up to more than it costs; see `pricing.totals`.
        cost_low, cost_high: what the resources of templates cost if they always run, USD per month at list prices, as
            far as the price book knows them; None for accounts, whose bill knows better.
    """

    verdicts: dict[str, int]
    failures: dict[str, int]
    findings: int
    resources: int
    checks: int
    saving_low: float
    saving_high: float
    cost_low: float | None = None
    cost_high: float | None = None


@dataclass(slots=True)
class Change:
    """How a report differs from an earlier one.

    Attributes:
        against: what it is compared with: a file's name, or a git revision.
        new: number of findings that the earlier one does not have.
        known: number of findings that both have.
        fixed: findings of the earlier one that are gone.
        saving_low, saving_high: by how much the waste has changed, USD per month; above zero is more waste.
        cost_low, cost_high: by how much what always runs costs more, USD per month; None where one of the two does not
            say what its resources cost.
    """

    against: str
    new: int = 0
    known: int = 0
    fixed: list[Result] = field(default_factory=list)
    saving_low: float = 0.0
    saving_high: float = 0.0
    cost_low: float | None = None
    cost_high: float | None = None


@dataclass(slots=True)
class Earlier:
    """An earlier report in numbers, for the trend.

    Attributes:
        name: its file.
        created: when its scan ended.
        score: overall.
        findings: number of findings by severity.
        unknown: number of verdicts that could not be reached.
        saving_low, saving_high: USD a month.
    """

    name: str
    created: str
    score: Score
    findings: dict[str, int]
    unknown: int
    saving_low: float
    saving_high: float


ControlStatus = Literal["fail", "unknown", "accepted", "pass", "no-resources", "not-covered"]
CONTROL_STATUSES: tuple[ControlStatus, ...] = get_args(ControlStatus)


@dataclass(slots=True)
class ControlResult:
    """How a scan stands against one control of a framework.

    Attributes:
        id, title: the control.
        status: `fail` where a check of it failed; else `unknown` where one could not decide everywhere, may have missed
            resources or was left out of the scan; else `accepted` where failures are suppressed; else `pass`;
            `no-resources` where its checks found nothing to judge; `not-covered` where no check of it was run.
        checks: ids of the checks that judge it, or a part of it; empty where there is none.
        because: those of them that made it fail, unknown or accepted.
        verdicts: number of its checks' verdicts by status.
        reason: which of its checks had no say, and why.
    """

    id: str
    title: str
    status: ControlStatus
    checks: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    verdicts: dict[str, int] = field(default_factory=dict)
    reason: str = ""


@dataclass(slots=True)
class Compliance:
    """How a scan stands against a compliance framework.

    Attributes:
        name: what `--framework` calls it; `title` and `short` for people.
        version: as its publisher numbers or dates it.
        complete: `controls` are all that this version has.
        source: where the list of controls is from.
        counts: number of controls by status, every status named.
        controls: in the framework's order.
        note: what a reader should know.
    """

    name: str
    title: str
    short: str
    version: str
    complete: bool
    source: str
    counts: dict[str, int]
    controls: list[ControlResult]
    note: str = ""


@dataclass(slots=True)
class Share:
    """What a resource, a service or a team has of a sum, in USD a month at list prices, before discounts.

    Attributes:
        name: the resource's address, the service or the team; empty for resources without a team's tag, None for those
            of which it is not known whether they have one.
        low, high: the least and the most.
        resources: how many have a part in it.
        as_of: the date of the oldest price in it.
        confidence: how much of `high` is how sure, the surest first; empty for what things cost.
        kinds: how much of `high` is of which kind (see `pricing.saving.Kind`), the greatest first; as above.
        checks: the checks whose savings these are, the greatest first.
    """

    name: str | None
    low: float
    high: float
    resources: int
    as_of: str
    confidence: dict[str, float] = field(default_factory=dict)
    kinds: dict[str, float] = field(default_factory=dict)
    checks: tuple[str, ...] = ()


@dataclass(slots=True)
class Breakdown:
    """A sum in USD a month at list prices, before discounts, and how it comes about; the greatest shares first.

    Attributes:
        low, high: all together.
        top: the resources with the greatest shares, not more than twenty.
        services, teams: all of them.
    """

    low: float
    high: float
    top: list[Share]
    services: list[Share]
    teams: list[Share]


@dataclass(slots=True)
class CostView:
    """Where the money is.

    Attributes:
        team_tags: keys of the tags that name a team, the first that a resource has counts.
        savings: what mending the findings saves; several on one resource never come to more than it costs.
        running: what the resources of templates cost if they are always on, as far as the price book knows; None for
            accounts.
    """

    team_tags: tuple[str, ...]
    savings: Breakdown
    running: Breakdown | None = None


@dataclass(slots=True)
class Report:
    """Everything that a scan found out.

    Attributes:
        schema: name and version of this format.
        version: version of auditor.
        created: when the scan ended, ISO 8601 in UTC.
        kind: what was scanned.
        inputs: the templates or accounts that were read, with counts.
        gate: whether the results pass, and why.
        score: overall; `pillars` by pillar.
        results: every verdict, passes too.
        gaps: calls that did not answer; `notices`: inputs that were not or only partly understood.
        calls: API calls made, by `service:Operation`.
        change: what is new and what is fixed, where there is an earlier report or revision to compare with.
        compliance: how it stands against compliance frameworks.
        costs: where the money is: what could be saved and what templates cost, by resource, service and team.
        history: earlier reports, the oldest first; `since` is what changed since the last of them.
    """

    version: str
    created: str
    kind: Literal["templates", "account"]
    inputs: list[dict[str, Any]]
    summary: Summary
    score: Score
    pillars: dict[str, Score]
    gate: Gate
    checks: dict[str, CheckInfo]
    resources: dict[str, ResourceInfo]
    results: list[Result]
    gaps: list[Gap] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)
    change: Change | None = None
    compliance: list[Compliance] = field(default_factory=list)
    costs: CostView | None = None
    history: list[Earlier] = field(default_factory=list)
    since: Change | None = None
    schema: str = SCHEMA

    def to_dict(self) -> dict[str, Any]:
        """As plain data; members left out that are empty or unset by default."""
        plain: dict[str, Any] = _plain(self)
        return plain

    def to_json(self) -> str:
        """As JSON text, ending in a newline."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n"


def _plain(value: Any) -> Any:
    """Dataclasses as maps, members left out that say nothing and are so by default."""
    if hasattr(value, "__dataclass_fields__"):
        members = ((spec, getattr(value, name)) for name, spec in value.__dataclass_fields__.items())
        return {
            spec.name: _plain(member)
            for spec, member in members
            if not ((member is None or member is False or member == "" or member == ()) and member == spec.default)
        }
    if isinstance(value, dict):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(member) for member in value]
    return value.value if isinstance(value, Status) else value


def load(path: str) -> Report:
    """Read a saved report.

    Raises:
        UsageError: the file is missing, is not JSON, or is not a report of a version that this auditor reads.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not valid JSON: {error}") from error
    found = content.get("schema") if isinstance(content, dict) else None
    if found != SCHEMA:
        raise UsageError(f"{path}: not a report that this version reads (its schema is {found!r}, not {SCHEMA!r})")
    report: Report = validated(Report, content, path)
    return report


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a saved report, as published in `docs/report.schema.json`."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(Report).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "auditor report", **schema}
