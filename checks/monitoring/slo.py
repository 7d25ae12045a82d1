"""Whether services keep what was promised of them."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.config import Config
from auditor.resources.sagemaker import Endpoint
from auditor.utilisation.series import added
from auditor.utilisation.services.sagemaker import EndpointService

_BAD_HOURS = 0.05
"""The share of hours that may miss the target for latency: deployments and cold starts do."""


@check(
    "sagemaker-endpoint-slo-breach",
    title="SageMaker endpoint latency and error rate are within their targets",
    severity=MEDIUM,
    uses=(EndpointService,),
    inputs=("live",),
)
def endpoint_slo_breach(endpoint: Endpoint, inventory: Inventory, config: Config) -> Findings:
    """Whoever waits for a prediction gives up, or goes without, when it comes late or not at all.

    Fix: look for the cause in the endpoint's CPUUtilization, GPUUtilization and logs; scale out earlier, take a larger
    type, or make the model smaller. Targets are set with the endpoint's tags latency-target-ms and error-rate-target
    (in per cent), or with endpoint-latency-ms and endpoint-error-percent in the configuration.
    """
    service = EndpointService.of(endpoint, inventory)
    requests = added(service.invocations)
    if not requests.total():
        return
    target = endpoint.tags.number("error-rate-target", config.endpoint_error_percent)
    failed = added(service.errors).total() / requests.total() * 100
    if failed > target:
        yield endpoint.fail(f"fails {failed:.2g} % of its requests, more than {target:g} %")
    target = endpoint.tags.number("latency-target-ms", config.endpoint_latency_ms)
    for latency in service.model_latency:
        slow = latency.share_above(target * 1000) if latency.values else 0
        if slow > _BAD_HOURS:
            variant = f" of its variant {latency.label}" if len(service.model_latency) > 1 else ""
            yield endpoint.fail(
                f"took more than {target:g} ms for 1 of 100 requests{variant} in {slow:.0%} of the hours with requests"
            )
