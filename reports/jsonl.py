"""JSON Lines (https://jsonlines.org), for streams, log stores and Athena: an object for all that is not a pass.

Every line stands alone and has the same members, those of `reports.records`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reports.records import records

if TYPE_CHECKING:
    from auditor.report import Report
    from reports.interface import RenderOptions


def render(report: Report, *, options: RenderOptions) -> str:
    """The report as JSON objects, each on its line."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records(report))
