"""The Glue Data Catalog."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.resources.glue_catalog import CatalogEncryption, CatalogPolicy, Connection, Table
from tests.sources.account.services.reading import Reading, Reads, noting
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_ARN = f"arn:aws:glue:{REGION}:{ACCOUNT}"
_THEN = "2024-05-01T00:00:00Z"
_POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "glue:*", "Resource": "*"}]}
)
_TABLE = {
    "Name": "orders",
    "DatabaseName": "sales",
    "TableType": "EXTERNAL_TABLE",
    "Parameters": {"classification": "csv"},
    "PartitionKeys": [{"Name": "day", "Type": "string"}],
    "StorageDescriptor": {
        "Location": "s3://sales/orders",
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "Compressed": True,
        "SerdeInfo": {"SerializationLibrary": "OpenCSVSerde"},
        "Columns": [{"Name": "id", "Type": "bigint"}],
    },
}


class TestCatalog(Reads):
    cases = (
        Reading(
            "AWS::Glue::DataCatalogEncryptionSettings",
            f"{_ARN}:catalog",
            "GetDataCatalogEncryptionSettings",
            {
                "GetDataCatalogEncryptionSettings": {
                    "DataCatalogEncryptionSettings": {
                        "EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS"},
                        "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": True},
                    }
                }
            },
            {},
            empty=None,
            title=f"the Data Catalog of {REGION}",
            service="glue",
            reads={"catalog_encryption_mode": "SSE-KMS", "return_connection_password_encrypted": True},
        ),
        Reading(
            "api:Glue::ResourcePolicy",
            f"{_ARN}:catalog",
            "GetResourcePolicies",
            {"GetResourcePolicies": {"GetResourcePoliciesResponseList": [{"PolicyInJson": _POLICY}]}},
            {"Policies": [_POLICY]},
            empty=None,
            service="glue",
        ),
        Reading(
            "AWS::Glue::Connection",
            f"{_ARN}:connection/db",
            "GetConnections",
            {
                "GetConnections": {
                    "ConnectionList": [
                        {
                            "Name": "db",
                            "ConnectionType": "JDBC",
                            "ConnectionProperties": {"USERNAME": "etl", "JDBC_ENFORCE_SSL": "true"},
                            "AuthenticationConfiguration": {
                                "SecretArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db"
                            },
                        }
                    ]
                }
            },
            {},
            empty={"ConnectionList": []},
            token="NextToken",
            needs=("Name",),
            title="db",
            service="glue",
            reads={
                "connection_type": "JDBC",
                "connection_properties.names": ("USERNAME", "JDBC_ENFORCE_SSL"),
                "secret_arn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db",
            },
        ),
        Reading(
            "AWS::Glue::Database",
            f"{_ARN}:database/sales",
            "GetDatabases",
            {
                "GetDatabases": {
                    "DatabaseList": [
                        {"Name": "sales"},
                        {"Name": "linked", "TargetDatabase": {"CatalogId": "210987654321", "DatabaseName": "theirs"}},
                    ]
                }
            },
            {},
            empty={"DatabaseList": []},
            token="NextToken",
            needs=("Name", "TargetDatabase"),
            title="sales",
            service="glue",
            reads={"name": "sales"},
        ),
        Reading(
            "AWS::Glue::Table",
            f"{_ARN}:table/sales/orders",
            "GetDatabases",
            {
                "GetDatabases": {"DatabaseList": [{"Name": "sales"}]},
                "GetTables": {
                    "TableList": [_TABLE, {"Name": "link", "DatabaseName": "sales", "TargetTable": {"Name": "theirs"}}]
                },
            },
            {},
            empty={"DatabaseList": []},
            gone={"GetTables": "EntityNotFoundException"},
            needs=("Name", "DatabaseName", "TargetTable"),
            title="sales.orders",
            service="glue",
            reads={
                "name": "orders",
                "database_name": "sales",
                "table_type": "EXTERNAL_TABLE",
                "parameters.names": ("classification",),
                "partition_keys.0.name": "day",
                "location": "s3://sales/orders",
                "input_format": "org.apache.hadoop.mapred.TextInputFormat",
                "serialization_library": "OpenCSVSerde",
                "compressed": True,
            },
        ),
        Reading(
            "AWS::Glue::DataQualityRuleset",
            f"{_ARN}:dataQualityRuleset/complete",
            "ListDataQualityRulesets",
            {
                "ListDataQualityRulesets": {
                    "Rulesets": [{"Name": "complete", "TargetTable": {"TableName": "orders", "DatabaseName": "sales"}}]
                }
            },
            {},
            empty={"Rulesets": []},
            token="NextToken",
            needs=("Name",),
            title="complete",
            service="glue",
            reads={"table_name": "orders", "database_name": "sales"},
        ),
        Reading(
            "api:Glue::DataQualityResult",
            f"{_ARN}:dataQualityResult/dqresult-1",
            "ListDataQualityResults",
            {
                "ListDataQualityResults": {
                    "Results": [
                        {
                            "ResultId": "dqresult-1",
                            "DataSource": {"GlueTable": {"DatabaseName": "sales", "TableName": "orders"}},
                            "StartedOn": _THEN,
                        }
                    ]
                }
            },
            {},
            empty={"Results": []},
            token="NextToken",
            needs=("ResultId",),
            title="dqresult-1",
            service="glue",
            reads={"table_name": "orders", "database_name": "sales", "job_name": None},
        ),
        Reading(
            "AWS::Glue::Schema",
            f"{_ARN}:schema/events/click",
            "ListSchemas",
            {
                "ListSchemas": {"Schemas": [{"SchemaName": "click", "SchemaArn": f"{_ARN}:schema/events/click"}]},
                "GetSchema": {"Compatibility": "BACKWARD", "DataFormat": "AVRO"},
            },
            {},
            empty={"Schemas": []},
            token="NextToken",
            gone={"GetSchema": "EntityNotFoundException"},
            needs=("SchemaName", "SchemaArn"),
            title="click",
            service="glue",
            reads={"compatibility": "BACKWARD", "data_format": "AVRO"},
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")


def test_a_new_catalog(scripted):
    disabled = {"EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"}}
    scripted(
        {
            "GetResourcePolicies": {"GetResourcePoliciesResponseList": []},
            "GetDataCatalogEncryptionSettings": {"DataCatalogEncryptionSettings": disabled},
        }
    )
    found = scan("AWS::Glue::DataCatalogEncryptionSettings", "api:Glue::ResourcePolicy")
    settings = CatalogEncryption(one(found, "AWS::Glue::DataCatalogEncryptionSettings"))
    assert (settings.catalog_encryption_mode, settings.return_connection_password_encrypted) == ("DISABLED", False)
    assert CatalogPolicy(one(found, "api:Glue::ResourcePolicy")).policies == ()


def test_policies_are_read(scripted):
    scripted(TestCatalog.cases[1].answers)
    (policy,) = CatalogPolicy(one(scan("api:Glue::ResourcePolicy"), "api:Glue::ResourcePolicy")).policies
    assert len(policy.public()) == 1


def test_passwords_are_not_asked_for(scripted):
    asked: list[Any] = []
    scripted({"GetConnections": noting(asked, {"ConnectionList": []})})
    scan("AWS::Glue::Connection")
    assert asked[0]["HidePassword"] is True


def test_a_password_that_comes_all_the_same_is_not_kept(scripted):
    properties = {"USERNAME": "etl", "PASSWORD": "correct-horse", "KAFKA_SASL_PLAIN_PASSWORD": "correct-horse"}
    scripted({"GetConnections": {"ConnectionList": [{"Name": "db", "ConnectionProperties": properties}]}})
    found = scan("AWS::Glue::Connection")
    assert "correct-horse" not in repr(found)
    assert Connection(one(found, "AWS::Glue::Connection")).connection_properties.names == tuple(properties)


def test_no_columns_are_kept(scripted):
    scripted(TestCatalog.cases[4].answers)
    assert "bigint" not in repr(scan("AWS::Glue::Table"))


def test_results_of_a_window(scripted):
    asked: list[Any] = []
    scripted({"ListDataQualityResults": noting(asked, {"Results": []})})
    scan("api:Glue::DataQualityResult")
    assert list(asked[0]["Filter"]) == ["StartedAfter"]


def test_tables_of_several_databases(scripted):
    tables = {
        name: {"TableList": [{**_TABLE, "Name": table, "DatabaseName": name} for table in ("a", "b")]}
        for name in ("raw", "gold")
    }
    scripted(
        {
            "GetDatabases": {"DatabaseList": [{"Name": name} for name in tables]},
            "GetTables": lambda params: tables[params["DatabaseName"]],
        }
    )
    found = scan("AWS::Glue::Database", "AWS::Glue::Table")
    assert (found.gaps, found.notices) == ([], [])
    names = [(Table(raw).database_name, raw.title) for raw in found.raws if raw.type == "AWS::Glue::Table"]
    assert sorted(names) == [("gold", "gold.a"), ("gold", "gold.b"), ("raw", "raw.a"), ("raw", "raw.b")]
    assert found.calls["glue:GetDatabases"] == 1
