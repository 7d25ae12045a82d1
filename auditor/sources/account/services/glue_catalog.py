"""The Glue Data Catalog: its settings, connections, databases, tables, data quality, schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import AllBut, Api, collector
from auditor.sources.account.regular import Listing, regular

RESULT_DAYS = 30
"""How many days of data quality results are read."""

_ARN = "arn:{partition}:glue:{region}:{account}"

DATABASES = Listing("GetDatabases", "DatabaseList[?!TargetDatabase && !FederatedDatabase]", shared=True)
"""The databases of the account's own catalog."""

# What is read of a table: tables are many, and most of each is its columns.
_TABLES = (
    "TableList[?!TargetTable && !FederatedTable].{Name: Name, DatabaseName: DatabaseName, TableType: TableType,"
    " Parameters: Parameters, PartitionKeys: PartitionKeys[].{Name: Name},"
    " StorageDescriptor: StorageDescriptor.{Location: Location, InputFormat: InputFormat, Compressed: Compressed,"
    " SerdeInfo: SerdeInfo.{SerializationLibrary: SerializationLibrary}}}"
)

# One for each region, also where nothing is encrypted.
regular(
    "glue",
    "AWS::Glue::DataCatalogEncryptionSettings",
    Listing("GetDataCatalogEncryptionSettings", "{DataCatalogEncryptionSettings: DataCatalogEncryptionSettings}"),
    arn=f"{_ARN}:catalog",
    title="the Data Catalog of {region}",
)


@collector("glue", types=("api:Glue::ResourcePolicy",), operations=("GetResourcePolicies",))
def catalog_policies(api: Api) -> Iterator[Raw]:
    """The policies of the region's catalog: its own, and those that Resource Access Manager made."""
    policies = list(api.pages("GetResourcePolicies", "GetResourcePoliciesResponseList[].PolicyInJson"))
    arn = f"arn:{api.partition}:glue:{api.region}:{api.account}:catalog"
    title = f"the Data Catalog of {api.region}"
    yield api.raw("api:Glue::ResourcePolicy", arn, {"Policies": policies}, title=title)


regular(
    "glue",
    "AWS::Glue::Connection",
    Listing("GetConnections", "ConnectionList", {"HidePassword": True}),
    arn=f"{_ARN}:connection/{{Name}}",
    title="{Name}",
)

regular(
    "glue",
    "AWS::Glue::Database",
    DATABASES,
    arn=f"{_ARN}:database/{{Name}}",
    title="{Name}",
)

regular(
    "glue",
    "AWS::Glue::Table",
    Listing(
        "GetTables",
        _TABLES,
        {"DatabaseName": "{Name}"},
        within=DATABASES,
        gone=("EntityNotFoundException",),
    ),
    arn=f"{_ARN}:table/{{DatabaseName}}/{{Name}}",
    title="{DatabaseName}.{Name}",
    names=("{Name}",),
)

regular(
    "glue",
    "AWS::Glue::DataQualityRuleset",
    Listing("ListDataQualityRulesets", "Rulesets"),
    arn=f"{_ARN}:dataQualityRuleset/{{Name}}",
    title="{Name}",
)


@collector("glue", types=("api:Glue::DataQualityResult",), operations=("ListDataQualityResults",))
def data_quality_results(api: Api) -> Iterator[Raw]:
    """Every evaluation of rules in the last 30 days."""
    since = {"StartedAfter": datetime.now(UTC) - timedelta(days=RESULT_DAYS)}
    for result in api.pages("ListDataQualityResults", "Results", Filter=since):
        arn = f"arn:{api.partition}:glue:{api.region}:{api.account}:dataQualityResult/{result['ResultId']}"
        yield api.raw("api:Glue::DataQualityResult", arn, result, title=result["ResultId"])


@collector(
    "glue",
    types=("AWS::Glue::Schema",),
    operations=("ListSchemas",),
    details={"GetSchema": AllBut(("AWS::Glue::Schema", "SchemaName", "SchemaArn", "SchemaStatus"))},
)
def schemas(api: Api) -> Iterator[Raw]:
    """Every schema, of whatever registry."""

    def describe(listed: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
        arn, gone = listed["SchemaArn"], ("EntityNotFoundException",)
        return listed, api.ask("GetSchema", gone=gone, resource=arn, SchemaId={"SchemaArn": arn})

    listed_ones = api.pages("ListSchemas", "Schemas[?SchemaStatus!='DELETING']")
    for listed, described in api.each(describe, listed_ones):
        if described is not None:
            name, arn = listed["SchemaName"], listed["SchemaArn"]
            yield api.raw("AWS::Glue::Schema", arn, api.merge(listed, described), names=(name,), title=name)
