"""What EC2 instances with GPUs cost."""

import re

from auditor import HIGH, MEDIUM, Findings, Inventory, check
from auditor.config import Config
from auditor.members import every, those
from auditor.pricing import savings
from auditor.pricing.book import InstanceType
from auditor.resources.autoscaling import AutoScalingGroup
from auditor.resources.ec2 import Instance, LaunchTemplate
from auditor.resources.tags import Tags

PREVIOUS = ("p2", "p3", "p3dn", "g2", "g3", "g3s", "g4dn", "g4ad")
"""GPU families that newer ones replace."""

WORK_TAGS = ("workload", "workload-type", "purpose", "role", "usage", "type", "job", "component", "application", "app")
"""Tags that say what an instance works on, besides its Name."""


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
        lambda: any(True for _ in those(machine.tag_sets(inventory), lambda tags: _interruptible(tags, config))),
        lambda: machine.on_demand(inventory),
    ):
        kind = machine.details(inventory)
        name = kind.name if kind else ""
        saving = savings.spot_instead_of_on_demand(name, 1, machine.scope.region) if machine.running else None
        hint = "" if saving else "; what spot saves depends on the hours it runs"
        yield machine.fail(
            f"is an on-demand {name}, though its tags say that its work may be interrupted{hint}", saving=saving
        )


def _type(machine: Instance | LaunchTemplate) -> str:
    return "data.instance_type" if isinstance(machine, LaunchTemplate) else "instance_type"


def _has_gpu(kind: InstanceType | None) -> bool:
    return kind is not None and kind.has_gpu


def _interruptible(tags: Tags, config: Config) -> bool:
    """Whether a tag for the work, or a word of the Name, says that the work may be interrupted."""
    wanted = {value.lower() for value in config.interruptible_tags}
    for key in WORK_TAGS:
        if wanted & _words(tags.get(key)):
            return True
    return bool(wanted & _words(tags.get("Name")))


def _words(text: str | None) -> set[str]:
    return {(text or "").strip().lower(), *re.split(r"[^a-z0-9]+", (text or "").lower())}
