"""What a source hands to the inventory: raw resources, where they come from, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from auditor.values import Condition, Unknown

Dialect = Literal["cfn", "tf", "live"]
"""The vocabulary that a raw resource's properties are written in."""

Path = tuple[str | int, ...]
"""Keys and list indexes from a resource's properties down to a value."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a value stands: a span of a file, or a live resource.

    Attributes:
        file: path as given by the user, None for a live resource.
        line, column, end_line, end_column: 1-based; the end column is one past the last character.
        present: False where the property is absent and the span is the nearest thing that holds it (the resource's
            key, or the enclosing block).
        arn, account, region, url: the live resource; `url` opens it in the AWS console.
    """

    file: str | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    present: bool = True
    arn: str | None = None
    account: str | None = None
    region: str | None = None
    url: str | None = None


class Origin(Protocol):
    """Finds the location of a property path; asked only when a finding needs it."""

    def locate(self, path: Path) -> Location:
        """The location of `path`, or of its nearest present ancestor (then `present` is False)."""
        ...


@dataclass(frozen=True, slots=True)
class Scope:
    """The world a resource lives in: one template file, or one account and region.

    Attributes:
        name: unique among the scopes of a scan: the file's path, or `account/region`.
        kind: a fully collected account is a closed world (what is not there does not exist); a template is open.
        account, region: None where a template does not know them; region `"global"` for IAM and the like.
    """

    name: str
    kind: Literal["template", "account"]
    account: str | None = None
    region: str | None = None

    @property
    def closed(self) -> bool:
        """Whether what is missing is known not to exist."""
        return self.kind == "account"


@dataclass(slots=True)
class Raw:
    """One resource as its source gave it, resolved but not yet typed.

    Attributes:
        type: `AWS::S3::Bucket` (CloudFormation and live) or `aws_s3_bucket` (Terraform).
        id: logical id, Terraform address or ARN; unique in its scope.
        properties: plain data in which the members of `auditor.values` may stand.
        names: every other name that somebody may refer to it by (physical id, ARN, name). A member that is not a
            text is `Unknown`.
        exists: the open condition under which it is created, None where it certainly exists.
        volatile: some value depends on an open condition, so what is read from it must not be remembered.
        title: what people call it; its `id` where empty.
        shared: why resources that belong to it (a bucket's policy) may be declared where this source did not look;
            empty where they would be among its resources.
        provider: in Terraform, which configuration of a provider makes it: another may be of another region or account.
    """

    type: str
    id: str
    properties: Mapping[str, Any]
    scope: Scope
    origin: Origin
    dialect: Dialect
    names: Sequence[Any] = ()
    exists: Condition | None = None
    volatile: bool = False
    title: str = ""
    shared: str = ""
    provider: str = ""

    @property
    def address(self) -> str:
        """Unique in the whole scan and stable between scans; fingerprints are made from it."""
        return f"{self.scope.name}#{self.id}" if self.scope.kind == "template" else self.id

    @property
    def unknown_name(self) -> Unknown | None:
        """A name that it has and of which nothing is known; None where it has none, or something of it is."""
        return next((name for name in self.names if isinstance(name, Unknown) and not any(name.parts or ())), None)


@dataclass(frozen=True, slots=True)
class Gap:
    """A call that failed or was denied, so that something could not be seen.

    Attributes:
        service: botocore's service name, such as `s3`; `*` for all of a region that could not be reached.
        operation: the API operation, such as `GetBucketPolicy`; `*` where it is not one call that failed.
        code: AWS's error code, or the exception's name where no answer came.
        message: AWS's words, without request ids.
        account, region: where it was called.
        resource: the id that was asked about, None for a list call.
        types: resource types that are not completely listed because of it (empty for a per-resource call).
        checks: ids of the checks that it makes unknown, where the scan has got so far.
    """

    service: str
    operation: str
    code: str
    message: str
    account: str | None = None
    region: str | None = None
    resource: str | None = None
    types: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    @property
    def denied(self) -> bool:
        """Whether permission was lacking (as against a failure of the service or the network)."""
        return "Denied" in self.code or "Unauthorized" in self.code or self.code == "AuthorizationError"

    @property
    def reason(self) -> str:
        """One phrase for an unknown verdict."""
        verb = "was denied" if self.denied else "failed"
        where = f" in {self.region}" if self.region else ""
        if self.service == "*":
            return f"the region {self.region} could not be reached"
        if self.operation == "*":
            return f"{self.service}{where} was not read to its end ({self.code})"
        return f"{self.service}:{self.operation} {verb}{where} ({self.code})"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the input that a person should know; never a finding of a check.

    Attributes:
        level: `error` where an input could not be read (exit code 3), `warning` where part of it was not understood.
        message: what happened and what to do about it.
        location: where, as far as known.
    """

    level: Literal["error", "warning"]
    message: str
    location: Location = Location()


@dataclass(frozen=True, slots=True)
class Ignore:
    """A risk accepted in a template itself: a comment, or a resource's `Metadata`.

    Attributes:
        checks: ids or globs of the checks that it accepts.
        reason: why, as written there; without one it does not count.
        until: its last day as an ISO date, None for no end; what is no date makes it not count.
        location: where it is written.
        lines: first and last line that it covers, where it covers lines.
        resource: id of the resource that it covers besides, if any; with neither, it covers the whole file.
    """

    checks: tuple[str, ...]
    reason: str
    until: str | None
    location: Location
    lines: tuple[int, int] | None = None
    resource: str | None = None


@dataclass(slots=True)
class Collected:
    """Everything that one source found.

    Attributes:
        raws: the resources.
        gaps: calls that did not answer.
        notices: broken or partly understood inputs.
        inputs: what was read, in words that a report can show (`kind`, `name` and counts).
        calls: number of API calls by `service:Operation`; empty for templates.
        ignores: risks accepted in the templates.
    """

    raws: list[Raw] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    inputs: list[dict[str, Any]] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)
    ignores: list[Ignore] = field(default_factory=list)
