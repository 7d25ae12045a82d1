from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from auditor.raw import Collected, Raw
from auditor.sources.cloudformation import collect


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Collected]:
    """Write a template's text (dedented) to a file and collect it."""
    monkeypatch.chdir(tmp_path)

    def scan(text: str | bytes, name: str = "t.yaml", **settings: Any) -> Collected:
        content = dedent(text).encode() if isinstance(text, str) else text
        (tmp_path / name).write_bytes(content)
        return collect([name], **settings)

    return scan


@pytest.fixture
def value(scan: Callable[..., Collected]) -> Callable[..., Any]:
    """The resolved value of the property `P` of the resource `R`, whose YAML is given; without notices unless asked."""

    def value(text: str, more: str = "", notices: int = 0, **settings: Any) -> Any:
        text = dedent(text).strip("\n")
        indented = "\n".join(f"        {line}" for line in text.splitlines())
        template = f"{dedent(more)}\nResources:\n  Bucket: {{Type: 'AWS::S3::Bucket'}}\n  R:\n    Type: AWS::X::Y\n"
        collected = scan(f"{template}    Properties:\n      P:\n{indented}\n", **settings)
        assert [n.message for n in collected.notices if n.level == "error"] == []
        assert len(collected.notices) == notices, [n.message for n in collected.notices]
        raw = next(raw for raw in collected.raws if raw.id == "R")
        return raw.properties.get("P", "(no P)")

    return value


@pytest.fixture
def raws(scan: Callable[..., Collected]) -> Callable[..., dict[str, Raw]]:
    """The resources of a template by logical id; there must be no notices."""

    def raws(text: str, **settings: Any) -> dict[str, Raw]:
        collected = scan(text, **settings)
        assert [notice.message for notice in collected.notices] == []
        return {raw.id: raw for raw in collected.raws}

    return raws
