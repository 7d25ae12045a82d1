"""A table for spreadsheets (RFC 4180), a row for everything that is not a pass.

No cell is a formula to Excel, LibreOffice or Google Sheets: a text that begins as one gets an apostrophe before it
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

from reports.records import MEMBERS, Value, records

if TYPE_CHECKING:
    from auditor.report import Report
    from reports.interface import RenderOptions

# Also as full-width characters, which Excel takes for the same where the system's language is Japanese or Chinese.
_FORMULA: Final = re.compile(r"\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]")


def render(report: Report, *, options: RenderOptions) -> str:
    """The report as comma-separated values with a header."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(MEMBERS)
    writer.writerows([_cell(value) for value in record.values()] for record in records(report))
    return table.getvalue()


def _cell(value: Value) -> Value:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
