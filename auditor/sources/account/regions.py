"""Which regions of an account to look at."""

from __future__ import annotations

from collections.abc import Collection

from auditor.errors import UsageError
from auditor.raw import Collected, Location, Notice
from auditor.sources.account.calls import Calls
from auditor.sources.account.failures import CallFailed
from auditor.sources.account.session import Identity, nearest

_ENABLED = {"opt-in-not-required", "opted-in"}


def choose_regions(calls: Calls, identity: Identity, asked: Collection[str] | None, collected: Collected) -> list[str]:
    """The account's enabled regions, or those of them that were asked for, sorted; what is amiss goes to `collected`.

    Raises:
        UsageError: none of the regions asked for is enabled, or the regions cannot be listed and none was asked for.
    """
    try:
        answer = calls.call("ec2", identity.region, "DescribeRegions", "Regions", {"AllRegions": False})
    except CallFailed as failed:
        collected.gaps.append(failed.gap)
        if not asked:
            raise UsageError(
                f"The account's regions cannot be listed ({failed.gap.reason}): name them with --regions."
            ) from failed
        return sorted(set(asked))
    # AllRegions already leaves out what is not enabled, in AWS; not every simulation of it does.
    enabled = {region["RegionName"] for region in answer or () if region.get("OptInStatus", "opted-in") in _ENABLED}
    if not asked:
        return sorted(enabled)
    chosen = enabled.intersection(asked)
    said = []
    for region in sorted(set(asked) - enabled):
        if calls.offered("ec2", region, identity.partition):
            said.append(f"{region} is not enabled in account {identity.account}")
        else:
            said.append(f"{region} is no region of {identity.partition}{nearest(region, enabled)}")
    if not chosen:
        raise UsageError(f"No region is left to scan: {'; '.join(said)}.")
    where = Location(account=identity.account)
    collected.notices += [Notice("error", f"{message}: it was not scanned.", where) for message in said]
    return sorted(chosen)
