"""No test reads or writes the developer's own prices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.pricing import cache
from tests.sources.account.conftest import aws_environment, moto, quick, scripted

__all__ = ["aws_environment", "moto", "quick", "scripted"]


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    cache.refreshed.cache_clear()
    yield folder
    cache.refreshed.cache_clear()
