"""Whether an instance with GPUs does anything."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.config import Config
from auditor.inventory import Inventory
from auditor.members import in_turn
from auditor.pricing.saving import Confidence
from auditor.resources.ec2 import Instance
from auditor.utilisation.series import added, highest
from auditor.utilisation.services.ec2 import GpuLoad


@dataclass(frozen=True, slots=True)
class Idleness:
    """That an instance does nothing.

    Attributes:
        words: why, read after its type: "whose GPUs were at most 0.5 % busy in 7 days".
        confidence: "high" where its GPUs are seen, "medium" where processors and network stand in for them.
    """

    words: str
    confidence: Confidence


def idleness(instance: Instance, inventory: Inventory, config: Config) -> Idleness | None:
    """Why a running instance with GPUs counts as idle; None where it does not.

    Raises:
        Undecided: its metrics are not known, or too few.
    """
    load = GpuLoad.of(instance, inventory)
    reports = in_turn(load.agent, load.containers)
    if reports:
        busiest = highest(reports).last(config.idle_gpu_days, since=instance.launch_time).maximum()
        words = f"whose GPUs were at most {busiest:.1f} % busy in {config.idle_gpu_days} days"
        return Idleness(words, "high") if busiest < config.idle_utilization else None
    cpu = load.cpu.last(config.idle_days, since=instance.launch_time).maximum()
    network = added([load.network_in, load.network_out]).last(config.idle_days).most_per_day() / 1e6
    if cpu >= config.idle_utilization or network >= config.idle_network_mb:
        return None
    words = (
        "that looks idle: no figures of its GPUs are published, but its processors were at most"
        f" {cpu:.1f} % busy and its network moved at most {network:.1f} MB a day in {config.idle_days} days"
    )
    return Idleness(words, "medium")
