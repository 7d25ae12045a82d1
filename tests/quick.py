"""What botocore and moto work out again for every test, worked out once: import `quick` where tests ask an account."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import botocore.hooks
import botocore.session
import moto.core.models
import pytest
from botocore.hooks import EventAliaser, HierarchicalEmitter
from botocore.loaders import JSONFileLoader, create_loader

import auditor.sources.account.session  # noqa: F401 - it keeps `LeanModels` by its name: before that is replaced
from auditor.sources.account import models
from auditor.sources.account.collector import load_collectors
from auditor.sources.account.models import LeanModels


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions share what they read of botocore's models and know of its handlers, a second for a scan.

    And moto does not stand in for AWS under the library `requests`, which nobody here uses, at 25 ms a test.
    """
    monkeypatch.setattr(botocore.session, "create_loader", lambda *_: _whole())
    monkeypatch.setattr(models, "parsed", _copied)
    monkeypatch.setattr(models, "LeanModels", lambda _: _lean())
    monkeypatch.setattr(botocore.hooks, "accepts_kwargs", _accepts_kwargs)
    monkeypatch.setattr(EventAliaser, "_alias_event_name", lambda _, name: _aliased(name))
    monkeypatch.setattr(moto.core.models, "RESPONSES_METHODS", [])


_parsed = cache(models.parsed)
_accepts_kwargs = cache(botocore.hooks.accepts_kwargs)
_aliased = cache(partial(EventAliaser._alias_event_name, EventAliaser(HierarchicalEmitter())))


def _copied(file_path: str) -> Any:
    """Whoever reads it may take members out."""
    content = _parsed(file_path)
    return dict(content) if isinstance(content, dict) else content


class _Files(JSONFileLoader):  # type: ignore[misc]
    load_file = staticmethod(_copied)


@cache
def _whole() -> Any:
    """For clients that fill the simulated account."""
    loader = create_loader()
    loader.file_loader = _Files()
    return loader


@cache
def _lean() -> LeanModels:
    """For scans: from the start for what any collector calls, else each would have it read again."""
    lean = LeanModels()
    lean.permit(operation for one in load_collectors() for operation in one.declared)
    return lean
