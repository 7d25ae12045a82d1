"""What it saves to stop an EC2 instance, or to run a smaller one, at the price that it pays: on demand or spot.

The price book has Linux prices, so that there is no figure for an instance that runs Windows.
"""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.members import if_decided
from auditor.pricing import fleets, idle, sizing
from auditor.pricing.book import HOURS_PER_MONTH
from auditor.pricing.saving import Confidence, Saving
from auditor.resources.ec2 import Instance


def stopped(
    instance: Instance,
    name: str,
    inventory: Inventory,
    *,
    hours: float = HOURS_PER_MONTH,
    confidence: Confidence = "high",
) -> Saving | None:
    """Stop an instance; None where its price, or whether it pays the spot price, is not known, and with Windows.

    Args:
        instance: that nobody needs, or not always.
        name: its type.
        inventory: to look up its launch template.
        hours: a month that it would not run.
        confidence: how sure it is that nobody needs it then.
    """
    spot, region = _is_spot(instance, inventory), instance.scope.region
    if spot is None or instance.is_windows:
        return None
    if not spot:
        return idle.instances([(name, 1)], region, hours=hours, confidence=confidence)
    remark = "spot prices move; its storage is paid on"
    return fleets.fewer(name, hours, region, low=1.0, remark=remark, spot=True, confidence="medium", kind="idle")


def replaced(
    instance: Instance, now: str, then: str, inventory: Inventory, *, confidence: Confidence = "medium"
) -> Saving | None:
    """Run a smaller type instead; None as in `stopped`, and for a spot instance, as spot prices go their own way.

    Args:
        instance: that is too large.
        now, then: its type, and one that is enough.
        inventory: to look up its launch template.
        confidence: how sure it is that it is enough.
    """
    if _is_spot(instance, inventory) is not False or instance.is_windows:
        return None
    return sizing.replaced(now, then, region=instance.scope.region, confidence=confidence)


def _is_spot(instance: Instance, inventory: Inventory) -> bool | None:
    return if_decided(lambda: not instance.on_demand(inventory))
