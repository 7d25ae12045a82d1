"""DynamoDB: tables. A replica of a global table is a table of its region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.account.regular import Call, Listing, regular

_ARN = "arn:{partition}:dynamodb:{region}:{account}:table/{TableName}"
_TABLE = {"TableName": "{TableName}"}
_GONE = ("ResourceNotFoundException", "TableNotFoundException")


def _encryption(table: dict[str, Any]) -> Mapping[str, Any]:
    """The table with its encryption as CloudFormation has it; without a description it has none of its own."""
    said = table.pop("SSEDescription", None)
    if said:
        enabled = said.get("Status") in ("ENABLED", "ENABLING", "UPDATING")
        table["SSESpecification"] = {"SSEEnabled": enabled, "KMSMasterKeyId": said.get("KMSMasterKeyArn")}
    return table


regular(
    "dynamodb",
    "AWS::DynamoDB::Table",
    Listing("ListTables", "TableNames[].{TableName: @}"),
    describe=Call("DescribeTable", "Table", _TABLE, gone=_GONE),
    more=(
        Call(
            "DescribeContinuousBackups",
            "ContinuousBackupsDescription.PointInTimeRecoveryDescription"
            ".{PointInTimeRecoveryEnabled: PointInTimeRecoveryStatus == 'ENABLED'}",
            _TABLE,
            into="PointInTimeRecoverySpecification",
            gone=_GONE,
        ),
        Call(
            "GetResourcePolicy",
            "Policy",
            {"ResourceArn": _ARN},
            into="ResourcePolicy",
            absent=("PolicyNotFoundException",),
            gone=_GONE,
        ),
    ),
    tagging="dynamodb:table",
    arn=_ARN,
    title="{TableName}",
    drop="TableStatus=='DELETING'",
    reshape=_encryption,
)
