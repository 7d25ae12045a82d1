"""The usage classes, a module per service; every one that is here can be measured."""

from __future__ import annotations

import importlib
import pkgutil

from auditor.resources.base import TYPES
from auditor.utilisation.metric import Usage

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

USAGES: tuple[type[Usage], ...] = tuple(cls for name, cls in sorted(TYPES.items()) if issubclass(cls, Usage))
"""All of them, by type."""
