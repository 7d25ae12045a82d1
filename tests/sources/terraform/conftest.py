from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from auditor.raw import Collected, Raw
from auditor.sources.terraform import collect

Scan = Callable[..., Collected]


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scan:
    """Write files (dedented; the first argument is main.tf) and collect the folder."""
    monkeypatch.chdir(tmp_path)

    def scan(main: str | bytes = "", files: dict[str, str | bytes] | None = None, **settings: Any) -> Collected:
        for name, text in {"main.tf": main, **(files or {})}.items():
            if text:
                Path(name).parent.mkdir(parents=True, exist_ok=True)
                Path(name).write_bytes(dedent(text).encode() if isinstance(text, str) else text)
        paths = settings.pop("paths", ["."])
        return collect(paths, **{"environment": {}, **settings})

    return scan


@pytest.fixture
def raws(scan: Scan) -> Callable[..., dict[str, Raw]]:
    """The resources by address; there must be no notices."""

    def raws(*arguments: Any, **settings: Any) -> dict[str, Raw]:
        collected = scan(*arguments, **settings)
        assert [notice.message for notice in collected.notices] == []
        return {raw.id: raw for raw in collected.raws}

    return raws


@pytest.fixture
def value(scan: Scan) -> Callable[..., Any]:
    """The value of an expression, beside more of a configuration; without notices unless asked."""

    def value(expression: str, more: str = "", notices: int = 0, **settings: Any) -> Any:
        collected = scan(f'resource "aws_x" "it" {{\n  p = {expression}\n}}\n{dedent(more)}', **settings)
        assert len(collected.notices) == notices, [notice.message for notice in collected.notices]
        return next(raw for raw in collected.raws if raw.id == "aws_x.it").properties["p"]

    return value
