"""What runs for nobody, by its metrics."""

from auditor import HIGH, Findings, Inventory, check
from auditor.config import Config
from auditor.knowledge.serving import counted, fleets
from auditor.members import some
from auditor.pricing import idle, machines
from auditor.resources.ec2 import Instance, LaunchTemplate
from auditor.resources.sagemaker import Endpoint, EndpointConfig
from auditor.utilisation.gpus import idleness
from auditor.utilisation.services.ec2 import GpuLoad
from auditor.utilisation.services.sagemaker import EndpointRequests


@check(
    "ec2-gpu-idle",
    title="GPU instances are busy",
    severity=HIGH,
    uses=(LaunchTemplate, GpuLoad),
    inputs=("live",),
)
def gpu_idle(instance: Instance, inventory: Inventory, config: Config) -> Findings:
    """GPU instances cost up to a hundred dollars an hour, whether or not anything runs on them.

    Fix: stop the instance, or terminate it and start one per job; let an Auto Scaling group or AWS Batch reach zero.
    """
    kind = instance.details(inventory)
    if kind is None or not kind.has_gpu or not instance.running:
        return
    found = idleness(instance, inventory, config)
    if found:
        saving = machines.stopped(instance, kind.name, inventory, confidence=found.confidence)
        hint = "" if saving else "; what it costs depends on the price of its type, which is not known here"
        yield instance.fail(f"is a {kind.name} {found.words}{hint}", saving=saving)


@check(
    "sagemaker-endpoint-idle",
    title="SageMaker endpoints receive requests",
    severity=HIGH,
    uses=(EndpointConfig, EndpointRequests),
    inputs=("live",),
)
def endpoint_idle(endpoint: Endpoint, inventory: Inventory, config: Config) -> Findings:
    """An endpoint's instances are paid for as long as it exists, also when no request ever comes.

    Fix: delete the endpoint, whose model and configuration stay and make it again in minutes; serve rare requests from
    a serverless endpoint, from an asynchronous one that scales to zero, or by batch transform.
    """
    if endpoint.endpoint_status != "InService":
        return
    requests = EndpointRequests.of(endpoint, inventory)
    if some(requests.invocations, lambda series: series.total() > 0):
        return
    for series in requests.invocations:
        series.last(config.idle_days, since=endpoint.creation_time)
    running = tuple(counted(fleets(endpoint, inventory)))
    if not running:
        return  # serverless, or scaled to zero: nothing is paid for
    started = [(fleet.instance_type, fleet.count) for fleet in running]
    saving = idle.instances(started, endpoint.scope.region, storage=False)
    hint = "" if saving else "; what that costs depends on the prices of its instances, not all of which are known here"
    yield endpoint.fail(f"had no request in {config.idle_days} days{hint}", saving=saving)
