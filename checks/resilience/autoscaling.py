"""Groups of instances: what happens when one goes."""

import re

from auditor import LOW, MEDIUM, Findings, Inventory, check
from auditor.knowledge.capacity import uses_spot
from auditor.knowledge.environment import words_of
from auditor.members import either, every
from auditor.resources.autoscaling import AutoScalingGroup, LaunchConfiguration
from auditor.resources.ec2 import LaunchTemplate
from auditor.resources.ecs import Service
from auditor.values import known

_MIXED = """
        AWS::AutoScaling::AutoScalingGroup:
          MinSize: 1
          MaxSize: 8
          MixedInstancesPolicy:
            LaunchTemplate: {LaunchTemplateSpecification: {LaunchTemplateId: lt-1, Version: "1"}}
            InstancesDistribution: {%s}
          %s
        """
_SPOT = """
        Resources:
          Cheap:
            Type: AWS::EC2::LaunchTemplate
            Properties: {LaunchTemplateData: {InstanceMarketOptions: {MarketType: spot}}}
          Workers:
            Type: AWS::AutoScaling::AutoScalingGroup
            Properties:
              MinSize: 0
              MaxSize: 8
              LaunchTemplate: {LaunchTemplateId: !Ref Cheap, Version: !GetAtt Cheap.LatestVersionNumber}
              CapacityRebalance: %s
        """


@check(
    "autoscaling-capacity-rebalance",
    title="Auto Scaling groups with spot capacity rebalance before the two-minute interruption",
    severity=MEDIUM,
    uses=(LaunchTemplate, LaunchConfiguration),
    fixable="starts a new instance whenever AWS warns that a spot instance is at risk",
    bad=(
        _MIXED % ("OnDemandPercentageAboveBaseCapacity: 0, SpotAllocationStrategy: price-capacity-optimized", ""),
        _MIXED % ("OnDemandBaseCapacity: 2, OnDemandPercentageAboveBaseCapacity: 50", "CapacityRebalance: false"),
        _SPOT % "false",
        """
        Resources:
          Old: {Type: AWS::AutoScaling::LaunchConfiguration, Properties: {SpotPrice: "0.1", ImageId: ami-1}}
          Workers:
            Type: AWS::AutoScaling::AutoScalingGroup
            Properties: {MinSize: 0, MaxSize: 8, LaunchConfigurationName: !Ref Old}
        """,
    ),
    good=(
        _MIXED % ("OnDemandPercentageAboveBaseCapacity: 0", "CapacityRebalance: true"),
        _MIXED % ("OnDemandPercentageAboveBaseCapacity: 100", ""),
        _SPOT % "true",
    ),
)
def capacity_rebalance(group: AutoScalingGroup, inventory: Inventory) -> Findings:
    """AWS often warns of an interruption well before its two minutes' notice; a group that listens has time to move.

    Fix: set CapacityRebalance to true, with SpotAllocationStrategy price-capacity-optimized and a lifecycle hook that
    saves what the instance works on.
    """
    if not group.capacity_rebalance and uses_spot(group, inventory):
        message = "uses spot instances, and replaces one only when it is interrupted"
        yield group.fail(message, at="capacity_rebalance", expected="true")


# What people call services that answer with a model's predictions, and what only takes work from a queue.
_INFERENCE = re.compile(
    r"(?<![a-z])(inference|infer|predict(ion|ions|or)?|model-?serv(er|ing|ice)|serving|triton|torchserve|tgi|vllm"
    r"|tf-?serving)(?![a-z])"
)
_QUEUE_FED = re.compile(r"(?<![a-z])(batch|async|workers?|consumers?|jobs?|queue|stream(ing)?)(?![a-z])")

_GROUP = """
        AWS::AutoScaling::AutoScalingGroup:
          MinSize: 1
          MaxSize: 8
          %s
          Tags: [{Key: Name, Value: %s, PropagateAtLaunch: true}]
        """


@check(
    "autoscaling-inference-without-load-balancer",
    title="Multi-instance inference services sit behind an Application Load Balancer",
    severity=LOW,
    bad=(
        _GROUP % ("DesiredCapacity: 2", "fraud-inference"),
        "AWS::ECS::Service: {ServiceName: ModelServing, DesiredCount: 3}",
    ),
    good=(
        _GROUP % ("TargetGroupARNs: ['arn:aws:elasticloadbalancing:::targetgroup/a']", "fraud-inference"),
        _GROUP % ("DesiredCapacity: 2", "async-inference-workers"),
        _GROUP % ("DesiredCapacity: 2", "web"),
        "AWS::ECS::Service: {ServiceName: ModelServing, DesiredCount: 1}",
        "AWS::ECS::Service: {ServiceName: ModelServing, DesiredCount: 3, LoadBalancers: [{TargetGroupArn: a}]}",
        "AWS::ECS::Service: {ServiceName: ModelServing, DesiredCount: 3, ServiceRegistries: [{RegistryArn: a}]}",
    ),
)
def inference_without_load_balancer(service: AutoScalingGroup | Service) -> Findings:
    """Callers that pick an instance themselves go on calling one that is broken or busy, and know nothing of new ones.

    It goes by names such as inference, serving or predictor; what works from a queue is left out.

    Fix: register the instances or tasks in a target group of an Application Load Balancer that checks their health.
    """
    if isinstance(service, Service):
        count, at = service.desired_count, "load_balancers"
    else:
        count, at = service.desired_capacity or service.min_size, "target_group_arns"
    if count > 1 and every(lambda: not _is_balanced(service), lambda: _answers_requests(service)):
        yield service.fail(f"runs {count} copies of an inference service without a load balancer", at=at)


def _is_balanced(service: AutoScalingGroup | Service) -> bool:
    """Whether something shares out requests among its instances or tasks."""
    if isinstance(service, Service):
        return either(
            lambda: bool(service.load_balancers),
            lambda: bool(service.service_registries),
            lambda: service.service_connect,
        )
    return either(
        lambda: bool(service.target_group_arns),
        lambda: bool(service.load_balancer_names),
        lambda: bool(service.traffic_sources),
    )


def _answers_requests(service: AutoScalingGroup | Service) -> bool:
    """Whether it looks like a service for inference that others call, and not like the nodes of a cluster."""
    words = words_of(service)
    if isinstance(service, AutoScalingGroup):
        if service.of_cluster:
            return False
        words += "".join(f" {tag.value}".lower() for tag in service.tags if tag.key == "Name")
    if _QUEUE_FED.search(words):
        return False
    known(service.raw.unknown_name)
    return _INFERENCE.search(words) is not None
