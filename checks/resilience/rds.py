"""RDS databases: what survives the loss of a zone, and of data."""

from typing import Final

from auditor import MEDIUM, Findings, Inventory, Undecided, check
from auditor.config import Config
from auditor.knowledge.backups import USES, is_backed_up
from auditor.knowledge.environment import is_development
from auditor.members import if_known
from auditor.resources.rds import DBCluster, DBInstance

_WEEK: Final = 7  # days

_AURORA = """
        Resources:
          Features: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-postgresql}}
          First:
            Type: AWS::RDS::DBInstance
            Properties: {Engine: aurora-postgresql, DBClusterIdentifier: !Ref Features}
        """
_SECOND = """
          Second:
            Type: AWS::RDS::DBInstance
            Properties: {Engine: aurora-postgresql, DBClusterIdentifier: !Ref Features}
        """


@check(
    "rds-multi-az",
    title="Production RDS databases and clusters span Availability Zones",
    severity=MEDIUM,
    uses=(DBInstance,),
    bad=(
        "AWS::RDS::DBInstance: {Engine: postgres, DBInstanceClass: db.m6g.large}",
        "AWS::RDS::DBInstance: {Engine: mysql, MultiAZ: false, Tags: [{Key: Environment, Value: production}]}",
        _AURORA,
    ),
    good=(
        "AWS::RDS::DBInstance: {Engine: postgres, MultiAZ: true}",
        "AWS::RDS::DBInstance: {Engine: postgres, Tags: [{Key: env, Value: dev}]}",
        "AWS::RDS::DBInstance: {SourceDBInstanceIdentifier: features}",
        "AWS::RDS::DBCluster: {Engine: mysql, DBClusterInstanceClass: db.m6gd.large}",
        _AURORA.rstrip() + _SECOND,
    ),
)
def multi_az(database: DBInstance | DBCluster, inventory: Inventory, config: Config) -> Findings:
    """A database in one zone is down while that zone is, and during each upgrade and repair of its host.

    What a tag or name says is for development is left out, and so are read replicas.

    Fix: set MultiAZ to true; give an Aurora cluster a second instance, which takes over within a minute.
    """
    if isinstance(database, DBInstance):
        if database.db_cluster_identifier:
            raise Undecided("its cluster spans the zones", elsewhere=True)
        spans = database.multi_az or bool(database.source_db_instance_identifier)
        why, at, expected = "runs in one Availability Zone", "multi_az", "true"
    else:
        spans = _spans(database, inventory)
        why, at, expected = "has all of its instances in one Availability Zone", None, None
    if not spans and not is_development(database, config):
        yield database.fail(why, at=at, expected=expected)


def _spans(cluster: DBCluster, inventory: Inventory) -> bool:
    """Whether its instances are in several zones, into which RDS spreads them; a template tells how many there are."""
    told = if_known(cluster, "multi_az")
    if told is not None or cluster.db_cluster_instance_class:
        return told is not False
    instances = inventory.referring(DBInstance, lambda instance: instance.db_cluster_identifier, to=cluster)
    if not instances:
        raise Undecided("its instances are not declared here")
    return len(tuple(tuple.__iter__(instances))) > 1 or len(instances) > 1  # the latter is open where there may be more


_PLANNED = """
        Resources:
          Features: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, BackupRetentionPeriod: 1}}
          Selection:
            Type: AWS::Backup::BackupSelection
            Properties:
              BackupPlanId: plan
              BackupSelection: {SelectionName: databases, IamRoleArn: role, Resources: ['%s']}
        """


@check(
    "rds-backup",
    title="RDS databases keep automated backups for at least 7 days or are in a backup plan",
    severity=MEDIUM,
    uses=USES,
    bad=(
        "AWS::RDS::DBInstance: {Engine: postgres}",
        "AWS::RDS::DBInstance: {Engine: postgres, BackupRetentionPeriod: 0}",
        "AWS::RDS::DBCluster: {Engine: aurora-mysql, BackupRetentionPeriod: 1}",
        _PLANNED % "arn:aws:ec2:*:*:volume/*",
    ),
    good=(
        "AWS::RDS::DBInstance: {Engine: postgres, BackupRetentionPeriod: 7}",
        "AWS::RDS::DBCluster: {Engine: aurora-mysql, BackupRetentionPeriod: 35}",
        "AWS::RDS::DBInstance: {SourceDBInstanceIdentifier: features}",
        _PLANNED % "arn:aws:rds:*:*:db:*",
    ),
)
def backup(database: DBInstance | DBCluster, inventory: Inventory) -> Findings:
    """What a wrong statement or migration destroys is often noticed after days, when the last good backup is gone.

    Fix: set BackupRetentionPeriod to 7 or more, or add the database to a plan of AWS Backup.
    """
    if isinstance(database, DBInstance):
        if database.db_cluster_identifier:
            raise Undecided("its cluster keeps the backups", elsewhere=True)
        if database.source_db_instance_identifier:
            return
    days = database.backup_retention_period
    if days < _WEEK and not is_backed_up(database, inventory):
        kept = f"for {days} day{'' if days == 1 else 's'} only" if days else "not at all"
        yield database.fail(f"keeps automated backups {kept}", at="backup_retention_period")
