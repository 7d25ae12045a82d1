"""AWS Backup: that there are plans, and that their copies survive the region."""

from auditor import LOW, MEDIUM, Findings, Undecided, check
from auditor.inventory import Inventory
from auditor.knowledge.environment import named_environment
from auditor.members import some
from auditor.resources.account import Account
from auditor.resources.backup import BackupPlan, BackupVault, CopyAction
from auditor.values import Reference


@check(
    "backup-plan-missing",
    title="A backup plan and vault exist",
    severity=MEDIUM,
    uses=(BackupPlan, BackupVault),
    inputs=("live",),
)
def plan_missing(account: Account, inventory: Inventory) -> Findings:
    """Without a plan, whether there is a backup of a database or a file system depends on who set it up, and when.

    Fix: make a vault and a backup plan in AWS Backup, and assign resources to the plan by a tag such as backup=daily.
    """
    for cls, what in ((BackupPlan, "plan"), (BackupVault, "vault")):
        if not inventory.all(cls, near=account):
            yield account.fail(f"has no backup {what} in any region that was scanned")


_PLAN = """
        AWS::Backup::BackupPlan:
          BackupPlan:
            BackupPlanName: %s
            BackupPlanRule: [{RuleName: daily, TargetBackupVault: main%s}]
        """
_COPY = ", CopyActions: [{DestinationBackupVaultArn: '%s'}]"


@check(
    "backup-cross-region-copy",
    title="AWS Backup plans of production data copy to another region or account",
    severity=LOW,
    uses=(BackupVault,),
    bad=(
        _PLAN % ("nightly", ""),
        _PLAN % ("production", ", CopyActions: []"),
        """
        Resources:
          Second: {Type: AWS::Backup::BackupVault, Properties: {BackupVaultName: second}}
          Plan:
            Type: AWS::Backup::BackupPlan
            Properties:
              BackupPlan:
                BackupPlanName: nightly
                BackupPlanRule:
                  - RuleName: daily
                    TargetBackupVault: main
                    CopyActions: [{DestinationBackupVaultArn: !GetAtt Second.BackupVaultArn}]
        """,
    ),
    good=(
        _PLAN % ("nightly", _COPY % "arn:aws:backup:eu-central-1:123456789012:backup-vault:copies"),
        _PLAN % ("dev-nightly", ""),
    ),
)
def cross_region_copy(plan: BackupPlan, inventory: Inventory) -> Findings:
    """Backups in the region and account of the data are lost with them: to a disaster, or to whoever takes the account.

    A plan whose name says that it is for development is left out.

    Fix: give a rule of the plan a copy action to a vault in another region, or better in another account.
    """
    if named_environment(plan.backup_plan_name or plan.title) == "development":
        return
    if not some(plan.rules, lambda rule: some(rule.copy_actions, lambda action: _leaves(action, plan, inventory))):
        yield plan.fail("does not copy its backups to another region or account", at="rules")


def _leaves(action: CopyAction, plan: BackupPlan, inventory: Inventory) -> bool:
    """Whether a copy goes to another region or account; a region that is named where its own is unknown is another."""
    arn = action.destination_backup_vault_arn
    if isinstance(arn, Reference):
        return plan.raw.dialect == "tf" and _is_elsewhere(inventory.get(BackupVault, arn), plan)
    _, _, _, region, account, _ = (*arn.split(":", 5), *[""] * 6)[:6]
    if region == plan.scope.region and plan.scope.account is None:
        raise Undecided(f"whether the account {account} of the copies is another is not known")
    return (region, account) != (plan.scope.region, plan.scope.account)


def _is_elsewhere(vault: BackupVault | None, plan: BackupPlan) -> bool:
    """Whether a vault of the same configuration, which may be of several providers, is in another region."""
    if vault is None or vault.raw.provider == plan.raw.provider:
        return False
    if None in (vault.scope.region, plan.scope.region) or vault.scope.region == plan.scope.region:
        raise Undecided(f"of which region and account the provider of {vault.title} is, is not known")
    return True
