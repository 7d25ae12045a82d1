"""Collectors whose calls cost money. They are not there unless `opt_in` is called before a scan.

So nobody pays by accident: the guard refuses their operations, and the printed policy does not allow them. What they
would have told is unknown to checks.
"""

from __future__ import annotations


def opt_in() -> None:
    """Register them; a second time does nothing."""
    from auditor.sources.account.services.paid import costexplorer

    costexplorer.register()
