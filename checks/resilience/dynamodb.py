"""DynamoDB tables: what can be restored."""

from auditor import MEDIUM, Findings, check
from auditor.members import place, those
from auditor.resources.dynamodb import GlobalTable, Table, TableReplica

_RECOVERY = "PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: %s}"
_REPLICAS = "AWS::DynamoDB::GlobalTable: {Replicas: [{Region: eu-west-1, %s}, {Region: us-east-1%s}]}"


@check(
    "dynamodb-point-in-time-recovery",
    title="DynamoDB tables have point-in-time recovery",
    severity=MEDIUM,
    fixable="bills backups by the table's size",
    bad=(
        "AWS::DynamoDB::Table: {BillingMode: PAY_PER_REQUEST}",
        "AWS::DynamoDB::Table: {%s}" % (_RECOVERY % "false"),
        _REPLICAS % (_RECOVERY % "true", ""),
        _REPLICAS % (_RECOVERY % "true", ", " + _RECOVERY % "false"),
    ),
    good=(
        "AWS::DynamoDB::Table: {%s}" % (_RECOVERY % "true"),
        _REPLICAS % (_RECOVERY % "true", ", " + _RECOVERY % "true"),
    ),
)
def point_in_time_recovery(table: Table | GlobalTable | TableReplica) -> Findings:
    """Items that a wrong deployment or a person overwrites are gone; recovery brings any second of 35 days back.

    Fix: set PointInTimeRecoveryEnabled to true, for a global table on each of its replicas.
    """
    if not isinstance(table, GlobalTable) and not table.point_in_time_recovery:
        yield table.fail("has no point-in-time recovery", at="point_in_time_recovery", expected="true")
    replicas = () if isinstance(table, TableReplica) else table.replicas
    for replica in those(replicas, lambda replica: not replica.point_in_time_recovery):
        message = f"has no point-in-time recovery in {replica.region}"
        yield table.fail(message, at=place(replica, "point_in_time_recovery"), expected="true")
