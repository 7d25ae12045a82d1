"""The Glue Data Catalog: its settings, connections, databases, tables, data quality, schemas."""

from datetime import datetime
from typing import Annotated, Any

from auditor.policy import Policy
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From
from auditor.resources.glue import Arguments

_SETTINGS = "DataCatalogEncryptionSettings"
_MODE = f"{_SETTINGS}.EncryptionAtRest.CatalogEncryptionMode"
_PASSWORDS = f"{_SETTINGS}.ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted"


class CatalogEncryption(
    Resource, cfn="AWS::Glue::DataCatalogEncryptionSettings", tf="aws_glue_data_catalog_encryption_settings"
):
    """How a region's catalog is encrypted; live, there is one for each region."""

    catalog_encryption_mode: Annotated[
        str,
        From(cfn=_MODE, tf="data_catalog_encryption_settings.encryption_at_rest.catalog_encryption_mode", live=_MODE),
    ] = "DISABLED"
    return_connection_password_encrypted: Annotated[
        bool,
        From(
            cfn=_PASSWORDS,
            tf="data_catalog_encryption_settings.connection_password_encryption.return_connection_password_encrypted",
            live=_PASSWORDS,
        ),
    ] = False


class CatalogPolicy(Resource, cfn="api:Glue::ResourcePolicy", tf="aws_glue_resource_policy"):
    """Who else may use a region's catalog; live, also through Resource Access Manager."""

    policies: Annotated[tuple[Policy, ...], From(tf="policy")] = ()


class Connection(Resource, cfn="AWS::Glue::Connection", tf="aws_glue_connection"):
    """A connection. Live, passwords are not asked for: with a user name but no secret, it has one."""

    connection_type: Annotated[str, From(cfn="ConnectionInput.ConnectionType")] = "JDBC"
    connection_properties: Annotated[Arguments, From(cfn="ConnectionInput.ConnectionProperties")] = Arguments({})
    secret_arn: Annotated[
        str | None,
        From(
            cfn="ConnectionInput.AuthenticationConfiguration.SecretArn",
            tf="authentication_configuration.secret_arn",
            live="AuthenticationConfiguration.SecretArn",
        ),
    ] = None


class Database(Resource, cfn="AWS::Glue::Database", tf="aws_glue_catalog_database"):
    """A database of the catalog, without links to others."""

    name: Annotated[str, From(cfn="DatabaseInput.Name")]


class PartitionKey(Struct):
    """A column that a table is partitioned by."""

    name: str


_FORMATS = ("classification", "table_type", "spark.sql.sources.provider")
_COLUMNAR = ("parquet", "orc", "iceberg", "delta", "hudi")
_ROWS = ("textinputformat", "json", "csv", "avro", "xml", "grok", "ion")


def _counted(parameters: Arguments, name: str) -> float | None:
    """A number that a crawler put into a table's parameters."""
    text = parameters.get(name) or ""
    return float(text) if text.isdecimal() else None


class Table(Resource, cfn="AWS::Glue::Table", tf="aws_glue_catalog_table"):
    """A table of the catalog, without links to others."""

    name: Annotated[str, From(cfn="TableInput.Name")]
    database_name: str
    table_type: Annotated[str | None, From(cfn="TableInput.TableType")] = None
    parameters: Annotated[Arguments, From(cfn="TableInput.Parameters")] = Arguments({})
    open_table_format_input: Annotated[Any, From(live=NOWHERE)] = None  # live, Iceberg's parameters tell
    partition_keys: Annotated[tuple[PartitionKey, ...], From(cfn="TableInput.PartitionKeys")] = ()
    location: Annotated[
        str | None,
        From(
            cfn="TableInput.StorageDescriptor.Location",
            tf="storage_descriptor.location",
            live="StorageDescriptor.Location",
        ),
    ] = None
    input_format: Annotated[
        str | None,
        From(
            cfn="TableInput.StorageDescriptor.InputFormat",
            tf="storage_descriptor.input_format",
            live="StorageDescriptor.InputFormat",
        ),
    ] = None
    serialization_library: Annotated[
        str | None,
        From(
            cfn="TableInput.StorageDescriptor.SerdeInfo.SerializationLibrary",
            tf="storage_descriptor.ser_de_info.serialization_library",
            live="StorageDescriptor.SerdeInfo.SerializationLibrary",
        ),
    ] = None
    compressed: Annotated[
        bool,
        From(
            cfn="TableInput.StorageDescriptor.Compressed",
            tf="storage_descriptor.compressed",
            live="StorageDescriptor.Compressed",
        ),
    ] = False

    @property
    def stores_rows(self) -> bool:
        """Whether its files hold text, JSON, Avro and the like: neither Parquet nor ORC, nor a table format on them."""
        said = " ".join(filter(None, (*map(self.parameters.get, _FORMATS), self.input_format))).lower()
        serde = (self.serialization_library or "").lower()
        if any(word in said + serde for word in _COLUMNAR):
            return False
        return any(word in said for word in _ROWS)

    @property
    def stored_bytes(self) -> float | None:
        """Bytes of its files, where a crawler counted them."""
        return _counted(self.parameters, "sizeKey")

    @property
    def files(self) -> float | None:
        """How many files it has, where a crawler counted them."""
        return _counted(self.parameters, "objectCount")


class DataQualityRuleset(Resource, cfn="AWS::Glue::DataQualityRuleset", tf="aws_glue_data_quality_ruleset"):
    """Rules for the data of a table."""

    ruleset: Annotated[str | None, From(live=None)] = None
    database_name: Annotated[
        str | None,
        From(cfn="TargetTable.DatabaseName", tf="target_table.database_name", live="TargetTable.DatabaseName"),
    ] = None
    table_name: Annotated[
        str | None, From(cfn="TargetTable.TableName", tf="target_table.table_name", live="TargetTable.TableName")
    ] = None
    created_on: Annotated[datetime | None, From(cfn=NOWHERE, tf=NOWHERE)] = None


class DataQualityResult(Resource, cfn="api:Glue::DataQualityResult"):
    """An evaluation of rules in the last 30 days."""

    database_name: Annotated[str | None, From(live="DataSource.GlueTable.DatabaseName")] = None
    table_name: Annotated[str | None, From(live="DataSource.GlueTable.TableName")] = None
    job_name: str | None = None
    started_on: datetime | None = None


class Schema(Resource, cfn="AWS::Glue::Schema", tf="aws_glue_schema"):
    """A schema of a schema registry."""

    compatibility: str
    data_format: str
