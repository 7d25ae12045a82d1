"""What SageMaker endpoints run on, and what scales that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.definitions.content import reference
from auditor.inventory import Inventory
from auditor.members import either, if_known, known_first, some, those
from auditor.resources.applicationautoscaling import ScalableTarget, ScalingPolicy
from auditor.resources.base import Resource
from auditor.resources.ec2 import type_details
from auditor.resources.sagemaker import Endpoint, EndpointConfig, ProductionVariant
from auditor.values import Reference, Undecided

if TYPE_CHECKING:
    from auditor.pricing.book import InstanceType

SCALING: Final[tuple[type[Resource], ...]] = (ScalableTarget, ScalingPolicy)
"""What is looked at; a check that calls `is_scaled` or `reaches_zero` names them in `uses`, and `EndpointConfig`."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The instances of one variant of an endpoint.

    Attributes:
        name: of the variant, by which metrics tell it from the others.
        instance_type: theirs, with "ml.".
        count: how many run now; of what is only declared, how many it starts with.
        variant: what the endpoint's configuration says of it.
    """

    name: str
    instance_type: str
    count: int
    variant: ProductionVariant

    @property
    def kind(self) -> InstanceType:
        """What the type has.

        Raises:
            Undecided: the price book does not know it.
        """
        kind = type_details(self.instance_type)
        if kind is None:
            raise Undecided("the type of its instances is not known")
        return kind


def configuration(endpoint: Endpoint, inventory: Inventory) -> EndpointConfig:
    """What an endpoint runs on.

    Raises:
        Undecided: that is declared elsewhere, or was deleted since the endpoint was made.
    """
    found = inventory.get(EndpointConfig, endpoint.endpoint_config_name, near=endpoint)
    if found is None:
        raise Undecided(
            f"its configuration {endpoint.endpoint_config_name} was deleted, so what it runs on is not told"
        )
    return found


def fleets(endpoint: Endpoint, inventory: Inventory) -> tuple[Fleet, ...]:
    """The variants of an endpoint that run on instances now, without those that are scaled to zero.

    Reading past the known ones raises `Undecided` where what others run on is not known.
    """
    running = {
        one.variant_name: one.current_instance_count or 0 for one in if_known(endpoint, "production_variants") or ()
    }

    def fleet(variant: ProductionVariant) -> Fleet | None:
        name, kind = variant.variant_name or "", variant.instance_type
        count = running.get(name, variant.initial_instance_count or 1)
        if kind is None:
            raise Undecided(f"the type of the instances of {name} is not known")
        return Fleet(name, kind, count, variant) if count else None

    return known_first(configuration(endpoint, inventory).instance_variants(), fleet)


def counted(fleets: tuple[Fleet, ...]) -> tuple[Fleet, ...]:
    """Those variants whose requests the endpoint counts itself, not one by one for inference components."""

    def one(fleet: Fleet) -> Fleet:
        if fleet.variant.model_name is None:
            raise Undecided("requests to its inference components are counted apart from the endpoint's")
        return fleet

    return known_first(fleets, one)


def is_scaled(endpoint: Endpoint, fleet: Fleet, inventory: Inventory) -> bool:
    """Whether the number of a variant's instances follows what is asked of it, or the time of day.

    Raises:
        Undecided: no scaling that is known does, and there may be other; a template that has none leaves it to another.
    """

    def by_target() -> bool:
        inventory.declared(ScalableTarget, endpoint)
        return some(_targets(endpoint, fleet, inventory), lambda target: _moves(target, endpoint, inventory))

    return either(lambda: _managed(fleet) is not None, by_target)


def reaches_zero(endpoint: Endpoint, fleet: Fleet, inventory: Inventory) -> bool:
    """Whether a variant may be scaled down to no instances, or changes by a schedule; undecided as `is_scaled` is."""
    return either(
        lambda: _managed(fleet) == 0,
        lambda: some(
            _targets(endpoint, fleet, inventory),
            lambda target: either(lambda: bool(target.scheduled_actions), lambda: target.min_capacity == 0),
        ),
    )


def _managed(fleet: Fleet) -> int | None:
    """The fewest instances that SageMaker's own scaling leaves; None where it is off."""
    scaling = fleet.variant.managed_instance_scaling
    if scaling is None or scaling.status != "ENABLED":
        return None
    return 1 if scaling.min_instance_count is None else scaling.min_instance_count


def _targets(endpoint: Endpoint, fleet: Fleet, inventory: Inventory) -> tuple[ScalableTarget, ...]:
    targets = inventory.referring(ScalableTarget, _endpoint_of, endpoint)
    return those(targets, lambda target: _variant_of(target) == fleet.name)


def _moves(target: ScalableTarget, endpoint: Endpoint, inventory: Inventory) -> bool:
    """Whether something changes a target's capacity: a policy, named by its id or by what it scales, or a schedule."""
    return either(
        lambda: bool(target.scheduled_actions),
        lambda: some(
            inventory.referring(ScalingPolicy, _endpoint_of, endpoint),
            lambda policy: _variant_of(policy) == _variant_of(target),
        ),
        lambda: some(inventory.referring(ScalingPolicy, _target_of, target), lambda _: True),
    )


def _endpoint_of(scaling: ScalableTarget | ScalingPolicy) -> str | None:
    """The endpoint of `endpoint/churn/variant/AllTraffic`, whose name may be a reference.

    Raises:
        Undecided: a plan knows no more of it than that it is made of an endpoint's name.
    """
    if isinstance(scaling.resource_id, Reference) and scaling.resource_id.attribute != "resource_id":
        raise Undecided("of which variant it scales the instances is known only after apply")
    steps = (scaling.resource_id or "").split("/")
    return reference(steps[1], scaling.raw) if len(steps) == 4 and steps[0] == "endpoint" else None


def _variant_of(scaling: ScalableTarget | ScalingPolicy) -> str:
    return (scaling.resource_id or "").rpartition("/")[2]


def _target_of(policy: ScalingPolicy) -> str | None:
    """The target that a policy names, by its id or, in Terraform, by an attribute of it."""
    named = policy.resource_id
    return named if isinstance(named, Reference) else None if named else policy.scaling_target_id
