"""The line of a template that a finding is about, cut up for showing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reports.text import clean, clip, name

if TYPE_CHECKING:
    from auditor.raw import Location, Notice
    from auditor.report import Report, Result

_TAB: Final = 4
_LONGEST_SOURCE: Final = 1000  # a report's own are shorter, but it may have been read from a file
_ABSENT_VALUE: Final = "…"
_RESOURCE: Final = "aws_"
"""How a property begins that is a resource of its own in Terraform; see `Resource.spot`."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A source line around the span that a finding points at.

    Attributes:
        line: its number.
        before, marked, after: the line in three parts, tabs expanded, nothing in it that acts on a terminal.
        label: what to say of the marked part; may be empty.
        added: lines that should be there and are not, indented as they would be.
    """

    line: int
    before: str
    marked: str
    after: str
    label: str
    added: tuple[str, ...] = ()


def snippet(result: Result) -> Snippet | None:
    """The snippet of a finding, None for what has no source line."""
    place = result.location
    if place is None or place.line is None or not result.source:
        return None
    before, marked, after = _parts(result.source[:_LONGEST_SOURCE], place)
    if place.present:
        label = f"must be {name(result.expected)}" if result.expected else ""
        return Snippet(place.line, before, marked, after, label)
    if result.property.startswith(_RESOURCE):
        return Snippet(place.line, before, marked, after, f"there is no {name(result.property)} for it")
    steps = _missing_steps(result.property, marked)
    label = next((f"{step} is not set" for step in reversed(steps) if not step.isdigit()), "")
    return Snippet(place.line, before, marked, after, label, _added(steps, result, before))


def statement(report: Report, result: Result) -> str:
    """What is wrong with what: `RawZone does not block public ACLs`."""
    return f"{name(report.resources[result.resource].title)} {clip(result.message)}".rstrip()


def demand(result: Result) -> str:
    """What the property should be, `BlockPublicAcls must be true`; empty where there is no one right value."""
    if not result.expected or result.property.startswith(_RESOURCE):
        return ""
    steps = [step for step in result.property.split(".") if not step.isdigit()]
    return f"{name(steps[-1])} must be {clip(result.expected)}".lstrip()


def path_lines(result: Result) -> list[str]:
    """The path that a finding is about, a line for each hop, numbered; what to change where that cuts it best."""
    lines = []
    for number, hop in enumerate(result.hops, 1):
        change = f" (change this: {clip(hop.change)})" if hop.change else ""
        lines.append(f"{number}. {name(hop.title)} {clip(hop.why)}{change}")
    return lines


def acceptance(result: Result) -> str:
    """Why, by whom and until when a suppressed finding is accepted."""
    accepted = result.suppression
    if accepted is None:
        return ""
    until = f" until {accepted.until}" if accepted.until else ""
    return clip(f"Accepted{until} by {accepted.by or 'nobody named'}: {accepted.reason}")


def broken(report: Report, result: Result) -> str:
    """What to say of a check that broke off."""
    title = name(report.resources[result.resource].title)
    return f"{title}: {clip(result.reason)} (a bug of the check, please report it)"


def notice_text(notice: Notice) -> str:
    """A notice with its place before it."""
    where, said = place_text(notice.location), clip(notice.message)
    return f"{where}: {said}" if where else said


def place_text(place: Location) -> str:
    """`file:line:column`, or the ARN, or nothing."""
    if place.file is None:
        return clip(place.arn or "")
    return ":".join([clip(place.file), *(str(number) for number in (place.line, place.column) if number is not None)])


def console_url(place: Location) -> str | None:
    """The link to the AWS console; only ever a web address, as a saved report may come from anybody."""
    url = clip(place.url or "")
    return url if url.startswith("https://") else None


def _parts(source: str, place: Location) -> tuple[str, str, str]:
    """The line before, in and after the span. It may be cut or redacted, so columns can lie beyond its end."""
    last = max(len(source) - 1, 0)
    start = min(max((place.column or 1) - 1, 0), last)
    one_line = place.end_column is not None and place.end_line in (None, place.line)
    end = (place.end_column or 0) - 1 if one_line else len(source)
    end = min(max(end, start + 1), len(source))
    # Expanding the whole prefix each time keeps the tab stops right.
    whole = source.expandtabs(_TAB)
    to_start, to_end = (len(source[:until].expandtabs(_TAB)) for until in (start, end))
    marked = clean(whole[to_start:to_end])
    rest = len(marked) - len(marked.rstrip()) if marked.strip() else 0
    shown = marked[: len(marked) - rest]
    return clean(whole[:to_start]), shown, marked[len(shown) :] + clean(whole[to_end:])


def _missing_steps(path: str, marked: str) -> list[str]:
    """The steps of a property's path that are absent: those after the block that the span is on."""
    steps = [name(step) for step in path.split(".")] if path else []
    holder = marked.strip("\"' :")
    if holder in steps:
        steps = steps[steps.index(holder) + 1 :]
    while steps and steps[0].isdigit():  # an item of a list that is there
        del steps[0]
    return steps


def _added(steps: list[str], result: Result, before: str) -> tuple[str, ...]:
    """The absent steps as they would be written, each in the one before."""
    if not steps:
        return ()
    value = name(result.expected) if result.expected else _ABSENT_VALUE
    indent = " " * (_TAB // 2 + len(before) - (len(before.lstrip()) if before.strip() else 0))
    file = result.location.file if result.location else None
    if file and file.endswith((".tf", ".tofu")):
        lines = _hcl(steps, value)
    else:
        is_json = (result.source or "").lstrip().startswith(('"', "{"))
        lines = _json(steps, value) if is_json else _yaml(steps, value)
    return tuple(indent + line for line in lines)


def _yaml(steps: list[str], value: str) -> list[str]:
    lines: list[str] = []
    item = ""
    for step in steps:
        if step.isdigit():
            item = "- "
        else:
            lines.append(f"{'  ' * len(lines)}{item}{step}:")
            item = ""
    lines[-1] += f" {item}{value}"
    return lines


def _hcl(steps: list[str], value: str) -> list[str]:
    *blocks, last = [step for step in steps if not step.isdigit()] or [steps[0]]
    opened = [f"{'  ' * depth}{block} {{" for depth, block in enumerate(blocks)]
    closed = [f"{'  ' * depth}}}" for depth in reversed(range(len(blocks)))]
    return [*opened, f"{'  ' * len(blocks)}{last} = {_quoted(value)}", *closed]


def _quoted(value: str) -> str:
    plain = value in ("true", "false", _ABSENT_VALUE) or value.lstrip("-").isdigit() or value[:1] in '["{'
    return value if plain else f'"{value}"'


def _json(steps: list[str], value: str) -> list[str]:
    written = _quoted(value)
    for step in reversed(steps[1:]):
        written = f"[{written}]" if step.isdigit() else f'{{"{step}": {written}}}'
    return [f'"{steps[0]}": {written}']
