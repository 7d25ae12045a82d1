"""Reports that every format is tried on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from auditor.report import Report
from tests.reports import sample
from tests.reports.hostile import hostile_report

MAKERS: dict[str, Callable[[], Report]] = {
    "template": sample.template_report,
    "account": sample.account_report,
    "changed": sample.changed_report,
    "clean": sample.clean_report,
    "empty": sample.empty_report,
    "hostile": hostile_report,
}

EVERY = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
