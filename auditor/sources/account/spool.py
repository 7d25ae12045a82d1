"""What a scan has found so far, on disk: one that was killed goes on from there.

Every collector that has ended in a region leaves a file, whole or not at all. They lie in a folder that is named after
all that the answers depend on, so that nothing of another account, principal, selection or version is taken over.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

from auditor.errors import UsageError
from auditor.raw import Gap, Raw
from auditor.sources.account.collector import Collector
from auditor.sources.account.encoding import SavedRaw, load_raw, save_raw
from auditor.sources.files import write_private

HOURS = 24
"""An older answer is asked again."""

_OURS = re.compile(r"[0-9a-f]{32}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ended:
    """What a collector found in a region."""

    raws: list[Raw]
    gaps: list[Gap]


def folder(chosen: Path | None, *, resume: bool) -> Path | None:
    """Where scans keep their progress: where the user says, else in the folder for what programs remember.

    Nobody has to have that one: None where it cannot be written to and nothing is to be resumed.

    Raises:
        UsageError: it cannot be written to, and there is something to be resumed.
    """
    if chosen:
        return chosen
    base = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA") or "~/.local/state"
    own = Path(base).expanduser() / "auditor" / "spool"
    try:
        own.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        if resume:
            raise UsageError(f"{own}: nothing to resume is there ({error.strerror}); give --spool DIR") from error
        return None
    return own if os.access(own, os.W_OK) else None


class Spool:
    """The files of one scan."""

    def __init__(
        self,
        base: Path,
        *,
        principal: str,
        regions: Collection[str],
        collectors: Iterable[Collector],
        version: str,
        resume: bool,
    ) -> None:
        """Begin, or go on; what other scans left there longer than a day ago is removed.

        Args:
            base: the folder of all spools.
            principal: ARN of who asks, which names the account too.
            regions: those that are scanned.
            collectors: those that are run.
            version: auditor's.
            resume: keep what is there.

        Raises:
            UsageError: the folder cannot be written to.
        """
        binding = [principal, sorted(regions), sorted((one.name, sorted(one.declared)) for one in collectors), version]
        self._folder = base / sha256(json.dumps(binding).encode()).hexdigest()[:32]
        self._trouble = False
        try:
            base.mkdir(parents=True, exist_ok=True, mode=0o700)
            _expire(base)
            if not resume:
                shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise UsageError(f"{base}: the scan's progress cannot be kept there: {error.strerror}") from error

    def load(self, collector: Collector, place: str) -> Ended | None:
        """What the collector found there; None where it has to be asked."""
        try:
            saved = json.loads(self._file(collector, place).read_bytes())
            raws = [load_raw(SavedRaw(**raw)) for raw in saved["raws"]]
            gaps = [Gap(**gap) for gap in saved["gaps"]]
            return Ended(raws, [replace(gap, types=tuple(gap.types), checks=tuple(gap.checks)) for gap in gaps])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError):  # whatever is amiss with it, AWS can tell again
            _log.debug("the spool of %s in %s cannot be read", collector.name, place, exc_info=True)
            return None

    def save(self, collector: Collector, place: str, ended: Ended) -> None:
        """Keep what the collector found there; where that cannot be written, the scan goes on all the same."""
        if self._trouble:
            return
        content = {"raws": [save_raw(raw) for raw in ended.raws], "gaps": [asdict(gap) for gap in ended.gaps]}
        try:
            write_private(self._file(collector, place), json.dumps(content).encode())
        except OSError:
            _log.debug("the spool cannot be written", exc_info=True)
            self._trouble = True

    def remove(self) -> None:
        """The scan is complete: nothing is left to go on from."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _file(self, collector: Collector, place: str) -> Path:
        return self._folder / f"{collector.name}@{place}.json"


def _expire(base: Path) -> None:
    """Remove answers older than a day, and scans that left no other; some may be at work there meanwhile."""
    oldest = time.time() - HOURS * 3600
    for folder in base.iterdir():
        if not _OURS.fullmatch(folder.name):  # the user may have chosen a folder that holds other things
            continue
        with suppress(OSError):
            if folder.stat().st_mtime < oldest:  # nothing came since
                shutil.rmtree(folder)
                continue
            for file in folder.glob("*.json"):
                if file.stat().st_mtime < oldest:
                    file.unlink()
