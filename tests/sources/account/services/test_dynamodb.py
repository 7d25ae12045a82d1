"""DynamoDB tables."""

from __future__ import annotations

import json

import pytest

from auditor.inventory import Inventory
from auditor.resources.dynamodb import Table
from auditor.values import Undecided
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/features"
_POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})


class TestDynamoDB(Behaviour):
    cases = (
        Case(
            "AWS::DynamoDB::Table",
            _ARN,
            "ListTables",
            {
                "ListTables": {"TableNames": ["features"]},
                "DescribeTable": {
                    "Table": {
                        "TableName": "features",
                        "TableArn": _ARN,
                        "TableStatus": "ACTIVE",
                        "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
                        "SSEDescription": {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": "key"},
                    }
                },
                "DescribeContinuousBackups": {
                    "ContinuousBackupsDescription": {
                        "ContinuousBackupsStatus": "ENABLED",
                        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"},
                    }
                },
                "GetResourcePolicy": {"Policy": _POLICY},
                "GetResources": {
                    "ResourceTagMappingList": [{"ResourceARN": _ARN, "Tags": [{"Key": "team", "Value": "ml"}]}]
                },
            },
            {
                "SSESpecification": {"SSEEnabled": True, "KMSMasterKeyId": "key"},
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                "ResourcePolicy": _POLICY,
                "Tags": [{"Key": "team", "Value": "ml"}],
            },
            empty={"TableNames": []},
            token="LastEvaluatedTableName",
            gone={
                "DescribeTable": "ResourceNotFoundException",
                "DescribeContinuousBackups": "TableNotFoundException",
                "GetResourcePolicy": "ResourceNotFoundException",
            },
            needs=("ContinuousBackupsStatus", "ResourceARN", "Key", "Value"),
            title="features",
        ),
    )

    def test_a_denied_description_leaves_encryption_unknown(self, scripted) -> None:
        scripted({**self.cases[0].answers, "DescribeTable": "AccessDeniedException"})
        (table,) = Inventory(scan("AWS::DynamoDB::Table")).of(Table)
        assert table.point_in_time_recovery
        for field in ("encryption", "billing_mode", "deletion_protection_enabled"):
            with pytest.raises(Undecided, match="dynamodb:DescribeTable was denied"):
                getattr(table, field)


def test_what_moto_has(aws):
    dynamodb = aws("dynamodb")
    common = {
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    }
    index = {
        "IndexName": "by-id",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
        "ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4},
    }
    dynamodb.create_table(
        TableName="plain",
        ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 6},
        GlobalSecondaryIndexes=[index],
        **common,
    )
    dynamodb.create_table(
        TableName="whole",
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=True,
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "alias/ml"},
        Tags=[{"Key": "team", "Value": "ml"}],
        **common,
    )
    dynamodb.update_continuous_backups(
        TableName="whole", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    found = scan("AWS::DynamoDB::Table")
    assert (found.gaps, found.notices) == ([], [])
    tables = {table.title: table for table in Inventory(found).of(Table)}
    plain, whole = tables["plain"], tables["whole"]
    assert (plain.billing_mode, plain.read_capacity, plain.write_capacity) == ("PROVISIONED", 5, 6)
    assert [(one.index_name, one.read_capacity, one.write_capacity) for one in plain.global_secondary_indexes] == [
        ("by-id", 3, 4)
    ]
    assert (plain.encryption, plain.point_in_time_recovery, plain.policy) == (None, False, None)
    assert (plain.deletion_protection_enabled, plain.tags.get("team")) == (False, None)
    assert (whole.billing_mode, whole.deletion_protection_enabled) == ("PAY_PER_REQUEST", True)
    assert whole.encryption is not None
    assert (whole.encryption.enabled, whole.point_in_time_recovery) == (True, True)
    assert whole.tags.get("team") == "ml"
    # One list, three questions about each table, and one for all their tags.
    own = {name: count for name, count in found.calls.items() if not name.startswith(("sts", "ec2"))}
    assert own == {
        "dynamodb:DescribeContinuousBackups": 2,
        "dynamodb:DescribeTable": 2,
        "dynamodb:GetResourcePolicy": 2,
        "dynamodb:ListTables": 1,
        "resourcegroupstaggingapi:GetResources": 1,
    }
