"""What resources cost a month if they always run, as far as that depends on nothing else.

Data, requests and whatever scales by itself beyond its limits is not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from auditor.inventory import Inventory
from auditor.knowledge import capacity
from auditor.knowledge.memberships import started_by
from auditor.members import if_known
from auditor.pricing import book
from auditor.pricing.book import HOURS_PER_MONTH, Price
from auditor.pricing.cost import Cost
from auditor.pricing.saving import dollars, hourly, number, rate
from auditor.pricing.savings import ebs_items
from auditor.resources import eks, emr, opensearch, redshift
from auditor.resources.account import Account
from auditor.resources.autoscaling import AutoScalingGroup
from auditor.resources.base import Resource
from auditor.resources.computeoptimizer import Recommended
from auditor.resources.ec2 import Instance, Volume
from auditor.resources.elbv2 import LoadBalancer
from auditor.resources.kinesis import Stream
from auditor.resources.mwaa import Environment
from auditor.resources.sagemaker import Endpoint, EndpointConfig, NotebookInstance
from auditor.resources.vpc import NatGateway, VPCEndpoint
from auditor.values import Undecided


@dataclass(frozen=True, slots=True)
class _Charge:
    """A price, and how much of it is paid: at the least and at the most."""

    what: str
    low: float
    high: float
    price: Price | None


class _Unpriced(Exception):
    """A part of it has no price in the book, so the whole has none."""


def monthly(resource: Resource, inventory: Inventory) -> Cost | None:
    """What a resource costs a month if it always runs.

    None where it costs nothing of its own, or where that depends on what is not known: a type without a price, a
    parameter without a value.
    """
    kind = next((cls for cls in type(resource).__mro__ if cls in _CHARGES), None)
    if kind is None:
        return None
    try:
        return _cost(_CHARGES[kind](resource, inventory), _REMARKS.get(kind, ""))
    except (Undecided, _Unpriced):
        return None


def _cost(charges: Iterable[_Charge], remark: str) -> Cost | None:
    found = [charge for charge in charges if charge.high]
    prices = [charge.price for charge in found if charge.price]
    if len(prices) < len(found):
        raise _Unpriced
    if not prices:
        return None
    low = sum(charge.low * price.usd for charge, price in zip(found, prices, strict=True))
    high = sum(charge.high * price.usd for charge, price in zip(found, prices, strict=True))
    terms = (
        f"{_amount(charge)} {charge.what} x {rate(price.usd)} per {price.unit}"
        for charge, price in zip(found, prices, strict=True)
    )
    basis = f"{' + '.join(terms)} = {dollars(low) + ' to ' if low < high else ''}{dollars(high)} a month"
    basis += f" if always on{remark}"
    if any(price.assumed_region for price in prices):
        basis += f"; prices of {', '.join(sorted({price.region for price in prices}))}"
    sources = "; ".join(dict.fromkeys(price.source for price in prices))
    return Cost(round(low, 2), round(high, 2), basis, sources, min(price.as_of for price in prices))


def _amount(charge: _Charge) -> str:
    return number(charge.high) if charge.low == charge.high else f"{number(charge.low)} to {number(charge.high)}"


def _hours(what: str, count: float, price: Price | None, least: float | None = None) -> _Charge:
    low = count if least is None else least
    return _Charge(f"hours of {what}", low * HOURS_PER_MONTH, count * HOURS_PER_MONTH, price)


def _instance(instance: Instance, inventory: Inventory) -> Iterator[_Charge]:
    kind, region = instance.details(inventory), instance.scope.region
    if instance.is_windows:  # whose prices the book lacks
        raise _Unpriced
    if kind and instance.running:
        yield from _machines(kind.name, 1, 1, region, spot=not instance.on_demand(inventory))
    if instance.raw.dialect != "live":
        for mapping in (instance.root_block_device, *instance.block_device_mappings):
            disk = mapping and mapping.ebs
            if disk and disk.volume_type and disk.size:
                yield from _ebs(disk.volume_type, disk.size, disk.iops, disk.throughput, region)


def _machines(name: str, least: float, most: float, region: str | None, *, spot: bool = False) -> Iterator[_Charge]:
    """Instances of EC2; on spot capacity from its published price to the on-demand one."""
    price = hourly(name, region)
    charge = _hours(name, most, price, least)
    prices = book.ec2_spot(name, region) if spot else None
    if prices and price:
        charge = replace(charge, low=charge.low * prices[0].usd / price.usd)
    yield charge


def _volume(volume: Volume, inventory: Inventory) -> Iterator[_Charge]:
    yield from _ebs(volume.volume_type, volume.size, volume.iops, volume.throughput, volume.scope.region)


def _ebs(
    kind: str, size: float | None, iops: float | None, throughput: float | None, region: str | None
) -> Iterator[_Charge]:
    items = [] if size is None else ebs_items(kind, size, iops, throughput)
    if not items or (iops is None and kind in ("io1", "io2")):
        raise _Unpriced
    for amount, what, item in items:
        yield _Charge(what.strip(), amount, amount, book.service("EBS", item, region))


def _group(group: AutoScalingGroup, inventory: Inventory) -> Iterator[_Charge]:
    name = capacity.instance_type(group, inventory)
    if name is None or group.mixed_instances_policy:
        raise _Unpriced
    spot = capacity.uses_spot(group, inventory)
    yield from _machines(name, group.min_size, group.max_size, group.scope.region, spot=spot)


def _notebook(notebook: NotebookInstance, inventory: Inventory) -> Iterator[_Charge]:
    if notebook.runs:
        region = notebook.scope.region
        yield _hours(notebook.instance_type, 1, book.sagemaker(notebook.instance_type, region, "notebook"))


def _endpoint(endpoint: Endpoint, inventory: Inventory) -> Iterator[_Charge]:
    config = inventory.get(EndpointConfig, endpoint.endpoint_config_name, near=endpoint)
    if config is None:
        raise _Unpriced
    running: dict[str | None, int] = {}
    if endpoint.raw.dialect == "live":
        running = {one.variant_name: one.current_instance_count or 0 for one in endpoint.production_variants}
    for variant in config.instance_variants():
        name = variant.instance_type
        if name is None:
            raise _Unpriced
        count = variant.initial_instance_count or 1
        yield _hours(name, running.get(variant.variant_name, count), book.sagemaker(name, endpoint.scope.region))


def _nat(gateway: NatGateway, inventory: Inventory) -> Iterator[_Charge]:
    yield _hours("NAT gateway", 1, book.service("VPC", "NAT gateway", gateway.scope.region))


def _vpc_endpoint(endpoint: VPCEndpoint, inventory: Inventory) -> Iterator[_Charge]:
    if endpoint.vpc_endpoint_type == "Interface":
        zones = len(endpoint.subnet_ids)
        yield _hours("interface endpoint", zones, book.service("VPC", "interface endpoint", endpoint.scope.region))


def _load_balancer(balancer: LoadBalancer, inventory: Inventory) -> Iterator[_Charge]:
    if balancer.type in ("application", "network"):
        yield _hours("load balancer", 1, book.service("ELB", "ALB/NLB", balancer.scope.region))


def _stream(stream: Stream, inventory: Inventory) -> Iterator[_Charge]:
    region = stream.scope.region
    if stream.stream_mode == "ON_DEMAND":
        yield _hours("on-demand stream", 1, book.service("Kinesis", "on-demand stream", region))
    else:
        yield _hours("shard", stream.shard_count or 1, book.service("Kinesis", "provisioned shard", region))


def _redshift(cluster: redshift.Cluster, inventory: Inventory) -> Iterator[_Charge]:
    if if_known(cluster, "status") == "paused":
        return
    name = cluster.node_type or ""
    yield _hours(name, cluster.number_of_nodes, book.service("Redshift", name, cluster.scope.region))


def _search(domain: opensearch.Domain, inventory: Inventory) -> Iterator[_Charge]:
    config = domain.cluster_config
    if config is None or config.instance_type is None or config.dedicated_master_enabled:
        raise _Unpriced
    price = book.service("OpenSearch", config.instance_type, domain.scope.region)
    yield _hours(config.instance_type, config.instance_count, price)


def _airflow(environment: Environment, inventory: Inventory) -> Iterator[_Charge]:
    size = (environment.environment_class or "mw1.small").rpartition(".")[2]
    yield _hours(f"{size} environment", 1, book.service("MWAA", f"{size} environment", environment.scope.region))


def _eks(cluster: eks.Cluster, inventory: Inventory) -> Iterator[_Charge]:
    yield _hours("control plane", 1, book.service("EKS", "control plane standard", cluster.scope.region))


def _emr(cluster: emr.Cluster, inventory: Inventory) -> Iterator[_Charge]:
    groups = [cluster.master_instance_group, cluster.core_instance_group, *cluster.task_instance_groups]
    for group in groups:
        if group is None:
            continue
        price = book.emr_node(group.instance_type, cluster.scope.region)
        charge = _hours(group.instance_type, group.instance_count, price)
        yield replace(charge, low=0) if group.is_spot else charge


_CHARGES: dict[type[Resource], Callable[[Any, Inventory], Iterator[_Charge]]] = {
    Instance: _instance,
    Volume: _volume,
    AutoScalingGroup: _group,
    NotebookInstance: _notebook,
    Endpoint: _endpoint,
    NatGateway: _nat,
    VPCEndpoint: _vpc_endpoint,
    LoadBalancer: _load_balancer,
    Stream: _stream,
    redshift.Cluster: _redshift,
    opensearch.Domain: _search,
    Environment: _airflow,
    eks.Cluster: _eks,
    emr.Cluster: _emr,
}


_REMARKS: dict[type[Resource], str] = {
    Instance: " with Linux, without disks whose size or type the image decides",
    AutoScalingGroup: " with Linux, without disks",
}
"""What the figure leaves open, read after "if always on"."""


def payers(inventory: Inventory) -> dict[str, str]:
    """Whose cost a finding elsewhere is about, by the addresses of both: an endpoint pays for its configuration."""
    found: dict[str, str] = {}
    for endpoint in inventory.of(Endpoint):
        with suppress(Undecided):
            if config := inventory.get(EndpointConfig, endpoint.endpoint_config_name, near=endpoint):
                found.setdefault(config.address, endpoint.address)
    return {**found, **_advised(inventory)}


def groups(inventory: Inventory) -> dict[str, str]:
    """What started instances, by the addresses of both: the money that an instance saves its group can't save again."""
    instances = (one for one in inventory.of(Instance) if one.raw.dialect == "live")
    found = ((one.address, started_by(one, inventory)) for one in instances)
    return {address: group.address for address, group in found if group}


def _advised(inventory: Inventory) -> dict[str, str]:
    """What AWS's recommendations are about: a resource, or the account."""
    recommendations = inventory.of(Recommended)
    if not recommendations:
        return {}
    resources = {one.raw.id: one.address for one in reversed(inventory.resources)}  # usages come after the used
    accounts = {one.scope.account: one.address for one in inventory.of(Account)}
    about = {
        one.address: resources.get(one.resource_arn) if one.resource_arn else accounts.get(one.scope.account)
        for one in recommendations
    }
    return {address: payer for address, payer in about.items() if payer}


def costs(inventory: Inventory) -> dict[str, Cost]:
    """What each resource of an inventory costs a month if it always runs, by address; see `monthly`."""
    there = (one for one in inventory.resources if one.exists is None or one.exists.decide() is not False)
    priced = ((resource.address, monthly(resource, inventory)) for resource in there)
    return {address: cost for address, cost in priced if cost}
