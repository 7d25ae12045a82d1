"""One finding in full: the template's line with a caret, or the live resource."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reports import text
from reports.digest import LEVELS
from reports.evidence import Snippet, console_url, path_lines, place_text, snippet, statement
from reports.terminal.paint import SEVERITY_STYLES

if TYPE_CHECKING:
    from auditor.raw import Location
    from auditor.report import Report, Result
    from reports.terminal.paint import Paint

_GUTTER: Final = 5  # columns for a line number
_INDENT: Final = " " * (_GUTTER - 2)
_FEWEST_SOURCE_COLUMNS: Final = 30


def diagnostic(report: Report, result: Result, paint: Paint, width: int, *, fix: bool) -> list[str]:
    """The lines of one finding; `fix` says whether to tell how to mend it."""
    info = report.checks[result.check]
    lines = _header(report, result, paint, width)
    place = result.location
    if place is not None:
        lines.append(f"  {paint('-->', 'blue')} {place_text(place)}{_whereabouts(place)}")
    found = snippet(result)
    if found:
        lines += _source(found, paint, width)
    elif result.property:
        expected = f" must be {text.clip(result.expected)}" if result.expected else ""
        lines += _labelled("property", text.clip(result.property) + expected, paint, width)
    for line in path_lines(result):
        lines += _labelled("path", line, paint, width)
    if fix:
        for paragraph in text.paragraphs(info.fix):
            lines += _labelled("fix", paragraph, paint, width)
    saving = result.saving
    if saving:
        figure = f"{text.usd_range(saving.low, saving.high)} a month: {text.clip(saving.basis)}"
        confidence = f"prices of {text.clip(saving.as_of)}, {saving.confidence} confidence"
        lines += _labelled("saves", f"{figure} ({confidence})", paint, width)
    url = console_url(place) if place else None
    if url:
        lines.append(f"{_INDENT}{paint('console:', 'bold')} {url}")  # never wrapped, so that it can be clicked
    return lines


def short(report: Report, result: Result, width: int) -> str:
    """One finding in a line: where it is, and what is wrong with what."""
    said = statement(report, result)
    place = result.location
    if place is not None:
        where = place_text(place) if place.file else ""
        said = f"{where}: {said}" if where else f"{said}{_whereabouts(place)}"
    if result.saving and result.saving.high:
        said += f"; saves {text.usd_range(result.saving.low, result.saving.high)} a month"
    return text.fit(f"  --> {said}", max(width, _FEWEST_SOURCE_COLUMNS))


def _header(report: Report, result: Result, paint: Paint, width: int) -> list[str]:
    """The check and what is wrong, the severity at the right end of the first line."""
    severity = report.checks[result.check].severity
    word = f"{LEVELS[severity]}[{text.name(result.check)}]"
    first, *others = text.wrap(statement(report, result), width - len(severity) - 2, "  ", f"{word} ")
    gap = " " * max(width - text.width(first) - len(severity), 2)
    styles = SEVERITY_STYLES[severity]
    top = f"{paint(word, *styles)} {paint(first[len(word) + 1 :], 'bold')}{gap}{paint(severity, *styles)}"
    return [top, *(f"  {paint(line.strip(), 'bold')}" for line in others)]


def _whereabouts(place: Location) -> str:
    """The account and region, as far as the place itself does not name them."""
    named = place_text(place)
    known = [text.name(part) for part in (place.account, place.region) if part and part not in named]
    return f" ({', '.join(known)})" if known else ""


def _source(found: Snippet, paint: Paint, width: int) -> Iterator[str]:
    found = _narrowed(found, max(width - _GUTTER - 3, _FEWEST_SOURCE_COLUMNS))
    bar = paint("|", "blue")
    line = f"{found.before}{found.marked}{found.after}"
    yield f"{paint(f'{found.line:>{_GUTTER}}', 'blue')} {bar} {line}".rstrip()
    carets = " " * text.width(found.before) + paint("^" * max(text.width(found.marked), 1), "bold", "red")
    yield f"{'':{_GUTTER}} {bar} {carets} {found.label}".rstrip()
    for added in found.added:
        yield f"{'':{_GUTTER}} {paint('+', 'bold', 'green')} {paint(added, 'green')}"


def _narrowed(found: Snippet, columns: int) -> Snippet:
    """The snippet cut to that many columns, as much of the marked part kept as fits."""
    before, marked, after = found.before, found.marked, found.after
    if text.width(before + marked + after) <= columns:
        return found
    if text.width(before) > columns // 2:
        before = "…" + _last(before, columns // 2 - 1)
    marked = text.fit(marked, columns - text.width(before))
    return Snippet(
        found.line, before, marked, text.fit(after, columns - text.width(before + marked)), found.label, found.added
    )


def _last(part: str, columns: int) -> str:
    kept = part[-columns:]
    while text.width(kept) > columns:
        kept = kept[1:]
    return kept


def _labelled(label: str, said: str, paint: Paint, width: int) -> list[str]:
    """Wrapped text after a label; the label is painted afterwards, as colours have no width."""
    start = f"{_INDENT}{label}: "
    lines = text.wrap(said, width, " " * len(start), start)
    lines[0] = f"{_INDENT}{paint(f'{label}:', 'bold')} {lines[0][len(start) :]}"
    return lines
