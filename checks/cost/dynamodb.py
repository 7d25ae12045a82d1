"""DynamoDB tables: capacity that is paid for by the hour."""

from collections.abc import Iterator

from auditor import MEDIUM, Findings, Inventory, check
from auditor.definitions.content import reference
from auditor.members import some
from auditor.resources.applicationautoscaling import ScalableTarget
from auditor.resources.dynamodb import Table

_READS, _WRITES = "ReadCapacityUnits", "WriteCapacityUnits"

_TARGET = """
          %s:
            Type: AWS::ApplicationAutoScaling::ScalableTarget
            Properties:
              ServiceNamespace: dynamodb
              ResourceId: %s
              ScalableDimension: dynamodb:%s
              MinCapacity: 5
              MaxCapacity: 100
              RoleARN: role
"""
_TABLE = """
        Resources:
          Orders: {Type: AWS::DynamoDB::Table, Properties: {ProvisionedThroughput: {%s}%s}}
"""
_UNITS = "ReadCapacityUnits: 50, WriteCapacityUnits: 20"
_READ = _TARGET % ("Reads", '!Sub "table/${Orders}"', "table:ReadCapacityUnits")
_WRITE = _TARGET % ("Writes", '!Join ["/", [table, !Ref Orders]]', "table:WriteCapacityUnits")
_INDEX = f", GlobalSecondaryIndexes: [{{IndexName: day, ProvisionedThroughput: {{{_UNITS}}}}}]"


@check(
    "dynamodb-autoscaling-missing",
    title="Provisioned DynamoDB tables and indexes scale automatically",
    severity=MEDIUM,
    uses=(ScalableTarget,),
    bad=(
        _TABLE % (_UNITS, "") + _READ,
        _TABLE % (_UNITS, "") + _TARGET % ("Other", "table/other", "table:ReadCapacityUnits"),
        _TABLE % (_UNITS, _INDEX) + _READ + _WRITE,
    ),
    good=(
        "AWS::DynamoDB::Table: {BillingMode: PAY_PER_REQUEST}",
        _TABLE % (_UNITS, "") + _READ + _WRITE,
        _TABLE % (_UNITS, ", BillingMode: PAY_PER_REQUEST") + _READ,
    ),
)
def autoscaling_missing(table: Table, inventory: Inventory) -> Findings:
    """A fixed capacity is paid for day and night, and throttles whoever needs more.

    A template that declares no scalable target at all is not judged, as another stack may.

    Fix: set BillingMode to PAY_PER_REQUEST, or add an Application Auto Scaling target and policy for reads and writes
    of the table and of each global secondary index.
    """
    if table.billing_mode == "PAY_PER_REQUEST":
        return
    inventory.declared(ScalableTarget, table)  # raises where a template declares none
    targets = inventory.referring(ScalableTarget, _table, table)
    fixed = [
        f"{what}{where}"
        for index, where in _indexes(table)
        for what, units in (("reads", _READS), ("writes", _WRITES))
        if not some(targets, lambda target, index=index, units=units: _scales(target, index, units))  # type: ignore[misc]
    ]
    if fixed:
        yield table.fail(
            f"has a fixed capacity for {' and '.join(fixed)}; what scaling saves depends on how its load varies",
            at="billing_mode",
        )


def _indexes(table: Table) -> Iterator[tuple[str, str]]:
    """What has capacity of its own: the table, and each index; with the words for it."""
    yield "", ""
    for index in table.global_secondary_indexes:
        yield index.index_name, f" of the index {index.index_name}"


def _table(target: ScalableTarget) -> str | None:
    """The table of `table/orders` or `table/orders/index/day`."""
    kind, _, name = target.resource_id.partition("/")
    return reference(name.split("/")[0], target.raw) if kind == "table" else None


def _scales(target: ScalableTarget, index: str, units: str) -> bool:
    own = target.resource_id.partition("/index/")[2]
    return own == index and target.scalable_dimension.endswith(units)
