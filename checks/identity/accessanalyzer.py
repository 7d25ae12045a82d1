"""IAM Access Analyzer: who can reach what, and what nobody uses."""

from auditor import LOW, MEDIUM, Findings, Undecided, check
from auditor.inventory import Inventory
from auditor.members import some, those
from auditor.resources.accessanalyzer import Analyzer, AnalyzerFinding
from auditor.resources.iam import Role
from auditor.resources.region import Region

_EXTERNAL = ("ACCOUNT", "ORGANIZATION")
_UNUSED = ("ACCOUNT_UNUSED_ACCESS", "ORGANIZATION_UNUSED_ACCESS")
_OF_ROLES = ("UnusedIAMRole", "UnusedPermission")


@check(
    "accessanalyzer-enabled",
    title="An IAM Access Analyzer exists in every region",
    severity=LOW,
    uses=(Analyzer,),
    inputs=("live",),
)
def analyzer_enabled(region: Region, inventory: Inventory) -> Findings:
    """It finds buckets, keys and roles that somebody outside the account can use, and costs nothing.

    Fix: create an analyzer of the type ACCOUNT in the region, or one of the type ORGANIZATION in the delegated account.
    """
    analyzers = inventory.all(Analyzer, near=region)
    if not some(analyzers, lambda one: one.type in _EXTERNAL and one.status == "ACTIVE"):
        yield region.fail("has no analyzer of external access")


@check(
    "iam-role-unused-permissions",
    title="IAM roles use the services they are allowed to use",
    severity=MEDIUM,
    uses=(Analyzer, AnalyzerFinding),
    inputs=("live",),
)
def role_unused_permissions(role: Role, inventory: Inventory) -> Findings:
    """What a role may do and never does serves only whoever steals it.

    Access Analyzer's findings of unused access are taken; without such an analyzer, which costs by role and user, it is
    unknown.

    Fix: take the actions that the finding lists out of the role's policies, or delete a role that nobody uses. Access
    Analyzer recommends a policy for each finding.
    """
    analyzers = inventory.all(Analyzer, near=role)
    if not some(analyzers, lambda one: one.type in _UNUSED and one.status == "ACTIVE"):
        raise Undecided("no Access Analyzer in the scanned regions looks for unused access")
    findings = inventory.all(AnalyzerFinding, near=role)
    for finding in those(findings, lambda one: one.resource == role.address and one.finding_type in _OF_ROLES):
        unused = "is not used at all" if finding.finding_type == "UnusedIAMRole" else "has permissions it does not use"
        yield role.fail(f"{unused}, says Access Analyzer")
