"""What EC2 instances cost that do little, are larger than their work, or of an old generation."""

from auditor import HIGH, MEDIUM, Findings, Inventory, Undecided, check
from auditor.config import Config
from auditor.members import if_known
from auditor.pricing import book, machines, sizing
from auditor.pricing.book import InstanceType
from auditor.pricing.saving import Confidence, Saving, available
from auditor.resources.ec2 import Instance, LaunchTemplate
from auditor.utilisation.series import added, highest
from auditor.utilisation.services.ec2 import GpuLoad, InstanceLoad, InstanceMemory

_RARELY = 0.05  # the share of the hours up to which a GPU may be busy and still counts as unused

SUCCESSORS = {
    **dict.fromkeys(("m1", "m2", "m3"), ("m5d", "m6id", "m7i")),
    "m4": ("m5", "m6i", "m7i"),
    **dict.fromkeys(("c1", "cc2", "c3"), ("c5d", "c6id", "c7i")),
    "c4": ("c5", "c6i", "c7i"),
    **dict.fromkeys(("cr1", "r3"), ("r5d", "r6id", "r7i")),
    "r4": ("r5", "r6i", "r7i"),
    **dict.fromkeys(("t1", "t2"), ("t3",)),
    "i2": ("i3", "i4i"),
    **dict.fromkeys(("d2", "hs1"), ("d3",)),
    "a1": ("c6g", "m6g", "c7g"),
}
"""Families that newer ones replace, and which (EC2 user guide, "Previous generation instances", and t2); GPUs apart."""


@check(
    "ec2-instance-idle",
    title="EC2 instances are busy",
    severity=MEDIUM,
    uses=(InstanceLoad, LaunchTemplate),
    inputs=("live",),
)
def instance_idle(instance: Instance, inventory: Inventory, config: Config) -> Findings:
    """An instance that does nothing costs as much as one that works; many are left over from an experiment.

    Instances with GPUs have a check of their own, `ec2-gpu-idle`. What an Inferentia or Trainium chip does is not seen.

    Fix: stop the instance, or terminate it after a snapshot of its volumes if their data may be needed; where an Auto
    Scaling group or a cluster started it, lower that one's size.
    """
    name = instance.instance_type or ""
    kind = book.instance_type(name)
    if not instance.running or (kind is not None and kind.has_gpu):
        return
    load = InstanceLoad.of(instance, inventory)
    cpu = load.cpu.last(config.idle_days, since=instance.launch_time).maximum()
    if cpu >= config.idle_utilization:
        return
    network = added([load.network_in, load.network_out]).last(config.idle_days).most_per_day() / 1e6
    if network < config.idle_network_mb:
        confidence: Confidence = "medium" if kind is None or kind.has_accelerator else "high"
        saving = machines.stopped(instance, name, inventory, confidence=confidence)
        hint = "" if saving else "; what it costs depends on the price of its type, which is not known here"
        yield instance.fail(
            f"is a {name} whose processors were at most {cpu:.1f} % busy and whose network moved at most"
            f" {network:.1f} MB a day in {config.idle_days} days{hint}",
            saving=saving,
        )


@check(
    "ec2-instance-oversized",
    title="EC2 instances match their CPU and memory use",
    severity=MEDIUM,
    uses=(LaunchTemplate, InstanceLoad, InstanceMemory),
    inputs=("live",),
)
def instance_oversized(instance: Instance, inventory: Inventory, config: Config) -> Findings:
    """The next smaller type has half of everything at half the price; what uses less than that pays for nothing.

    Memory is only seen where the CloudWatch agent publishes it (`mem_used_percent`). Instances with GPUs are left out.

    Fix: stop the instance, change its type, and start it; watch its processors and memory for a week.
    """
    kind = instance.details(inventory)
    if kind is None or kind.has_accelerator or not instance.running:
        return
    target = book.instance_type(sizing.smaller(kind.name, instance.scope.region) or "")
    if target is None:
        return
    cpu = InstanceLoad.of(instance, inventory).cpu.last(config.idle_days, since=instance.launch_time).percentile(95)
    if cpu >= config.oversized_utilization:
        return
    used = InstanceMemory.of(instance, inventory).used
    memory = highest(used).last(config.idle_days).percentile(95) if used else None
    if memory is None and target.vcpu == kind.vcpu:
        raise Undecided(f"{target.name} has as many vCPUs, and no agent publishes how much memory is used")
    if memory is None or memory < config.oversized_utilization:
        seen = "its memory use is not published, so look at it first" if memory is None else f"memory {memory:.0f} %"
        confidence: Confidence = "low" if memory is None else "medium"
        yield instance.fail(
            f"is a {kind.name} that in {config.idle_days} days used at most this in 95 of 100 hours: processors"
            f" {cpu:.0f} %, {seen}; {target.name} is the next smaller type",
            saving=machines.replaced(instance, kind.name, target.name, inventory, confidence=confidence),
        )


@check(
    "ec2-gpu-multi-oversized",
    title="Multi-GPU instances use all their GPUs",
    severity=HIGH,
    uses=(LaunchTemplate, GpuLoad),
    inputs=("live",),
)
def gpu_multi_oversized(instance: Instance, inventory: Inventory, config: Config) -> Findings:
    """Code that was written for one GPU leaves the others of the instance idle, and they are most of its price.

    A GPU counts as used where it was more than 5 % busy in more than 5 % of the hours. Only the CloudWatch agent tells
    one GPU from the other, so without it this is not known.

    Fix: start on a type with as many GPUs as the work uses (p3.2xlarge instead of p3.8xlarge), or make it use all of
    them: DistributedDataParallel, a process for each GPU, several jobs side by side.
    """
    kind = instance.details(inventory)
    if kind is None or not kind.has_gpu or kind.gpu_count < 2 or not instance.running:
        return
    gpus = [series for series in GpuLoad.of(instance, inventory).agent if series.label]
    if len(gpus) != kind.gpu_count:
        raise Undecided(f"the CloudWatch agent tells of {len(gpus)} of its {kind.gpu_count:g} GPUs")
    loads = [series.last(config.idle_days, since=instance.launch_time) for series in gpus]
    used = sum(load.share_above(config.idle_utilization) > _RARELY for load in loads)
    if used == len(loads):
        return
    target = sizing.with_gpus(kind.name, max(1, used), instance.scope.region)
    hint = "" if target else f"; no smaller type of {kind.family} has the same GPUs, so run more on it"
    yield instance.fail(
        f"is a {kind.name} that used {used} of its {len(loads)} GPUs in {config.idle_days} days{hint}",
        saving=machines.replaced(instance, kind.name, target, inventory) if target else None,
    )


@check(
    "ec2-instance-previous-generation",
    title="EC2 instances are of a current generation and not paravirtual",
    severity=MEDIUM,
    uses=(LaunchTemplate,),
    bad=(
        "AWS::EC2::Instance: {InstanceType: m4.xlarge}",
        "AWS::EC2::Instance: {InstanceType: t2.micro}",
        "AWS::EC2::LaunchTemplate: {LaunchTemplateData: {InstanceType: c3.large}}",
        """
        Resources:
          Old: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {InstanceType: r4.large}}}
          Server:
            Type: AWS::EC2::Instance
            Properties: {LaunchTemplate: {LaunchTemplateId: !Ref Old, Version: "1"}}
        """,
    ),
    good=(
        "AWS::EC2::Instance: {InstanceType: m7i.large}",
        "AWS::EC2::Instance: {InstanceType: m5.large}",
        "AWS::EC2::Instance: {InstanceType: p3.2xlarge}",
        "AWS::EC2::LaunchTemplate: {LaunchTemplateData: {InstanceType: t3.micro}}",
    ),
)
def instance_previous_generation(machine: Instance | LaunchTemplate, inventory: Inventory) -> Findings:
    """Newer generations are faster for the same money or less; only old ones can run paravirtual images at all.

    GPUs have a check of their own, `ec2-gpu-previous-generation`.

    Fix: change the type to the same size of a newer family. Types from m5, c5, r5 and t3 on need an HVM image with
    drivers for NVMe and ENA, which every image of the last years has; a paravirtual image has to be replaced. Figures
    are for Linux, and left out where the image or the name says Windows: newer burstable types cost more with it.
    """
    name = _type_name(machine, inventory)
    family = name.partition(".")[0]
    if family not in SUCCESSORS:
        return
    paravirtual = isinstance(machine, Instance) and if_known(machine, "virtualization_type") == "paravirtual"
    saving = _newer(machine, name, inventory) if isinstance(machine, Instance) and machine.running else None
    what = f"is a {name}, of a family that newer ones replace ({', '.join(SUCCESSORS[family])})"
    what += ", with a paravirtual image" if paravirtual else ""
    hint = "" if saving else "; what a newer one saves depends on its size and on the hours it runs"
    at = "data.instance_type" if isinstance(machine, LaunchTemplate) else "instance_type"
    yield machine.fail(f"{what}{hint}", at=at, saving=saving)


def _type_name(machine: Instance | LaunchTemplate, inventory: Inventory) -> str:
    """Its type, also where the price book does not know that, as it lacks the oldest; empty where none is named."""
    if isinstance(machine, LaunchTemplate):
        return machine.data.instance_type or ""
    if machine.instance_type is not None:
        return machine.instance_type
    data = machine.template_data(inventory)
    return (data.instance_type if data else None) or ""


def _newer(instance: Instance, name: str, inventory: Inventory) -> Saving | None:
    """Move to the cheapest type of the families that replace it, of the same size at least."""
    current, region = book.instance_type(name), instance.scope.region
    if current is None:
        return None

    def large_enough(new: InstanceType) -> bool:
        return new.vcpu >= current.vcpu and new.memory_gib >= current.memory_gib

    fitting = [new.name for new in available(SUCCESSORS[current.family], region) if large_enough(new)]
    found = (machines.replaced(instance, name, then, inventory) for then in fitting)
    return max((saving for saving in found if saving), key=lambda saving: saving.high, default=None)
