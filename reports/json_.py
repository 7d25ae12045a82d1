"""The canonical report as JSON; `auditor.report.load` reads it again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from auditor.report import Report
    from reports.interface import RenderOptions

# A lone surrogate, which a JSON template may hold, is no UTF-8; JSON has an escape for it.
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def render(report: Report, *, options: RenderOptions) -> str:
    """The report as JSON text, as described in `docs/report.schema.json`."""
    return _SURROGATES.sub(lambda found: f"\\u{ord(found[0]):04x}", report.to_json())
