"""What a machine works on, as far as its tags say: training, inference, work that may be interrupted."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from auditor.config import Config
from auditor.resources.tags import Tags

TAGS: Final = (
    *("workload", "workload-type", "purpose", "role", "usage", "type"),
    *("job", "component", "application", "app"),
)
"""Tags that say what something works on, besides its Name."""

TRAINING: Final = frozenset({"training", "train", "trainer", "pretraining", "finetuning", "fine-tuning", "finetune"})
INFERENCE: Final = frozenset({"inference", "infer", "serving", "predictor", "prediction", "predictions", "triton"})


def works_on(tags: Tags, wanted: Collection[str]) -> bool:
    """Whether a tag for the work, or a word of the Name, is one of these words.

    Args:
        tags: of what does the work.
        wanted: words in lower case.

    Raises:
        Undecided: no tag that is known says so, and one may.
    """
    return any(not _words(tags.get(key)).isdisjoint(wanted) for key in (*TAGS, "Name"))


def is_interruptible(tags: Tags, config: Config) -> bool:
    """Whether its work may be interrupted, by `interruptible-tags`; raises `Undecided` as `works_on` does."""
    return works_on(tags, {value.lower() for value in config.interruptible_tags})


def _words(text: str | None) -> set[str]:
    return {(text or "").strip().lower(), *re.split(r"[^a-z0-9]+", (text or "").lower())}
