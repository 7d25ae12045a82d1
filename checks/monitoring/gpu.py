"""GPUs: whether anybody can see how busy they are."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.members import in_turn
from auditor.resources.ec2 import Instance, LaunchTemplate
from auditor.utilisation.services.ec2 import GpuReports


@check(
    "ec2-gpu-monitoring-missing",
    title="GPU instances publish GPU utilization metrics",
    severity=MEDIUM,
    uses=(LaunchTemplate, GpuReports),
    inputs=("live",),
)
def gpu_monitoring_missing(instance: Instance, inventory: Inventory) -> Findings:
    """EC2 itself tells nothing of GPUs, so without an agent nobody sees that one idles or is the bottleneck.

    Fix: install the CloudWatch agent with nvidia_gpu in its metrics_collected (Deep Learning AMIs bring it), and let it
    append the dimension InstanceId; on EKS switch on Container Insights with enhanced observability.
    """
    kind = instance.details(inventory)
    if kind is None or not kind.has_gpu or not instance.running:
        return
    reports = GpuReports.of(instance, inventory)
    if not in_turn(reports.agent, reports.containers):
        yield instance.fail(f"is a {kind.name} that publishes nothing about its GPUs")
