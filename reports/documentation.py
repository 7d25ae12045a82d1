"""Where a check is documented on the web, where the package says so."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from urllib.parse import quote


def check_page(check: str) -> str:
    """The address of a check's documentation; empty where the package names no `Documentation` (`project.urls`)."""
    root = _root()
    return f"{root}/checks.md#{quote(check)}" if root else ""


@cache
def _root() -> str:
    try:
        urls = metadata("auditor").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    named = dict(url.partition(", ")[::2] for url in urls)
    root = named.get("Documentation", "").rstrip("/")
    return root if root.startswith("https://") else ""
