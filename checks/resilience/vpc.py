"""Whether the network is there where one would go after a disaster."""

from auditor import LOW, Findings, Inventory, Undecided, check
from auditor.members import those
from auditor.resources.account import Account
from auditor.resources.region import Region
from auditor.resources.vpc import VPC


@check(
    "vpc-multi-region",
    title="VPCs exist in more than one region",
    severity=LOW,
    uses=(Region, VPC),
    inputs=("live",),
)
def multi_region(account: Account, inventory: Inventory) -> Findings:
    """When a region is down, whoever has no network in another one has to design it first.

    Default VPCs do not count, as nothing was planned for them.

    Fix: make a VPC with the same subnets and endpoints in a second region, from the same template.
    """
    own = those(inventory.all(VPC, near=account), lambda vpc: not vpc.is_default)
    regions = {vpc.scope.region for vpc in tuple.__iter__(own)}
    if len(regions) > 1 or not own:
        return
    if len(own) and len(inventory.all(Region, near=account)) < 2:
        raise Undecided("only one region was scanned")
    yield account.fail(f"has VPCs of its own in {regions.pop()} only, of the regions that were scanned")
