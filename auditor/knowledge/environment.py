"""Whether a resource is for production or for development, as its tag or its name says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal, Protocol

from auditor.config import Config
from auditor.members import known_first
from auditor.raw import Raw
from auditor.resources.tags import Tags
from auditor.values import Unknown, known

Environment = Literal["production", "development"]

_BEFORE_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_DEVELOPMENT: Final = re.compile(
    r"(?<![a-z])(dev|devel|develop|development|tests?|testing|qa|sandbox|staging|stage|stg|uat|demo|poc|scratch"
    r"|playground|experiment(s|al)?|(non|pre)[-_ ]?prod(uction)?)(?![a-z])"
)
_PRODUCTION: Final = re.compile(r"(?<![a-z])(prod|prd|production|live)(?![a-z])")


class Named(Protocol):
    """A resource."""

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    @property
    def raw(self) -> Raw:
        """The raw resource, for its names."""
        ...


class Tagged(Named, Protocol):
    """A resource with tags."""

    @property
    def tags(self) -> Tags:
        """Its tags."""
        ...


def environment_of(resource: Tagged, config: Config) -> Environment | None:
    """What its tag says, one of `environment-tags`, or else its names; None where neither does.

    Raises:
        Undecided: its tag is not known, or nothing of its name is.
    """
    return environment_by((resource.tags,), resource, config)


def environment_by(tag_sets: Iterable[Tags], resource: Named, config: Config) -> Environment | None:
    """As `environment_of`, where a resource's tags come from several places, such as its launch template.

    Raises:
        Undecided: none that is known says so, and another, or its name, may.
    """
    for said in known_first(tag_sets, lambda tags: tags.get(*config.environment_tags) or None):
        return named_environment(said)
    found = named_environment(words_of(resource))
    if found is None:
        known(resource.raw.unknown_name)
    return found


def is_development(resource: Tagged, config: Config) -> bool:
    """Whether it is for development; raises `Undecided` as `environment_of` does."""
    return environment_of(resource, config) == "development"


def named_environment(name: str) -> Environment | None:
    """What a name says, such as `prod-lake` or `MlDevCluster`; None where it says nothing."""
    words = _words(name)
    if _DEVELOPMENT.search(words):
        return "development"
    return "production" if _PRODUCTION.search(words) else None


def words_of(resource: Named) -> str:
    """Its title and names as far as they are known, in lower case, with a dash before what began with a capital."""
    said = [resource.title]
    for name in resource.raw.names:
        if isinstance(name, Unknown):
            said += filter(None, name.parts or ())
        elif ":" not in name:  # an ARN says what account and service it is of, too
            said.append(str(name))
    return _words(" ".join(said))


def _words(name: str) -> str:
    return _BEFORE_CAPITAL.sub("-", name).lower()
