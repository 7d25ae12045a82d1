"""Settings: `auditor.toml` or `[tool.auditor]` in `pyproject.toml`, then flags.

A key is a field of `Config`; `docs/configuration.md` is made from them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from difflib import get_close_matches
from math import inf
from pathlib import Path
from typing import Any, Literal

from auditor.errors import UsageError
from auditor.findings import Level

FILES = ("auditor.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Suppress:
    """One accepted risk: `[[suppress]]` in the configuration.

    Attributes:
        check: id of the check, or a glob such as `s3-*`.
        reason: why it is accepted; required.
        resource: glob on the resource's address, ARN or name.
        until: last day on which it holds; none means no end.
        by: who accepted it.
    """

    check: str
    reason: str
    resource: str = "*"
    until: date | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """Other settings for some template files: `[[override]]` in the configuration.

    Attributes:
        path: glob of the files, as they are given on the command line (`legacy/*`; `*` crosses folders).
        ignore: globs of check ids or names of pillars not to run on them.
        parameters: file of parameter values for them, relative to the configuration file.
    """

    path: str
    ignore: tuple[str, ...] = ()
    parameters: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set.

    Attributes:
        fail_on: the gate fails on findings of this severity and above; `never` switches it off.
        select: globs of check ids or names of pillars to run; empty for all.
        ignore: globs of check ids or names of pillars not to run.
        frameworks: names of compliance frameworks: only their checks run, and the report says how each control stands.
            With none, the report on an account has those that most want, unless `select` is set.
        suppress: accepted risks.
        override: other settings for some template files.
        checks_dir: folders with further checks, relative to the configuration file.
        account: account id that templates are judged for (`AWS::AccountId`).
        region: region that templates are judged and priced for (`AWS::Region`).
        environment_tags: tag keys that say whether a resource is development or production.
        team_tags: keys of the tags that name a team; of several on a resource the first here counts.
        report_tags: keys of the tags that reports tell, for filtering; no other tag leaves the scan. Where it is not
            set, they are `project`, `team_tags` and `environment_tags`.
        sensitive_buckets: globs of names of buckets that hold training data, models or sensitive zones; a bucket
            tagged with one of `sensitive_tags` counts as well.
        sensitive_tags: tag keys (`key`) or pairs (`key=value`) that mark a bucket as sensitive.
        data_scientist_roles: globs of names of roles of data scientists; here and in the next three, case and anything
            but letters and digits don't matter (`*datascien*` finds `Team-Data-Scientist`).
        ml_engineer_roles: globs of names of roles of ML engineers.
        data_engineer_roles: globs of names of roles of data engineers.
        production_roles: globs of names of roles that serve and watch models in production.
        ml_role_tags: keys of a role's tag that says which of the four it is (`data-scientist`, `ml-engineer`,
            `data-engineer`, `production`); it goes before the name.
        ingestion_roles: globs of names of roles and users that bring data into the raw zone of a data lake.
        experiment_buckets: globs of names of buckets that data scientists may write to, even where a sensitive zone's
            name is in it.
        log_buckets: globs of names of buckets that receive access logs, and so need not log their own access.
        interruptible_tags: values of a tag that mark work that may be interrupted (`batch`, `training`, ...).
        unused_credential_days: days after which an unused password or access key counts as unused (CIS 1.12: 45).
        log_retention_days: retention that `auditor fix` gives a log group without one.
        idle_days: days of metrics by which something counts as idle or oversized, where nothing else is said.
        idle_gpu_days: days of figures of the GPUs themselves by which they count as idle.
        idle_utilization: percentage up to which processors or GPUs do nothing worth their price.
        idle_network_mb: MB a day up to which a network interface does nothing worth mentioning.
        oversized_utilization: percentage that the peak of something oversized does not exceed.
        large_table_gb: GB from which a table of the Data Catalog should be partitioned.
        athena_scan_limit_tb: TB that one query of Athena has good reason to scan.
        glue_workers: workers up to which a Glue job needs no auto scaling.
        large_bucket_gb: GB in S3 Standard from which it is worth a thought where a bucket's data is kept.
        working_hours: hours a month that development needs something: 260 are 12 hours on 5 days a week.
        development_vcpus: vCPUs of the largest instance without GPUs that development needs: 8 are those of a 2xlarge.
        development_gpus: GPUs or other accelerators of the largest instance that development needs.
        cost_tags: tags by which cost is allocated, which every resource should carry; `a|b` is satisfied by either.
            Where it is not set, they are one for the project, one of `team_tags` and one of `environment_tags`.
        expiry_tags: tag keys that say until which day a resource is needed.
        studio_idle_hours: hours without a person's activity after which a Studio app counts as idle.
        commitment_coverage: percentage of steady use that Savings Plans should cover.
        commitment_utilization: percentage of what Savings Plans and reservations commit to that should be used.
        reservation_age_days: days for which something has run before it is worth a reservation.
        cost_per_prediction: USD that a prediction may cost, unless the endpoint's tag `cost-per-prediction-target`
            says otherwise.
        endpoint_latency_ms: what 99 of 100 requests to a model must not exceed, unless the endpoint's tag
            `latency-target-ms` says otherwise.
        endpoint_error_percent: the share of requests that may fail, unless its tag `error-rate-target` says otherwise.
    """

    fail_on: Level | Literal["never"] = "high"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    suppress: tuple[Suppress, ...] = ()
    override: tuple[Override, ...] = ()
    checks_dir: tuple[str, ...] = ()
    account: str | None = None
    region: str | None = None
    environment_tags: tuple[str, ...] = ("environment", "env", "stage")
    team_tags: tuple[str, ...] = ("team", "owner", "cost-center", "costcenter", "cost_center")
    report_tags: tuple[str, ...] | None = None
    sensitive_buckets: tuple[str, ...] = (
        "*train*",
        "*model*",
        "*artifact*",
        "*feature*",
        "*bronze*",
        "*silver*",
        "*gold*",
        "*raw*",
        "*processed*",
        "*curated*",
        "*sensitive*",
    )
    sensitive_tags: tuple[str, ...] = ("zone", "datalake-zone", "classification", "sensitivity", "data-classification")
    data_scientist_roles: tuple[str, ...] = ("*datascientist*", "*datascience*")
    ml_engineer_roles: tuple[str, ...] = ("*mlengineer*", "*machinelearningengineer*", "*mlops*")
    data_engineer_roles: tuple[str, ...] = ("*dataengineer*",)
    production_roles: tuple[str, ...] = (
        "*mlprod*",
        "*prodml*",
        "*productionml*",
        "*prodinference*",
        "*productioninference*",
        "*inferenceprod*",
        "*prodserving*",
        "*servingprod*",
        "*prodendpoint*",
        "*endpointprod*",
        "*productionmodel*",
        "*modelproduction*",
    )
    ml_role_tags: tuple[str, ...] = ("ml-role", "persona")
    ingestion_roles: tuple[str, ...] = (
        "*ingest*",
        "*loader*",
        "*landing*",
        "*producer*",
        "*firehose*",
        "*delivery*",
        "*replication*",
    )
    experiment_buckets: tuple[str, ...] = ("*experiment*", "*sandbox*", "*scratch*", "*playground*", "*-dev", "*-dev-*")
    log_buckets: tuple[str, ...] = ("*log", "*logs", "*-logs-*", "*access-log*", "*accesslog*")
    interruptible_tags: tuple[str, ...] = ("batch", "training", "train", "experiment", "spot")
    unused_credential_days: int = 45
    log_retention_days: int = 90
    idle_days: int = 14
    idle_gpu_days: int = 7
    idle_utilization: float = 5
    idle_network_mb: float = 5
    oversized_utilization: float = 40
    large_table_gb: float = 10
    athena_scan_limit_tb: float = 1
    glue_workers: int = 10
    large_bucket_gb: float = 100
    working_hours: float = 260
    development_vcpus: int = 8
    development_gpus: int = 1
    cost_tags: tuple[str, ...] | None = None
    expiry_tags: tuple[str, ...] = (
        *("expires", "expiry", "expiration", "expiry-date", "expiration-date", "expires-on", "expires-at"),
        *("delete-after", "delete_after", "delete-on", "deleteafter", "ttl"),
    )
    studio_idle_hours: float = 24
    commitment_coverage: float = 70
    commitment_utilization: float = 90
    reservation_age_days: int = 90
    cost_per_prediction: float = 0.05
    endpoint_latency_ms: float = 100
    endpoint_error_percent: float = 1

    @property
    def tags_told(self) -> tuple[str, ...]:
        """`report_tags`, or what they are where that is not set."""
        if self.report_tags is not None:
            return self.report_tags
        return "project", *self.team_tags, *self.environment_tags

    @property
    def tags_of_costs(self) -> tuple[str, ...]:
        """`cost_tags`, or what they are where that is not set."""
        if self.cost_tags is not None:
            return self.cost_tags
        wanted = (("project", "application", "app", "service"), self.team_tags, self.environment_tags)
        return tuple("|".join(keys) for keys in wanted if keys)

    def with_flags(self, **flags: Any) -> Config:
        """This configuration with the flags that were given (None or an empty tuple: not given)."""
        given = {name: value for name, value in flags.items() if value not in (None, ())}
        return replace(self, **given)


def load(path: str | None = None, start: Path | None = None) -> Config:
    """Read the configuration.

    Args:
        path: the file that the user named; else the nearest `auditor.toml` or `pyproject.toml` with `[tool.auditor]`
            in `start` (the working directory) or above it.

    Raises:
        UsageError: the file is missing or not TOML, or a key or value in it is not valid.
    """
    if path:
        file = Path(path)
        if not file.is_file():
            raise UsageError(f"{path}: there is no such configuration file")
        return _parse(file, _section(file) or {})
    folder = (start or Path.cwd()).resolve()
    for place in (folder, *folder.parents):
        for name in FILES:
            file = place / name
            if file.is_file() and (settings := _section(file)) is not None:
                return _parse(file, settings)
    return Config()


def _section(file: Path) -> dict[str, Any] | None:
    """The settings in a file; None where it has none."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not valid TOML: {error}") from error
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    if file.name != "pyproject.toml":
        return content
    tools = content.get("tool")
    section = tools.get("auditor") if isinstance(tools, dict) else None
    if section is not None and not isinstance(section, dict):
        raise UsageError(f"{file}: tool.auditor is not a table")
    return section


def _parse(file: Path, settings: Mapping[str, Any]) -> Config:
    from pydantic import TypeAdapter, ValidationError  # here, as most runs have no configuration

    values = {key.replace("-", "_"): value for key, value in settings.items()}
    _refuse_unknown(file, values, Config)
    for section, kind in (("suppress", Suppress), ("override", Override)):
        entries = values.get(section, [])
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, Mapping):
                _refuse_unknown(file, entry, kind, f"{section}.")
    try:
        config = TypeAdapter(Config).validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"]).replace("_", "-")
        raise UsageError(f"{file}: {key}: {first['msg']}") from error
    for name, value in asdict(config).items():
        if isinstance(value, int | float) and not 0 <= value < inf:
            raise UsageError(f"{file}: {name.replace('_', '-')}: should be a number from 0 up, and is {value}")
    overrides = [
        replace(one, parameters=str(file.parent / one.parameters)) if one.parameters else one for one in config.override
    ]
    folders = tuple(str(file.parent / folder) for folder in config.checks_dir)
    return replace(config, override=tuple(overrides), checks_dir=folders)


def _refuse_unknown(file: Path, values: Mapping[str, Any], kind: type, prefix: str = "") -> None:
    valid = [field.name for field in fields(kind)]
    for key in values:
        if key not in valid:
            near = get_close_matches(key, valid, 1, 0.5)
            hint = f"; did you mean {prefix}{near[0].replace('_', '-')!s}?" if near else f"; valid: {', '.join(valid)}"
            raise UsageError(f"{file}: {prefix}{key.replace('_', '-')} is not a setting{hint}")
