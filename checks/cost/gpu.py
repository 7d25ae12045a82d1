"""What EC2 instances with GPUs cost."""

from collections.abc import Callable

from auditor import HIGH, LOW, MEDIUM, Findings, Inventory, check
from auditor.config import Config
from auditor.knowledge.work import INFERENCE, TRAINING, is_interruptible, works_on
from auditor.members import either, every, if_decided, known_first, some, those
from auditor.pricing import savings, sizing
from auditor.pricing.book import InstanceType
from auditor.resources.autoscaling import AutoScalingGroup
from auditor.resources.ec2 import Instance, LaunchTemplate
from auditor.resources.elbv2 import TargetGroup

PREVIOUS = ("p2", "p3", "p3dn", "g2", "g3", "g3s", "g4dn", "g4ad")
"""GPU families that newer ones replace."""


@check(
    "ec2-gpu-previous-generation",
    title="GPU instances are of a current generation, not p2, p3, g2, g3, g4dn or g4ad",
    severity=MEDIUM,
    uses=(LaunchTemplate,),
    bad=(
        "AWS::EC2::Instance: {InstanceType: p3.2xlarge}",
        "AWS::EC2::LaunchTemplate: {LaunchTemplateData: {InstanceType: g4dn.xlarge}}",
    ),
    good=(
        "AWS::EC2::Instance: {InstanceType: g6.xlarge}",
        "AWS::EC2::LaunchTemplate: {LaunchTemplateData: {InstanceType: p5.48xlarge}}",
    ),
)
def gpu_previous_generation(machine: Instance | LaunchTemplate, inventory: Inventory) -> Findings:
    """Newer GPUs do the same work in less time, mostly for less money; the oldest types can hardly be started any more.

    Fix: move to g5, g6 or g6e (p4d or p5 for linked GPUs), and compare the time that the same work takes before you
    switch: the finding says up to which ratio it pays.
    """
    kind = machine.details(inventory)
    if kind is not None and kind.family in PREVIOUS:
        saving = savings.previous_generation_gpu(kind.name, machine.scope.region) if machine.running else None
        hint = "" if saving else "; what a newer one saves depends on the hours it runs and how much faster it is"
        yield machine.fail(f"is a {kind.name}, of a previous generation{hint}", at=_type(machine), saving=saving)


@check(
    "ec2-gpu-spot-candidate",
    title="GPU instances for training and batch work run on spot capacity",
    severity=HIGH,
    uses=(LaunchTemplate, AutoScalingGroup),
    bad=(
        "AWS::EC2::Instance: {InstanceType: g5.xlarge, Tags: [{Key: workload, Value: training}]}",
        """
        Resources:
          Workers:
            Type: AWS::EC2::LaunchTemplate
            Properties:
              LaunchTemplateData:
                InstanceType: g5.xlarge
                TagSpecifications: [{ResourceType: instance, Tags: [{Key: Name, Value: batch-worker}]}]
          Group:
            Type: AWS::AutoScaling::AutoScalingGroup
            Properties: {LaunchTemplate: {LaunchTemplateId: !Ref Workers, Version: "1"}, MinSize: "0", MaxSize: "9"}
        """,
    ),
    good=(
        "AWS::EC2::Instance: {InstanceType: g5.xlarge, Tags: [{Key: workload, Value: inference}]}",
        "AWS::EC2::Instance: {InstanceType: m5.xlarge, Tags: [{Key: workload, Value: training}]}",
        """
        AWS::EC2::LaunchTemplate:
          LaunchTemplateData:
            InstanceType: g5.xlarge
            InstanceMarketOptions: {MarketType: spot}
            TagSpecifications: [{ResourceType: instance, Tags: [{Key: workload, Value: batch}]}]
        """,
    ),
)
def gpu_spot_candidate(machine: Instance | LaunchTemplate, inventory: Inventory, config: Config) -> Findings:
    """Training with checkpoints and batch work survive an interruption, and spot capacity costs up to 90 % less.

    Fix: write checkpoints to S3, then start the instances with InstanceMarketOptions MarketType spot, or from an Auto
    Scaling group with a mixed instances policy. Which tag values mark such work is set with interruptible-tags.
    """
    if every(
        lambda: _has_gpu(machine.details(inventory)),
        lambda: any(True for _ in those(machine.tag_sets(inventory), lambda tags: is_interruptible(tags, config))),
        lambda: machine.on_demand(inventory),
    ):
        kind = machine.details(inventory)
        name = kind.name if kind else ""
        saving = savings.spot_instead_of_on_demand(name, 1, machine.scope.region) if machine.running else None
        hint = "" if saving else "; what spot saves depends on the hours it runs"
        yield machine.fail(
            f"is an on-demand {name}, though its tags say that its work may be interrupted{hint}", saving=saving
        )


_BEHIND_BALANCER = """
        Resources:
          Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Targets: [{Id: !Ref Server}]}}
          Server: {Type: AWS::EC2::Instance, Properties: {InstanceType: g5.xlarge}}
        """
_TAGGED = "AWS::EC2::Instance: {InstanceType: %s, Tags: [{Key: workload, Value: %s}]}"
_TEMPLATE = """
        AWS::EC2::LaunchTemplate:
          LaunchTemplateData:
            InstanceType: %s
            TagSpecifications: [{ResourceType: instance, Tags: [{Key: Name, Value: %s}]}]
        """


@check(
    "ec2-gpu-inferentia-candidate",
    title="GPU instances that serve inference consider Inferentia (inf2)",
    severity=MEDIUM,
    uses=(LaunchTemplate, TargetGroup),
    bad=(
        _TAGGED % ("g5.xlarge", "inference"),
        _TAGGED % ("p4d.24xlarge", "model-serving"),
        _TEMPLATE % ("g5.2xlarge", "fraud-inference"),
        _BEHIND_BALANCER,
    ),
    good=(
        _TAGGED % ("g5.xlarge", "training"),
        _TAGGED % ("m5.xlarge", "inference"),
        _TAGGED % ("inf2.xlarge", "inference"),
        _TAGGED % ("g4dn.xlarge", "inference"),
    ),
)
def gpu_inferentia_candidate(machine: Instance | LaunchTemplate, inventory: Inventory) -> Findings:
    """AWS's own chips serve many models for less than a GPU does, once the model is compiled for them.

    Inference is what a tag says, or what is a target of a load balancer. Where no inf2 type with as much accelerator
    memory is cheaper by the hour, there is no finding.

    Fix: compile the model with AWS Neuron and compare throughput and latency on the type that the finding names; its
    break-even says up to which ratio it pays.
    """
    yield from _candidate(
        machine,
        inventory,
        ("inf2",),
        "serves inference",
        lambda: _serves(machine, inventory),
        lambda kind: kind.has_gpu,
    )


@check(
    "ec2-gpu-trainium-candidate",
    title="GPU instances that train models consider Trainium (trn1, trn2)",
    severity=LOW,
    uses=(LaunchTemplate,),
    bad=(
        _TAGGED % ("p3.2xlarge", "training"),
        _TEMPLATE % ("p4d.24xlarge", "llm-training"),
    ),
    good=(
        _TAGGED % ("p3.2xlarge", "inference"),
        _TAGGED % ("g5.xlarge", "training"),
        _TAGGED % ("trn1.2xlarge", "training"),
    ),
)
def gpu_trainium_candidate(machine: Instance | LaunchTemplate, inventory: Inventory) -> Findings:
    """AWS's own chips for training cost less by the hour than the GPUs of p3, p4 and p5, for models that Neuron knows.

    Training is what a tag says. Where no Trainium type with as much accelerator memory is cheaper, there is no finding.

    Fix: port the training to PyTorch or JAX with AWS Neuron and compare the time that an epoch takes; the finding's
    break-even says up to which ratio it pays.
    """
    yield from _candidate(
        machine,
        inventory,
        ("trn1", "trn2"),
        "trains models",
        lambda: _works(machine, inventory, TRAINING),
        lambda kind: kind.has_gpu and kind.family.startswith(("p3", "p4", "p5")),
    )


def _candidate(
    machine: Instance | LaunchTemplate,
    inventory: Inventory,
    families: tuple[str, ...],
    does: str,
    does_it: Callable[[], bool],
    concerns: Callable[[InstanceType], bool],
) -> Findings:
    """What could run on other accelerators that cost less by the hour."""

    def cheaper() -> bool:
        kind = machine.details(inventory)
        return (
            kind is not None
            and concerns(kind)
            and sizing.accelerator(kind.name, families, region=machine.scope.region) is not None
        )

    if not every(cheaper, does_it):
        return
    kind = machine.details(inventory)
    name, region = kind.name if kind else "", machine.scope.region
    counted = machine.running and if_decided(lambda: machine.on_demand(inventory))
    saving = sizing.accelerator(name, families, region=region) if counted else None
    hint = "" if saving else "; what that saves depends on the hours it runs and on how fast the model is there"
    message = f"is a {name} that {does}, which {' or '.join(families)} may do for less{hint}"
    yield machine.fail(message, at=_type(machine), saving=saving)


def _serves(machine: Instance | LaunchTemplate, inventory: Inventory) -> bool:
    return either(
        lambda: _works(machine, inventory, INFERENCE),
        lambda: isinstance(machine, Instance) and bool(inventory.referring(TargetGroup, _targets, machine)),
    )


def _targets(group: TargetGroup) -> tuple[str, ...]:
    return known_first(group.registered, lambda one: one.id)


def _works(machine: Instance | LaunchTemplate, inventory: Inventory, words: frozenset[str]) -> bool:
    return some(machine.tag_sets(inventory), lambda tags: works_on(tags, words))


def _type(machine: Instance | LaunchTemplate) -> str:
    return "data.instance_type" if isinstance(machine, LaunchTemplate) else "instance_type"


def _has_gpu(kind: InstanceType | None) -> bool:
    return kind is not None and kind.has_gpu
