"""What SageMaker's endpoints cost for what is asked of them."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from auditor import LOW, MEDIUM, Findings, Inventory, Undecided, check
from auditor.config import Config
from auditor.knowledge.environment import is_development
from auditor.knowledge.serving import SCALING, Fleet, counted, is_scaled, reaches_zero
from auditor.knowledge.serving import fleets as running_fleets
from auditor.knowledge.stops import STOPPERS, is_stopped
from auditor.members import every, if_known, known_first, place, some, those
from auditor.pricing import book, fleets, idle, savings, sizing
from auditor.pricing.book import HOURS_PER_MONTH, InstanceType
from auditor.pricing.saving import Saving, available
from auditor.resources.ec2 import type_details
from auditor.resources.sagemaker import Endpoint, EndpointConfig, Model, ProductionVariant
from auditor.utilisation.series import HOUR, Series, added
from auditor.utilisation.services.sagemaker import EndpointLoad, EndpointRequests, EndpointWork
from checks.cost.gpu import PREVIOUS

_SERVED = """
        Resources:
          Serving:
            Type: AWS::SageMaker::EndpointConfig
            Properties:
              ProductionVariants:
                - {VariantName: a, ModelName: m, %s}
          Churn:
            Type: AWS::SageMaker::Endpoint
            Properties: {EndpointConfigName: !GetAtt Serving.EndpointConfigName, EndpointName: churn%s}
        """
_INSTANCES = "InstanceType: ml.m5.xlarge, InitialInstanceCount: 2"
_SERVERLESS = "ServerlessConfig: {MaxConcurrency: 5, MemorySizeInMB: 2048}"
_MANAGED = _INSTANCES + ", ManagedInstanceScaling: {Status: ENABLED, MinInstanceCount: %s}"
_TARGET = """
          Target:
            Type: AWS::ApplicationAutoScaling::ScalableTarget
            Properties:
              ServiceNamespace: sagemaker
              ScalableDimension: sagemaker:variant:DesiredInstanceCount
              ResourceId: %s
              MinCapacity: 1
              MaxCapacity: 4%s
"""
_POLICY = """
          Policy:
            Type: AWS::ApplicationAutoScaling::ScalingPolicy
            Properties: {PolicyName: busy, PolicyType: TargetTrackingScaling, %s}
"""
_SUB = '!Sub "endpoint/${Churn.EndpointName}/variant/a"'


@check(
    "sagemaker-endpoint-autoscaling-missing",
    title="Real-time endpoint variants have a scaling target and policy",
    severity=MEDIUM,
    uses=(EndpointConfig, EndpointRequests, *SCALING),
    bad=(
        _SERVED % (_INSTANCES, "") + _TARGET % ("endpoint/churn/variant/b", ""),
        _SERVED % (_INSTANCES, "") + _TARGET % (_SUB, ""),
        _SERVED % (_INSTANCES, "") + _TARGET % (_SUB, "") + _POLICY % "ScalingTargetId: endpoint/orders/variant/a",
    ),
    good=(
        _SERVED % (_INSTANCES, "") + _TARGET % (_SUB, "") + _POLICY % "ScalingTargetId: !Ref Target",
        _SERVED % (_INSTANCES, "")
        + _TARGET % ("endpoint/churn/variant/a", "")
        + _POLICY % "ServiceNamespace: sagemaker, ResourceId: endpoint/churn/variant/a",
        _SERVED % (_INSTANCES, "")
        + _TARGET
        % (_SUB, "\n              ScheduledActions: [{ScheduledActionName: night, Schedule: cron(0 20 * * ? *)}]"),
        _SERVED % (_MANAGED % 1, ""),
        _SERVED % (_SERVERLESS, ""),
    ),
)
def endpoint_autoscaling_missing(endpoint: Endpoint, inventory: Inventory) -> Findings:
    """Without scaling an endpoint has as many instances at night as at its busiest hour, and no more than that then.

    Fix: register the variant with Application Auto Scaling and add a target tracking policy on
    SageMakerVariantInvocationsPerInstance; or turn on ManagedInstanceScaling in the endpoint's configuration.
    """
    for fleet in those(running_fleets(endpoint, inventory), lambda one: not is_scaled(endpoint, one, inventory)):
        saving = _if_scaled(endpoint, fleet, inventory)
        hint = "" if saving else "; what scaling saves depends on how its requests come and go"
        yield endpoint.fail(f"always runs {_machines(fleet)}{_of(fleet)}, whatever is asked of it{hint}", saving=saving)


_SCALES_AT = 0.7
"""The share of its busiest hour's requests that an instance is given by scaling."""


def _if_scaled(endpoint: Endpoint, fleet: Fleet, inventory: Inventory) -> Saving | None:
    """What it saves to run only the instances that each hour's requests need, by those of its busiest hour."""
    requests = _requests(endpoint, inventory).get(fleet.name)
    if fleet.count < 2 or requests is None or not requests.values or not requests.total():
        return None
    each = _SCALES_AT * requests.maximum() / fleet.count
    needed = [min(fleet.count, math.ceil(value / each)) for value in requests.by_period().values()]
    quiet = requests.periods - len(needed)
    used = sum(max(1, count) for count in needed) + quiet
    spare = (requests.periods * fleet.count - used) / requests.periods * HOURS_PER_MONTH
    remark = (
        f"by its requests of {requests.days:g} days, where an instance takes {_SCALES_AT:.0%} of what each took in the"
        f" busiest hour, and one always runs"
    )
    return fleets.fewer(fleet.instance_type, spare, endpoint.scope.region, remark=remark) if spare > 0 else None


def _requests(endpoint: Endpoint, inventory: Inventory) -> dict[str, Series]:
    """The requests to each variant, as far as CloudWatch told them: they only add a figure."""
    usages = inventory.referring(EndpointRequests, lambda usage: usage.raw.id, endpoint)
    told = [if_known(usage, "invocations") or () for usage in tuple.__iter__(usages)]
    return {series.label: series for some in told for series in tuple.__iter__(some)}


@check(
    "sagemaker-endpoint-oversized",
    title="SageMaker endpoint instances match their CPU, memory and GPU use",
    severity=MEDIUM,
    uses=(EndpointConfig, EndpointLoad),
    inputs=("live",),
)
def endpoint_oversized(endpoint: Endpoint, inventory: Inventory, config: Config) -> Findings:
    """Instances that are never half busy could be the next smaller ones, at about half the price.

    Fix: create an endpoint configuration with the smaller type, and update the endpoint to it after a load test.
    """
    for fleet in _in_service(endpoint, inventory):
        peaks = _peaks(endpoint, fleet, inventory, config.idle_days)
        target = sizing.smaller(fleet.instance_type, endpoint.scope.region)
        if target is None or max(peaks.values()) >= config.oversized_utilization:
            continue
        smaller = type_details(target)
        if smaller is None or not _fits(peaks, fleet.kind, smaller, 2 * config.oversized_utilization):
            continue
        region = endpoint.scope.region
        saving = sizing.replaced(fleet.instance_type, target, fleet.count, region)
        figures = ", ".join(f"{what} {peak:.0f} %" for what, peak in peaks.items())
        yield endpoint.fail(
            f"was at most so busy in {config.idle_days} days on {_machines(fleet)}{_of(fleet)}: {figures}; {target} is"
            " enough",
            saving=saving,
        )


def _in_service(endpoint: Endpoint, inventory: Inventory) -> tuple[Fleet, ...]:
    return running_fleets(endpoint, inventory) if endpoint.endpoint_status == "InService" else ()


def _peaks(endpoint: Endpoint, fleet: Fleet, inventory: Inventory, days: int) -> dict[str, float]:
    """The most that a variant's instances were used, in per cent of all of their cores, memory and GPUs.

    Raises:
        Undecided: the metrics don't tell of all that its type has.
    """
    load = EndpointLoad.of(endpoint, inventory)
    kind = fleet.kind
    asked: dict[str, tuple[Callable[[], tuple[Series, ...]], float]] = {
        "processors": (lambda: load.cpu, kind.vcpu),
        "memory": (lambda: load.memory, 1),
    }
    if kind.has_gpu:
        asked["GPUs"] = (lambda: load.gpu, kind.gpu_count)
        asked["memory of GPUs"] = (lambda: load.gpu_memory, kind.gpu_count)
    return {
        what: _of_variant(series(), fleet).last(days, since=endpoint.creation_time).maximum() / parts
        for what, (series, parts) in asked.items()
    }


def _of_variant(series: tuple[Series, ...], fleet: Fleet) -> Series:
    for one in series:
        if one.label == fleet.name:
            return one
    raise Undecided(f"CloudWatch was not asked about the variant {fleet.name}")


def _fits(peaks: Mapping[str, float], now: InstanceType, then: InstanceType, limit: float) -> bool:
    """Whether what was used at the peak is no more than so many per cent of a smaller type."""
    ratios = {
        "processors": now.vcpu / then.vcpu,
        "memory": now.memory_gib / then.memory_gib,
        "GPUs": now.gpu_count / (then.gpu_count or 1),
        "memory of GPUs": now.gpu_memory_gib / (then.gpu_memory_gib or 1),
    }
    return all(peak * ratios[what] <= limit for what, peak in peaks.items())


_CONFIG = """
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: %s, InitialInstanceCount: %s}]
        """


@check(
    "sagemaker-endpoint-inferentia-candidate",
    title="GPU inference endpoints consider Inferentia (inf1, inf2)",
    severity=MEDIUM,
    bad=(_CONFIG % ("ml.g5.2xlarge", 2), _CONFIG % ("ml.p3.2xlarge", 1)),
    good=(
        _CONFIG % ("ml.inf2.xlarge", 2),
        _CONFIG % ("ml.m5.xlarge", 2),
        _CONFIG % ("ml.g4dn.xlarge", 2),
        """
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, ServerlessConfig: {MaxConcurrency: 5}}]
        """,
    ),
)
def endpoint_inferentia_candidate(config: EndpointConfig) -> Findings:
    """AWS promises up to 70 % lower cost of inference on Inferentia than on comparable GPUs, for models it can compile.

    Fix: compile the model with AWS Neuron, serve it from ml.inf2, and compare how many requests an instance takes: the
    finding says up to which ratio it pays.
    """
    for variant in those(config.instance_variants(), lambda one: _inferentia(one, None, 1) is not None):
        count = if_known(variant, "initial_instance_count")
        saving = _inferentia(variant, config.scope.region, count) if count else None
        hint = "" if saving else "; what it saves depends on how many instances run"
        yield config.fail(
            f"serves from {variant.instance_type}, and Inferentia was not considered{hint}",
            at=place(variant, "instance_type"),
            saving=saving,
        )


def _inferentia(variant: ProductionVariant, region: str | None, count: int) -> Saving | None:
    """What Inferentia with as much memory saves at the most; None for a type without GPUs, or where it is dearer."""
    kind = type_details(variant.instance_type)
    if kind is None or not kind.has_gpu:
        return None
    return sizing.accelerator(f"ml.{kind.name}", ("inf2",), count, region)


_SUCCESSORS = {"m4": ("m6i", "m7i"), "m5": ("m6i", "m7i"), "c4": ("c6i", "c7i"), "c5": ("c6i", "c7i")}
"""Families of the same architecture and memory per vCPU."""


@check(
    "sagemaker-endpoint-previous-generation",
    title="SageMaker endpoints do not use previous-generation instances (p2, p3, g3, g4dn, m4, c4, c5, m5)",
    severity=LOW,
    bad=(_CONFIG % ("ml.g4dn.xlarge", 1), _CONFIG % ("ml.m5.xlarge", 2), _CONFIG % ("ml.c4.large", 1)),
    good=(_CONFIG % ("ml.g6.xlarge", 1), _CONFIG % ("ml.m6i.xlarge", 2), _CONFIG % ("ml.c7i.large", 1)),
)
def endpoint_previous_generation(config: EndpointConfig) -> Findings:
    """A newer generation answers more requests at the same price an hour, so that fewer instances are needed.

    Fix: serve from ml.g5 or ml.g6 instead of older GPUs, from ml.m6i, ml.m7i, ml.c6i or ml.c7i instead of older types
    without; compare how many requests an instance takes: the finding says up to which ratio it pays.
    """
    for variant in those(config.instance_variants(), _is_previous):
        name, count = variant.instance_type or "", if_known(variant, "initial_instance_count")
        saving = _renewed(name, count, config.scope.region) if count else None
        hint = "" if saving else "; what a newer one saves depends on how much faster it is"
        yield config.fail(
            f"serves from {name}, of a previous generation{hint}", at=place(variant, "instance_type"), saving=saving
        )


def _is_previous(variant: ProductionVariant) -> bool:
    kind = type_details(variant.instance_type)
    return kind is not None and kind.family in (*PREVIOUS, *_SUCCESSORS)


def _renewed(name: str, count: int, region: str | None) -> Saving | None:
    kind = type_details(name)
    if kind is None or kind.has_gpu:
        return savings.previous_generation_gpu(name, region, count=count)
    newer = [
        new
        for new in available(_SUCCESSORS[kind.family], region, "hosting")
        if new.vcpu >= kind.vcpu and new.memory_gib >= kind.memory_gib
    ]
    return savings.switch(name, count, newer, region)


_SPORADIC = 0.2
"""The share of hours with requests below which an endpoint's instances mostly wait."""
_SERVERLESS_GB = 6
"""The most memory of a serverless endpoint (SageMaker CreateEndpointConfig, ProductionVariantServerlessConfig)."""


@check(
    "sagemaker-endpoint-serverless-candidate",
    title="SageMaker endpoints with sporadic traffic use serverless, asynchronous or scale-to-zero inference",
    severity=MEDIUM,
    uses=(EndpointConfig, EndpointWork, *SCALING),
    inputs=("live",),
)
def endpoint_serverless_candidate(endpoint: Endpoint, inventory: Inventory, config: Config) -> Findings:
    """Instances that are asked something in few of the hours are paid for in all of them.

    Fix: serve from a serverless endpoint, which is paid by the time that requests take; where the model needs a GPU or
    more memory, from an asynchronous one, or through an inference component, both of which scale to zero.
    """
    if endpoint.endpoint_status != "InService":
        return
    work = EndpointWork.of(endpoint, inventory)
    for fleet in counted(running_fleets(endpoint, inventory)):
        requests = _of_variant(work.invocations, fleet)
        if not requests.total() or requests.share_above(0) >= _SPORADIC:
            continue
        share = requests.last(config.idle_days, since=endpoint.creation_time).share_above(0)
        if not 0 < share < _SPORADIC or reaches_zero(endpoint, fleet, inventory):
            continue
        saving = _on_request(endpoint, fleet, _of_variant(work.model_time, fleet), share)
        hint = "" if saving else "; what that saves depends on the price of its instances"
        yield endpoint.fail(
            f"was asked something in only {share:.0%} of the hours of {config.idle_days} days{_of(fleet)}, on"
            f" {_machines(fleet)}{hint}",
            saving=saving,
        )


def _on_request(endpoint: Endpoint, fleet: Fleet, model_time: Series, share: float) -> Saving | None:
    region = endpoint.scope.region
    if fleet.kind.has_accelerator:  # serverless inference has none
        hours = fleet.count * HOURS_PER_MONTH * (1 - share)
        remark = f"as no request came in {1 - share:.0%} of the hours; starting from zero takes minutes"
        return fleets.fewer(fleet.instance_type, hours, region, remark=remark)
    memory = min(_SERVERLESS_GB, fleet.kind.memory_gib)
    seconds = model_time.total() / 1e6 * HOURS_PER_MONTH * HOUR / (model_time.end - model_time.start)
    return sizing.serverless(fleet.instance_type, fleet.count, memory * seconds, region)


_LOW_USE = 10
"""Percentage that the processors and GPUs of an endpoint don't exceed, where it could share its instances."""
_MANY = 3


@dataclass(slots=True)
class _Group:
    """Endpoints of one image and instance type with little use."""

    instances: dict[str, int] = field(default_factory=dict)
    busy: float = 0.0


@check(
    "sagemaker-endpoint-multi-model-candidate",
    title="Many low-traffic endpoints with the same container share instances (multi-model or inference components)",
    severity=MEDIUM,
    uses=(Endpoint, EndpointConfig, EndpointLoad, Model),
    inputs=("live",),
)
def endpoint_multi_model_candidate(endpoint: Endpoint, inventory: Inventory, config: Config) -> Findings:
    """Models that run in the same container can share instances, which most of the time have nothing to do.

    Fix: put the models behind one multi-model endpoint (Mode MultiModel), or as inference components on one endpoint.
    """
    shareable = _shareable(endpoint, inventory, config)
    if shareable is None:
        return
    key, _, fleet = shareable
    groups = inventory.remembered(endpoint, _groups, lambda: _groups(endpoint, inventory, config))
    group = groups[key]
    total = sum(group.instances.values())
    needed = max(1, math.ceil(group.busy / config.oversized_utilization))
    if len(group.instances) < _MANY or needed >= total:
        return
    hours = fleet.count * (1 - needed / total) * HOURS_PER_MONTH
    remark = (
        f"its share of the {total - needed} of {total} instances of {len(group.instances)} endpoints that are not"
        f" needed for the peaks of all together at {config.oversized_utilization:g} %"
    )
    saving = fleets.fewer(fleet.instance_type, hours, endpoint.scope.region, remark=remark)
    yield endpoint.fail(
        f"was at most {_LOW_USE} % busy in {config.idle_days} days, as {len(group.instances) - 1} others with the same"
        f" container on {fleet.instance_type} were",
        saving=saving,
    )


_Shareable = tuple[tuple[str, str], float, Fleet]


def _shareable(endpoint: Endpoint, inventory: Inventory, config: Config) -> _Shareable | None:
    """An endpoint's image and type, the most that all its instances together did, in per cent of one, and its fleet.

    None where it could not share its instances: it does already, has several variants or containers, or is busy.
    """
    running = tuple(_in_service(endpoint, inventory))
    if len(running) != 1 or running[0].variant.model_name is None:
        return None
    (fleet,) = running
    model = inventory.get(Model, fleet.variant.model_name, near=endpoint)
    containers = tuple(model.all_containers) if model else ()
    if len(containers) != 1 or containers[0].mode == "MultiModel" or containers[0].image is None:
        return None
    peaks = _peaks(endpoint, fleet, inventory, config.idle_days)
    busiest = max(peak for what, peak in peaks.items() if "memory" not in what)
    return ((containers[0].image, fleet.instance_type), busiest * fleet.count, fleet) if busiest < _LOW_USE else None


def _groups(near: Endpoint, inventory: Inventory, config: Config) -> dict[tuple[str, str], _Group]:
    """The endpoints beside one that could share instances, as far as that is known."""
    groups: defaultdict[tuple[str, str], _Group] = defaultdict(_Group)
    endpoints = inventory.beside(Endpoint, near)
    found = known_first(
        tuple.__iter__(endpoints),
        lambda one: (one.address, shareable) if (shareable := _shareable(one, inventory, config)) else None,
    )
    for address, (key, busy, fleet) in tuple.__iter__(found):
        groups[key].instances[address] = fleet.count
        groups[key].busy += busy
    return groups


@check(
    "sagemaker-endpoint-cost-per-prediction",
    title="Cost per prediction of each endpoint stays under its target",
    severity=MEDIUM,
    uses=(EndpointConfig, EndpointRequests),
    inputs=("live",),
)
def endpoint_cost_per_prediction(endpoint: Endpoint, inventory: Inventory, config: Config) -> Findings:
    """What a prediction costs decides whether it is worth making; few requests on large instances make it dear.

    Fix: scale the endpoint in, choose a smaller type, share its instances, or make it serverless. The target is set
    with the endpoint's tag cost-per-prediction-target, or with cost-per-prediction in the configuration, in USD.
    """
    running = tuple(counted(_in_service(endpoint, inventory)))
    requests = EndpointRequests.of(endpoint, inventory)
    if not running or not some(requests.invocations, lambda series: series.total() > 0):
        return  # what nobody asks has no cost per prediction: see sagemaker-endpoint-idle
    target = endpoint.tags.number("cost-per-prediction-target", config.cost_per_prediction)
    total = added(requests.invocations).last(config.idle_days, since=endpoint.creation_time)
    monthly = total.total() * HOURS_PER_MONTH / (total.days * 24)
    fleet = [(one.instance_type, one.count) for one in running]
    prices = [book.sagemaker(name, endpoint.scope.region) for name, _ in fleet]
    if not monthly or not all(prices):
        raise Undecided("what its instances cost is not known here, or it had no request in so many days")
    cost = sum(count * price.usd for (_, count), price in zip(fleet, prices, strict=True) if price) * HOURS_PER_MONTH
    if cost / monthly > target:
        saving = sizing.above_target(fleet, monthly, target, endpoint.scope.region)
        yield endpoint.fail(
            f"costs ${cost / monthly:,.2g} a prediction, by its instances and the requests of {config.idle_days} days,"
            f" more than ${target:g}",
            saving=saving,
        )


_DEV = ", Tags: [{Key: environment, Value: %s}]"
_NIGHTLY = """
          Nightly:
            Type: AWS::Scheduler::Schedule
            Properties:
              ScheduleExpression: cron(0 20 * * ? *)
              FlexibleTimeWindow: {Mode: "OFF"}
              Target: {Arn: 'arn:aws:scheduler:::aws-sdk:sagemaker:deleteEndpoint', RoleArn: r,
                Input: '{"EndpointName": "churn"}'}
"""


@check(
    "sagemaker-endpoint-dev-always-on",
    title="Development endpoints do not run around the clock",
    severity=MEDIUM,
    uses=(EndpointConfig, *SCALING, *STOPPERS),
    bad=(
        _SERVED % (_INSTANCES, _DEV % "dev"),
        _SERVED % (_MANAGED % 1, _DEV % "staging"),
        _SERVED % (_INSTANCES, _DEV % "test") + _TARGET % (_SUB, ""),
    ),
    good=(
        _SERVED % (_INSTANCES, _DEV % "prod"),
        _SERVED % (_INSTANCES, ""),
        _SERVED % (_MANAGED % 0, _DEV % "dev"),
        _SERVED % (_SERVERLESS, _DEV % "dev"),
        _SERVED % (_INSTANCES, _DEV % "dev") + _NIGHTLY,
    ),
)
def endpoint_dev_always_on(endpoint: Endpoint, inventory: Inventory, config: Config) -> Findings:
    """Nobody asks a development endpoint at night and at weekends, which are two thirds of the hours it is paid for.

    Fix: delete it in the evening and make it again in the morning, both by a schedule; or make it serverless, or let it
    scale to zero.
    """
    if not is_development(endpoint, config) or if_known(endpoint, "endpoint_status") not in (None, "InService"):
        return
    for fleet in those(running_fleets(endpoint, inventory), lambda one: _is_always_on(endpoint, one, inventory)):
        started, region = [(fleet.instance_type, fleet.count)], endpoint.scope.region
        saving = idle.outside(started, config.working_hours, region, storage=False)
        hint = "" if saving else f"; what that costs depends on the price of {fleet.instance_type}, which is not known"
        yield endpoint.fail(
            f"is for development and runs {_machines(fleet)}{_of(fleet)} around the clock{hint}", saving=saving
        )


def _is_always_on(endpoint: Endpoint, fleet: Fleet, inventory: Inventory) -> bool:
    return every(
        lambda: not reaches_zero(endpoint, fleet, inventory), lambda: not is_stopped(endpoint, endpoint, inventory)
    )


def _machines(fleet: Fleet) -> str:
    return f"{fleet.count} x {fleet.instance_type}"


def _of(fleet: Fleet) -> str:
    return f" for its variant {fleet.name}" if fleet.name not in ("", "AllTraffic") else ""
