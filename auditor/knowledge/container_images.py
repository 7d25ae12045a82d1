"""References to container images: whether the same reference can mean another image tomorrow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Self

from auditor.policy.patterns import HOLE
from auditor.raw import Path, Raw
from auditor.resources.fields import wrong
from auditor.values import ABSENT, Reference, Undecided, Unknown, known, settle

_MOVING: Final = frozenset(
    (
        *("latest", "newest", "current", "default", "stable", "release", "nightly", "edge", "canary", "beta", "alpha"),
        *("main", "master", "head", "trunk", "develop", "development", "devel", "dev", "test", "qa", "staging"),
        *("stage", "preprod", "prod", "production", "live"),
    )
)

# Attributes of repositories that name them alone, so that the tag is `latest`; those of what builds images tell a tag.
_REPOSITORIES: Final = ("RepositoryUri", "repository_url", "repository_uri")


class ImageReference:
    """The image that a container names: `registry/repository:tag@digest`, of which a template may not know all."""

    def __init__(self, text: str | None, doubt: Undecided | None = None) -> None:
        """`text` has a `HOLE` for each piece that is not known; None where no image is named."""
        self._text = text
        self._doubt = doubt

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """Read the image of a container, which is a map.

        Raises:
            Undecided: nothing of it is known.
        """
        if not isinstance(value, Mapping):
            raise wrong(path, "a map", value)
        name = settle(value.get("Image", value.get("image", ABSENT)))
        if isinstance(name, Unknown) and name.parts:
            doubt = Undecided(name.reason, elsewhere=name.elsewhere)
            return cls("".join(HOLE if part is None else part for part in name.parts), doubt)
        name = known(name)
        if name is ABSENT or name is None:
            return cls(None)
        if not isinstance(name, str):
            raise wrong((*path, "Image"), "text", name)
        if isinstance(name, Reference) and name.attribute not in _REPOSITORIES:
            raise Undecided(f"which image {name} names is known only after deployment")
        return cls(name)

    @property
    def moving_tag(self) -> str | None:
        """The tag by which it may mean another image tomorrow; None for a digest, a version, or no image.

        Without a tag it is `latest`.

        Raises:
            Undecided: its tag is not known.
        """
        if self._text is None:
            return None
        last = self._text.rpartition("/")[2]
        if "@" in last:
            return None
        _, colon, tag = last.rpartition(":")
        if self._doubt and HOLE in (tag if colon else last):
            raise self._doubt.again()
        if not colon:
            return "latest"
        return tag if tag.lower() in _MOVING or tag.lower().startswith("latest-") else None
