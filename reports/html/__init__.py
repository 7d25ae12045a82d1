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
from reports.html.entries import entries, plain
from reports.html.page import FIRST_PAGE, page
from reports.html.payload import embedded
from reports.html.tables import pairs

if TYPE_CHECKING:
    from auditor.report import Report
    from reports.interface import RenderOptions

_HERE: Final = Path(__file__).parent
_SCRIPTS: Final = ("data.js", "tables.js", "finding.js", "findings.js", "print.js")


def render(report: Report, *, options: RenderOptions) -> str:
    """The report as one HTML page."""
    content = page(report)
    style = asset("style.css")
    script = "".join(map(asset, _SCRIPTS))
    data = embedded(entries(report, content.about), content.causes, content.turned)
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            page=content,
            policy=policy(style, script),
            style=Markup(style),  # noqa: S704 - ours
            script=Markup(script),  # noqa: S704 - ours
            data=Markup(data),  # noqa: S704 - escaped for a script element
        )
    )


def policy(style: str, script: str = "") -> str:
    """The Content Security Policy that lets just this style and this script through."""
    scripts = f" script-src '{_hash(script)}';" if script else ""
    return (
        f"default-src 'none'; style-src '{_hash(style)}';{scripts} img-src data:; base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=1)
def environment() -> Environment:
    """What the templates are rendered in."""
    made = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(text=text, first_page=FIRST_PAGE)
    made.filters.update(lines=_lines, plain=plain, pairs=pairs, number="{:,}".format)
    return made


def _harmless(value: Any) -> Any:
    """What every `{{ … }}` passes before it is escaped, so that no template can forget it."""
    return text.clip(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _lines(lines: str) -> Markup:
    """Lines of source, each made harmless, the breaks between them kept."""
    return Markup("\n").join(escape(text.clip(line)) for line in lines.split("\n"))


@lru_cache(maxsize=8)
def asset(name: str) -> str:
    """A file beside this one."""
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    """A source expression of the Content Security Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
