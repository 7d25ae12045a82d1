"""What networks cost."""

from collections.abc import Callable

from auditor import MEDIUM, Findings, Inventory, check
from auditor.members import known_first, some
from auditor.pricing import usage
from auditor.pricing.book import HOURS_PER_MONTH
from auditor.resources.vpc import NatGateway, RouteTable, VPCEndpoint
from auditor.utilisation.series import added
from auditor.utilisation.services.vpc import NatTraffic

_LITTLE_GB = 1
_SERVICES = {"s3": "S3", "dynamodb": "DynamoDB"}


@check(
    "vpc-nat-s3-data-cost",
    title="S3 and DynamoDB traffic does not go through NAT gateways",
    severity=MEDIUM,
    uses=(VPCEndpoint, RouteTable, NatTraffic),
    inputs=("live",),
)
def nat_s3_data_cost(gateway: NatGateway, inventory: Inventory) -> Findings:
    """A NAT gateway charges for each GB, also for training data from S3; a gateway endpoint for S3 is free.

    Which share of its traffic goes to S3 and DynamoDB is not seen without flow logs, so the saving is a range from 0.
    A missing endpoint for DynamoDB alone is no finding, as many accounts don't use it.

    Fix: make a VPC endpoint of type Gateway for S3, and one for DynamoDB where it is used, for every route table that
    routes to the NAT gateway. S3 of other regions is still reached through it.
    """
    tables = inventory.referring(RouteTable, _nat_gateways, gateway)
    if not some(tables, _lacks("s3", inventory)):
        return
    load = NatTraffic.of(gateway, inventory)
    traffic = added([load.sent, load.received])
    gigabytes = traffic.total() / 1024**3 / (traffic.days * 24) * HOURS_PER_MONTH
    if gigabytes < _LITTLE_GB:
        return
    missing = [_SERVICES[name] for name in _SERVICES if some(tables, _lacks(name, inventory))]
    yield gateway.fail(
        f"processes {gigabytes:,.0f} GB a month, and not all that routes to it has a gateway endpoint for"
        f" {' and '.join(missing)}; how much of it goes there is not known",
        saving=usage.nat_to_gateway(gigabytes, gateway.scope.region),
    )


def _nat_gateways(table: RouteTable) -> tuple[str, ...]:
    return known_first(table.routes, lambda route: route.nat_gateway_id)


def _lacks(service: str, inventory: Inventory) -> Callable[[RouteTable], bool]:
    """Whether a route table has no route to an endpoint for a service."""

    def lacks(table: RouteTable) -> bool:
        endpoints = inventory.referring(VPCEndpoint, _route_tables, table)
        return not some(endpoints, lambda endpoint: endpoint.service.is_for(service))

    return lacks


def _route_tables(endpoint: VPCEndpoint) -> tuple[str, ...]:
    return endpoint.route_table_ids
