"""Data Firehose: how what it delivers is stored."""

from auditor import LOW, Findings, Inventory, check
from auditor.definitions.content import reference
from auditor.knowledge.athena_scans import less_scanned
from auditor.knowledge.s3_places import Place, bucket_in
from auditor.members import every, if_decided, known_first, place
from auditor.pricing import usage
from auditor.pricing.book import HOURS_PER_MONTH
from auditor.pricing.saving import Saving
from auditor.resources.athena import QueryHistory
from auditor.resources.firehose import DeliveryStream, PlainS3Destination, S3Destination
from auditor.resources.glue_catalog import Table
from auditor.resources.logs import SubscriptionFilter
from auditor.resources.s3 import Bucket
from auditor.utilisation.services.firehose import Delivered
from auditor.values import Reference

_COMPRESSED = 0.7  # by how much text shrinks at the most, in bytes
_CONVERTED = 0.8  # by how much less Athena scans at the most
_BEFORE = "before Firehose's charge for the conversion, by the GB that comes"
_TO_S3 = "ExtendedS3DestinationConfiguration: {BucketARN: 'arn:aws:s3:::lake', RoleARN: role%s}"
_STREAM = f"AWS::KinesisFirehose::DeliveryStream: {{{_TO_S3}}}"
_CONVERTS = ", DataFormatConversionConfiguration: {Enabled: %s, SchemaConfiguration: {TableName: t}}"
_LOGS = """
        Resources:
          Logs: {Type: AWS::KinesisFirehose::DeliveryStream, Properties: {%s}}
          Filter:
            Type: AWS::Logs::SubscriptionFilter
            Properties: {LogGroupName: app, FilterPattern: "", DestinationArn: !GetAtt Logs.Arn}
"""


@check(
    "firehose-compression",
    title="Firehose delivery to S3 is compressed",
    severity=LOW,
    uses=(SubscriptionFilter, Delivered),
    bad=(
        _STREAM % "",
        _STREAM % ", CompressionFormat: UNCOMPRESSED",
        _STREAM % (_CONVERTS % "false"),
        "AWS::KinesisFirehose::DeliveryStream: {S3DestinationConfiguration: {BucketARN: b, RoleARN: role}}",
        _LOGS % (_TO_S3 % ", ProcessingConfiguration: {Enabled: true}"),
    ),
    good=(
        _STREAM % ", CompressionFormat: GZIP",
        _STREAM % (_CONVERTS % "true"),
        _LOGS % (_TO_S3 % ""),
        "AWS::KinesisFirehose::DeliveryStream: {HttpEndpointDestinationConfiguration: {RoleARN: role}}",
    ),
)
def compression(stream: DeliveryStream, inventory: Inventory) -> Findings:
    """Records are mostly JSON or other text, which takes a third of the space when it is compressed, and scans faster.

    Streams that get CloudWatch Logs are left out in templates, as those come compressed.

    Fix: set CompressionFormat to GZIP; Athena, Glue and Spark read it as it is.
    """
    destination = _to_s3(stream)
    if destination and every(
        lambda: destination.compression_format == "UNCOMPRESSED",
        lambda: not _converts(destination),
        lambda: _processes(destination) or not inventory.referring(SubscriptionFilter, _destination, stream),
    ):
        saving = if_decided(lambda: _smaller(stream, inventory))
        hint = "" if saving else "; what compression saves depends on how much comes, and how long it is kept"
        at = place(destination, "compression_format")
        yield stream.fail(f"delivers to S3 uncompressed{hint}", at=at, expected="GZIP", saving=saving)


def _to_s3(stream: DeliveryStream) -> PlainS3Destination | None:
    return stream.s3_destination or stream.plain_s3_destination


def _converts(destination: PlainS3Destination) -> bool:
    return isinstance(destination, S3Destination) and destination.format_conversion


def _processes(destination: PlainS3Destination) -> bool:
    return isinstance(destination, S3Destination) and destination.processing


def _destination(subscription: SubscriptionFilter) -> str:
    return subscription.destination_arn


def _smaller(stream: DeliveryStream, inventory: Inventory) -> Saving | None:
    """What compression saves of storing what comes in a month, for a month."""
    delivered = Delivered.of(stream, inventory).to_s3
    gigabytes = delivered.total() / 1024**3 * HOURS_PER_MONTH / (24 * delivered.days)
    if not gigabytes:
        return None
    remark = "nothing where records are compressed already; as much again for each further month that they are kept"
    return usage.less(
        "S3",
        "Standard first 50 TB",
        gigabytes,
        stream.scope.region,
        low=0.0,
        high=_COMPRESSED,
        remark=remark,
        confidence="low",
    )


_READ = """
        Resources:
          Lake: {Type: AWS::S3::Bucket}
          Clicks:
            Type: AWS::KinesisFirehose::DeliveryStream
            Properties:
              ExtendedS3DestinationConfiguration:
                {BucketARN: !GetAtt Lake.Arn, RoleARN: role, Prefix: "clicks/!{timestamp:yyyy}/"%s}
          Table:
            Type: AWS::Glue::Table
            Properties:
              DatabaseName: web
              CatalogId: "1"
              TableInput:
                Name: clicks
                StorageDescriptor:
                  Location: !Sub "s3://${Lake}/%s/"
                  InputFormat: org.apache.hadoop.mapred.TextInputFormat
                  SerdeInfo: {SerializationLibrary: org.openx.data.jsonserde.JsonSerDe}
"""


@check(
    "firehose-format-conversion",
    title="Firehose delivery of structured records converts to Parquet or ORC",
    severity=LOW,
    uses=(Bucket, Table, QueryHistory),
    bad=(_READ % ("", "clicks"), _READ % (_CONVERTS % "false", "clicks")),
    good=(_READ % (_CONVERTS % "true", "clicks"), _READ % ("", "orders")),
)
def format_conversion(stream: DeliveryStream, inventory: Inventory) -> Findings:
    """Queries on JSON read every byte of every record; on Parquet or ORC, only the columns that they name.

    Streams are meant that deliver into a table of the Data Catalog, whose columns say that the records are structured.

    Fix: set DataFormatConversionConfiguration with the table as its schema, and a buffer of 128 MB.
    """
    destination = _to_s3(stream)
    if not isinstance(destination, S3Destination) or destination.format_conversion:
        return
    for table in _tables(stream, destination, inventory):
        saving = if_decided(lambda table=table: less_scanned(table, inventory, _CONVERTED, _BEFORE))  # type: ignore[misc]
        hint = "" if saving else "; what conversion saves depends on how much queries scan"
        yield stream.fail(
            f"delivers records as they come into the table {table.title}{hint}",
            at=place(destination, "data_format_conversion_configuration.enabled"),
            expected="true",
            saving=saving,
        )
        return


def _tables(stream: DeliveryStream, destination: S3Destination, inventory: Inventory) -> tuple[Table, ...]:
    """The tables of rows that what a stream delivers is part of."""
    arn = destination.bucket_arn
    bucket = inventory.get(Bucket, arn if isinstance(arn, Reference) else bucket_in(arn), near=stream)
    if bucket is None:
        return ()
    folder = (destination.prefix or "").partition("!{")[0]
    tables = inventory.referring(Table, _bucket, bucket)
    return known_first(tables, lambda table: table if _holds(table, folder) and table.stores_rows else None)


def _bucket(table: Table) -> str | None:
    found = Place.of(table.location)
    return reference(found.bucket, table.raw) if found else None


def _holds(table: Table, folder: str) -> bool:
    found = Place.of(table.location)
    return found is not None and f"{folder.rstrip('/')}/".startswith(f"{found.prefix}/" if found.prefix else "")
