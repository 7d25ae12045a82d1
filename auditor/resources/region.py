"""A region as a whole, for checks that judge it once."""

from auditor.resources.base import Resource


class Region(Resource, cfn="region"):
    """An enabled region of an account.

    Collectors of the type `region` may add what a service holds for all of it; what many checks do without is better
    a resource of its own, so that it is asked only when a check reads it.
    """
