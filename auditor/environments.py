"""Whether a resource is for development or for production: what its tags say, else its name."""

from __future__ import annotations

import re
from typing import Final, Protocol

from auditor.config import Config
from auditor.raw import Raw
from auditor.resources.tags import Tags

_DEVELOPMENT: Final = re.compile(
    r"(?<![a-z])(dev|develop|development|test|testing|qa|sandbox|experiment|experiments|experimental|playground|scratch"
    r"|demo|poc|staging|stage|nonprod|preprod)(?![a-z])"
)
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Tagged(Protocol):
    """A resource with tags and a name."""

    @property
    def tags(self) -> Tags:
        """Its tags."""
        ...

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    @property
    def raw(self) -> Raw:
        """With its other names."""
        ...


def is_development(resource: Tagged, config: Config) -> bool:
    """Whether a resource is for development: where nothing says so, it is taken for production.

    Raises:
        Undecided: its tags are not known.
    """
    tag = resource.tags.get(*config.environment_tags)
    names = [resource.title, *(name for name in resource.raw.names if isinstance(name, str) and ":" not in name)]
    return any(_DEVELOPMENT.search(_HUMP.sub("-", text).lower()) for text in ([tag] if tag else names))
