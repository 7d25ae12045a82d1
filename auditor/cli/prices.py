"""`auditor prices`: what the price book knows, and how it learns more."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

import click

from auditor.errors import UsageError
from auditor.pricing import book, commitment
from auditor.pricing.book import HOURS_PER_MONTH, InstanceType, Price


@click.group("prices")
def command() -> None:
    """Show an instance type's prices, or read them anew from AWS."""


@command.command("show", epilog="Examples: `auditor prices show p3.8xlarge`, `auditor prices show ml.g5.xlarge`.")
@click.argument("name", metavar="TYPE")
@click.option("--region", metavar="NAME", default=book.DEFAULT_REGION, show_default=True, help="Whose prices.")
def show(name: str, region: str) -> None:
    """Show what an instance type has and costs, at list prices, each with its source and date."""
    details = book.instance_type(name)
    if details is None:
        near = get_close_matches(name.removeprefix("ml."), book.names(), 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UsageError(f"{name}: the price book has no such instance type.{hint}")
    for line in _about(details, region):
        click.echo(line)


@command.command(
    "refresh",
    epilog="Example: `auditor prices refresh --region eu-central-1`. It needs pricing:GetProducts and "
    "ec2:DescribeSpotPriceHistory, both free of charge.",
)
@click.option(
    "--region", "regions", multiple=True, metavar="NAME", help="Whose prices (repeat it); us-east-1 where left out."
)
@click.option("--profile", metavar="NAME", help="Profile of the AWS configuration; else the environment's credentials.")
def refresh(regions: tuple[str, ...], profile: str | None) -> None:
    """Read EC2 prices from AWS, and use them from now on instead of those that auditor brings."""
    from auditor.pricing import cache
    from auditor.pricing.refresh import refresh as read

    read(regions or (book.DEFAULT_REGION,), profile=profile, tell=click.echo)
    click.echo(f"wrote {cache.path()}")


def _about(details: InstanceType, region: str) -> Iterator[str]:
    yield f"{details.name}: {details.vcpu} vCPU, {details.memory_gib:g} GiB{_accelerators(details)}"
    if not details.offered_anywhere:
        yield "  retired: it cannot be started in any region any more"
    elif region in book.REGIONS and region not in details.offered:
        yield f"  not offered in {region}"
    spot = book.ec2_spot(details.name, region) if details.offered_anywhere else None
    for what, price in (
        ("EC2 on demand", book.ec2_on_demand(details.name, region)),
        ("EC2 spot, about", spot[0] if spot else None),
        ("SageMaker AI", book.sagemaker(details.name, region)),
        ("EMR on top of EC2", book.emr_uplift(details.name, region)),
    ):
        yield from _priced(what, price)
    if saving := commitment.reserved([(details.name, 1)], region):
        least, most = commitment.ONE_YEAR
        share, usd = f"{least:.0%} to {most:.0%}", f"${saving.low:,.2f} to ${saving.high:,.2f}"
        yield f"  EC2 reserved for a year: saves {usd} a month, as {share} is assumed"


def _accelerators(details: InstanceType) -> str:
    if not details.has_accelerator:
        return ""
    return f", {details.gpu_count:g} x {details.gpu_name} with {details.gpu_memory_gib:g} GiB together"


def _priced(what: str, price: Price | None) -> Iterator[str]:
    if price is None:
        yield f"  {what}: not known"
        return
    where = f" in {price.region}" if price.assumed_region else ""
    month = price.usd * HOURS_PER_MONTH
    yield f"  {what}: ${price.usd:,.4f} an hour{where}, ${month:,.2f} a month ({price.source}, {price.as_of})"
