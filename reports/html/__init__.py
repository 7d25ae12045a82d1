"""The HTML report: one file that asks for nothing from anywhere and can be read without JavaScript."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from reports import text
from reports.html.page import BLANK_CAUSE, BLANK_ENTRY, FIRST_PAGE, LONGEST_TABLE, page
from reports.html.payload import embedded

if TYPE_CHECKING:
    from auditor.report import Report
    from reports.interface import RenderOptions

_HERE: Final = Path(__file__).parent


def render(report: Report, *, options: RenderOptions) -> str:
    """The report as one HTML page."""
    content = page(report)
    style, script = _asset("style.css"), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            page=content,
            blank_entry=BLANK_ENTRY,
            blank_cause=BLANK_CAUSE,
            policy=policy,
            style=Markup(style),  # noqa: S704 - ours
            script=Markup(script),  # noqa: S704 - ours
            data=Markup(embedded(content.entries, content.causes)),  # noqa: S704 - escaped for a script element
        )
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(text=text, first_page=FIRST_PAGE, longest_table=LONGEST_TABLE)
    environment.filters["lines"] = _lines
    return environment


def _harmless(value: Any) -> Any:
    """What every `{{ … }}` passes before it is escaped, so that no template can forget it."""
    return text.clip(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _lines(lines: str) -> Markup:
    """Lines of source, each made harmless, the breaks between them kept."""
    return Markup("\n").join(escape(text.clip(line)) for line in lines.split("\n"))


@lru_cache(maxsize=2)
def _asset(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    """A source expression of the Content Security Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
