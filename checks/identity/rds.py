"""RDS: how users of a database are authenticated."""

from auditor import MEDIUM, Findings, Undecided, check
from auditor.resources.rds import DBCluster, DBInstance

# RDS User Guide, "Regions and DB engines for IAM database authentication"; the others cannot do it.
_ENGINES = ("mysql", "mariadb", "postgres", "aurora", "aurora-mysql", "aurora-postgresql")


@check(
    "rds-iam-authentication",
    title="RDS databases allow IAM authentication",
    severity=MEDIUM,
    fixable=True,
    bad=(
        "AWS::RDS::DBInstance: {Engine: postgres, DBInstanceClass: db.t4g.medium}",
        "AWS::RDS::DBInstance: {Engine: mysql, EnableIAMDatabaseAuthentication: false}",
        "AWS::RDS::DBCluster: {Engine: aurora-postgresql}",
    ),
    good=(
        "AWS::RDS::DBInstance: {Engine: postgres, EnableIAMDatabaseAuthentication: true}",
        "AWS::RDS::DBCluster: {Engine: aurora-mysql, EnableIAMDatabaseAuthentication: 'true'}",
        "AWS::RDS::DBInstance: {Engine: sqlserver-ex, DBInstanceClass: db.t3.small}",
        "AWS::RDS::DBInstance: {Engine: aurora-postgresql, DBClusterIdentifier: sales}",
    ),
)
def iam_authentication(database: DBInstance | DBCluster) -> Findings:
    """A password for a database is copied, and outlives whoever knew it; a token of IAM is valid for 15 minutes.

    Engines that cannot do it are left out, and instances of a cluster, which says it for them.

    Fix: set EnableIAMDatabaseAuthentication to true, create database users that log in by IAM, and allow their roles
    rds-db:connect.
    """
    if isinstance(database, DBInstance) and database.db_cluster_identifier:
        return
    if database.engine is None:
        raise Undecided("its engine is that of the snapshot or cluster that it is made from")
    if database.engine.lower() in _ENGINES and not database.enable_iam_database_authentication:
        at = "enable_iam_database_authentication"
        yield database.fail("does not let users log in by IAM", at=at, expected="true")
