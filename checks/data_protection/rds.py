"""How databases of RDS encrypt, and where their passwords are."""

import re

from auditor import CRITICAL, HIGH, Findings, Undecided, check
from auditor.resources import redshift
from auditor.resources.rds import (
    DBCluster,
    DBClusterParameterGroup,
    DBInstance,
    DBParameterGroup,
    DBProxy,
    GlobalCluster,
)
from auditor.resources.texts import is_looked_up

_INSTANCE = "AWS::RDS::DBInstance: {Engine: postgres, DBInstanceClass: db.m6g.large%s}"
_CLUSTER = "AWS::RDS::DBCluster: {Engine: aurora-postgresql%s}"
_ELSEWHERE = "its cluster decides that"


@check(
    "rds-encryption-at-rest",
    title="RDS databases and clusters are encrypted at rest",
    severity=HIGH,
    fixable="replaces the database: an existing one is encrypted by restoring an encrypted copy of its snapshot",
    bad=(
        _INSTANCE % "",
        _INSTANCE % ", StorageEncrypted: false",
        _CLUSTER % "",
        "AWS::RDS::GlobalCluster: {Engine: aurora-postgresql}",
    ),
    good=(
        _INSTANCE % ", StorageEncrypted: true",
        _INSTANCE % ", StorageEncrypted: true, KmsKeyId: alias/features",
        _CLUSTER % ", StorageEncrypted: true",
        "AWS::RDS::DBCluster: {Engine: aurora, EngineMode: serverless}",
        "AWS::RDS::GlobalCluster: {Engine: aurora-postgresql, StorageEncrypted: true}",
    ),
)
def encryption_at_rest(database: DBInstance | DBCluster | GlobalCluster) -> Findings:
    """An unencrypted database has unencrypted backups and snapshots, and whoever gets one of them has the data.

    Fix: set StorageEncrypted to true, with a KmsKeyId of your own where snapshots are shared with other accounts.
    """
    if isinstance(database, DBInstance) and database.db_cluster_identifier:
        raise Undecided(_ELSEWHERE, elsewhere=True)
    if database.storage_encrypted or (isinstance(database, DBCluster) and database.engine_mode == "serverless"):
        return
    if database.copied_from:
        raise Undecided("it is encrypted if what it is made from is, which is not known here")
    yield database.fail("is not encrypted", at="storage_encrypted", expected="true")


_GROUP = "AWS::RDS::DBParameterGroup: {Family: %s, Parameters: {%s}}"
_CLUSTER_GROUP = "AWS::RDS::DBClusterParameterGroup: {Family: %s, Parameters: {%s}}"

# By engine: the parameter that requires TLS, and the first version of which it is on by default, if any.
# RDS User Guide, "Using SSL/TLS with a ... DB instance"; Aurora User Guide, "Security with Aurora PostgreSQL".
_REQUIRES_TLS = {
    "postgres": ("rds.force_ssl", (15, 0)),
    "aurora-postgresql": ("rds.force_ssl", (17, 0)),
    "sqlserver": ("rds.force_ssl", None),
    "mysql": ("require_secure_transport", None),
    "aurora-mysql": ("require_secure_transport", None),
    "mariadb": ("require_secure_transport", (11, 8)),
}
_ENGINE = re.compile(rf"({'|'.join(_REQUIRES_TLS)})(?:-[a-z]+)?-?(\d+)?(?:\.(\d+))?")
_NEWEST = 99  # what a template gets that names no version


@check(
    "rds-in-transit-encryption",
    title="RDS databases and proxies require TLS",
    severity=HIGH,
    bad=(
        _GROUP % ("postgres16", "rds.force_ssl: '0'"),
        _GROUP % ("postgres14", "shared_buffers: '1024'"),
        _GROUP % ("MySQL8.0", "general_log: '1'"),
        _GROUP % ("mysql8.0", "require_secure_transport: 'OFF'"),
        _CLUSTER_GROUP % ("aurora-postgresql16", "timezone: UTC"),
        "AWS::RDS::DBProxy: {DBProxyName: app, EngineFamily: POSTGRESQL}",
        "AWS::RDS::DBProxy: {DBProxyName: app, EngineFamily: POSTGRESQL, RequireTLS: false}",
        "AWS::RDS::DBInstance: {Engine: mysql, EngineVersion: '8.0.40'}",
        "AWS::RDS::DBCluster: {Engine: aurora-postgresql, EngineVersion: '15.4'}",
    ),
    good=(
        _GROUP % ("postgres14", "rds.force_ssl: '1'"),
        _GROUP % ("postgres16", "shared_buffers: '1024'"),
        _GROUP % ("mariadb10.6", "require_secure_transport: 1"),
        _GROUP % ("aurora-postgresql15", "work_mem: '64'"),  # that of a cluster's instance: the cluster's own decides
        _GROUP % ("oracle-ee-19", "open_cursors: '300'"),
        _CLUSTER_GROUP % ("aurora-mysql8.0", "require_secure_transport: 'ON'"),
        "AWS::RDS::DBProxy: {DBProxyName: app, EngineFamily: POSTGRESQL, RequireTLS: true}",
        "AWS::RDS::DBInstance: {Engine: postgres, EngineVersion: '16.3'}",
        "AWS::RDS::DBInstance: {Engine: mysql, DBParameterGroupName: strict}",
    ),
)
def in_transit_encryption(
    holder: DBParameterGroup | DBClusterParameterGroup | DBProxy | DBInstance | DBCluster,
) -> Findings:
    """Where TLS is not required, one client that does not ask for it sends its password and data in the clear.

    Databases with the default parameters of their engine are judged by these, others by their parameter group.

    Fix: set rds.force_ssl to 1 (PostgreSQL, SQL Server) or require_secure_transport to ON (MySQL, MariaDB) in a
    parameter group of your own and use it; set RequireTLS to true for a proxy.
    """
    if isinstance(holder, DBProxy):
        if not holder.require_tls:
            yield holder.fail("accepts clients without TLS", at="require_tls", expected="true")
    elif isinstance(holder, DBInstance | DBCluster):
        if isinstance(holder, DBInstance) and holder.db_cluster_identifier:
            raise Undecided(_ELSEWHERE, elsewhere=True)
        if holder.engine is None:
            raise Undecided("what engine it has is not said here")
        if holder.has_default_parameters:
            switch, on = _switch(f"{holder.engine}{holder.engine_version or ''}")
            if switch and not on:
                yield holder.fail("has the default parameters of its engine, which do not require TLS")
    elif not holder.title.startswith("default."):  # that of AWS is judged where it is used
        family = holder.family or ""
        switch, on = _switch(family)
        if isinstance(holder, DBParameterGroup) and family.lower().startswith("aurora"):
            return
        value = holder.parameters.get(switch) if switch else None
        if switch and not (on if value is None else value.lower() in ("1", "on", "true")):
            yield holder.fail(f"does not require TLS ({switch})", at="parameters")


def _switch(family: str) -> tuple[str, bool]:
    """The parameter that makes a family such as `postgres16` require TLS, and whether it does so by itself.

    The name is empty where no parameter does (Oracle, Db2).
    """
    found = _ENGINE.match(family.lower())
    if found is None:
        return "", False
    switch, since = _REQUIRES_TLS[found[1]]
    return switch, since is not None and (int(found[2] or _NEWEST), int(found[3] or 0)) >= since


_LOGIN = ", MasterUsername: app, MasterUserPassword: %s"
_WAREHOUSE = "AWS::Redshift::Cluster: {NodeType: ra3.large, MasterUsername: app, %s}"
_LOOKED_UP = "'{{resolve:secretsmanager:prod/db:SecretString:password}}'"


@check(
    "database-password-plaintext",
    title="Database passwords are managed by Secrets Manager, not written in code",
    severity=CRITICAL,
    bad=(
        _INSTANCE % _LOGIN % "hunter2-hunter2",
        _CLUSTER % _LOGIN % "hunter2-hunter2",
        _WAREHOUSE % "MasterUserPassword: Hunter2-hunter2",
        """
        Parameters: {Password: {Type: String, NoEcho: true, Default: hunter2-hunter2}}
        Resources:
          Features: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: !Ref Password}}
        """,
    ),
    good=(
        _INSTANCE % ", MasterUsername: app, ManageMasterUserPassword: true",
        _INSTANCE % _LOGIN % _LOOKED_UP,
        _CLUSTER % ", MasterUsername: app, ManageMasterUserPassword: true",
        _WAREHOUSE % "ManageMasterPassword: true",
        _INSTANCE % ", DBSnapshotIdentifier: nightly",
    ),
)
def password_plaintext(database: DBInstance | DBCluster | redshift.Cluster) -> Findings:
    """Code is read by many and kept for ever in version control; the password in it opens the whole database.

    Fix: set ManageMasterUserPassword (for Redshift ManageMasterPassword) to true and take MasterUserPassword away, so
    that AWS makes the password, keeps it in Secrets Manager and rotates it; or, in CloudFormation, look it up with
    {{resolve:secretsmanager:…}}. Then change the password.
    """
    if database.manage_master_user_password or database.master_user_secret:
        return
    if not is_looked_up(database, "master_user_password") and database.master_user_password:
        yield database.fail("has its password in plain text", at="master_user_password", secret=True)
