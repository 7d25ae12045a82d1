"""The roll-up of many accounts: one page that links to their reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from auditor.gate import BROKEN, FAILS, HOLDS, INCOMPLETE
from reports import text
from reports.digest import SEVERITIES
from reports.html import _asset, _environment, _hash

if TYPE_CHECKING:
    from auditor.organization import Line, RollUp

_VERDICTS: Final = {HOLDS: "Pass", FAILS: "Fail", BROKEN: "Broken", INCOMPLETE: "Incomplete"}
_GRADES: Final = {HOLDS: "good", INCOMPLETE: "fair"}


def render(rolled: RollUp) -> str:
    """The roll-up as one HTML page, without any script."""
    style = _asset("style.css")
    by_status = {
        status: [line for line in rolled.accounts if line.status == status]
        for status in ("scanned", "failed", "skipped")
    }
    low, high = (sum(getattr(line, name) for line in rolled.accounts) for name in ("saving_low", "saving_high"))
    return (
        _environment()
        .get_template("organization.html.j2")
        .render(
            rolled=rolled,
            scanned=sorted(by_status["scanned"], key=_gravity),
            failed=by_status["failed"],
            skipped=by_status["skipped"],
            findings=sum(line.findings for line in rolled.accounts),
            saving=text.usd_range(low, high) if high else "",
            severities=[name for name in SEVERITIES if any(line.failures.get(name) for line in rolled.accounts)],
            verdicts=_VERDICTS,
            grade=_GRADES.get(rolled.exit_code, "poor"),
            policy=(
                f"default-src 'none'; style-src '{_hash(style)}'; img-src data:; base-uri 'none'; form-action 'none'"
            ),
            style=Markup(style),  # noqa: S704 - ours
        )
    )


def _gravity(line: Line) -> tuple[list[int], str]:
    """The account with the most of the gravest failures first."""
    return [-line.failures.get(name, 0) for name in SEVERITIES], line.account
