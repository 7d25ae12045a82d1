"""Tables of the Data Catalog: how their data is laid out, which decides of what queries scan."""

from typing import Final

from auditor import LOW, MEDIUM, Findings, Inventory, Undecided, check
from auditor.config import Config
from auditor.knowledge.athena_scans import DAYS, less_scanned, queries_of, tables_in
from auditor.knowledge.s3_places import Place
from auditor.knowledge.zones import GOLD, SILVER, words, zones_in
from auditor.members import if_decided
from auditor.pricing import usage
from auditor.pricing.saving import Saving
from auditor.resources.athena import QueryHistory
from auditor.resources.glue_catalog import Table

_GIB: Final = 1024**3
_COLUMNS: Final = 0.8  # by how much less is scanned of columns at the most
_SQUEEZED: Final = 0.6  # by how much text shrinks
_PRUNED: Final = 0.7  # by how much less is scanned of partitions at the most
_SMALL: Final = 10 * 1024**2  # bytes of a file: opening it takes as long as reading it
_FEW: Final = 100  # files that are no burden, however small

_TABLE = """
        AWS::Glue::Table:
          DatabaseName: %s
          CatalogId: "1"
          TableInput:
            Name: %s
            %s
            StorageDescriptor: {Location: "s3://%s/", InputFormat: %s, SerdeInfo: {SerializationLibrary: %s}%s}
        """
_TEXT = ("org.apache.hadoop.mapred.TextInputFormat", "org.openx.data.jsonserde.JsonSerDe")
_PARQUET = (
    "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
)


@check(
    "glue-table-format-row-based",
    title="Processed and curated tables use Parquet or ORC",
    severity=MEDIUM,
    uses=(QueryHistory,),
    bad=(
        _TABLE % ("curated", "orders", "TableType: EXTERNAL_TABLE", "lake/orders", *_TEXT, ""),
        _TABLE % ("web", "clicks", "Parameters: {classification: csv}", "acme-processed/clicks", *_TEXT, ""),
        _TABLE % ("web", "orders_gold", "Parameters: {classification: json}", "lake/orders", *_TEXT, ""),
    ),
    good=(
        _TABLE % ("curated", "orders", "TableType: EXTERNAL_TABLE", "lake/orders", *_PARQUET, ""),
        _TABLE % ("raw", "orders", "TableType: EXTERNAL_TABLE", "lake/orders", *_TEXT, ""),
        _TABLE % ("web", "orders", "TableType: EXTERNAL_TABLE", "lake/raw/curated", *_TEXT, ""),
        "AWS::Glue::Table: {DatabaseName: curated, CatalogId: '1', TableInput: {Name: v, TableType: VIRTUAL_VIEW}}",
        "AWS::Glue::Table: {DatabaseName: curated, CatalogId: '1', TableInput: {Name: i}, OpenTableFormatInput: {}}",
    ),
)
def table_format_row_based(table: Table, inventory: Inventory) -> Findings:
    """A query on JSON or CSV reads every byte of every row; on Parquet or ORC, only the columns that it names.

    Which tables are meant is told by the zone in the names of database, table and location: silver and gold, by
    whatever words, and not bronze, which keeps data as it came.

    Fix: write the table as Parquet: CREATE TABLE AS with format = 'PARQUET', or the job's output format.
    """
    if not _is_refined(table) or not table.stores_rows:
        return
    saving = if_decided(lambda: less_scanned(table, inventory, _COLUMNS, "the columns that queries name decide"))
    hint = "" if saving else "; what columns save depends on how much queries scan"
    yield table.fail(f"keeps refined data row by row{hint}", at="input_format", saving=saving)


def _is_refined(table: Table) -> bool:
    zones = zones_in(table.database_name, table.name) or zones_in(table.location or "")
    return zones <= {SILVER, GOLD} and bool(zones)


@check(
    "glue-table-uncompressed",
    title="Tables are compressed (Snappy, GZIP or ZSTD)",
    severity=LOW,
    uses=(QueryHistory,),
    bad=(
        _TABLE % ("web", "clicks", "Parameters: {compressionType: none}", "lake/clicks", *_TEXT, ""),
        _TABLE % ("web", "clicks", "Parameters: {parquet.compression: UNCOMPRESSED}", "lake/clicks", *_PARQUET, ""),
    ),
    good=(
        _TABLE % ("web", "clicks", "Parameters: {compressionType: gzip}", "lake/clicks", *_TEXT, ""),
        _TABLE % ("web", "clicks", "TableType: EXTERNAL_TABLE", "lake/clicks", *_TEXT, ", Compressed: true"),
        _TABLE % ("web", "clicks", "TableType: EXTERNAL_TABLE", "lake/clicks", *_PARQUET, ""),
        "AWS::Glue::Table: {DatabaseName: web, CatalogId: '1', TableInput: {Name: v, TableType: VIRTUAL_VIEW}}",
    ),
)
def table_uncompressed(table: Table, inventory: Inventory) -> Findings:
    """Text takes a third of the space when it is compressed, in S3 and in what a query scans.

    What compresses text files is told by the crawler that found them, or by the table; for others it is not known.

    Fix: write the files with gzip or zstd; or as Parquet, which compresses by itself.
    """
    told = [value.lower() for name in _CODECS if (value := table.parameters.get(name))]
    if any(value in ("none", "uncompressed") for value in told) and not table.compressed:
        saving = if_decided(lambda: _squeezed(table, inventory))
        hint = "" if saving else "; what compression saves depends on how much it holds"
        yield table.fail(f"has files that are not compressed{hint}", at="parameters", saving=saving)
    elif table.stores_rows and not told and not table.compressed and Place.of(table.location):
        raise Undecided("nothing says whether its files are compressed")


_CODECS: Final = (
    "compressionType",
    "parquet.compression",
    "orc.compress",
    "write.compression",
    "write_compression",
    "compression",
)


def _squeezed(table: Table, inventory: Inventory) -> Saving | None:
    """The greater of what it saves of scans and of storage."""
    scans = less_scanned(table, inventory, _SQUEEZED, "as text shrinks by 60 %")
    gigabytes = (table.stored_bytes or 0) / _GIB
    remark = "as text shrinks by 60 %, of what a crawler counted"
    region = table.scope.region
    storage = (
        usage.less("S3", "Standard first 50 TB", gigabytes, region, low=0.0, high=_SQUEEZED, remark=remark)
        if gigabytes
        else None
    )
    return max(filter(None, (scans, storage)), key=lambda saving: saving.high, default=None)


_GROWING: Final = frozenset(
    {"event", "events", "log", "logs", "click", "clicks", "clickstream", "transaction", "transactions", "telemetry"}
    | {"measurement", "measurements", "reading", "readings", "history", "fact", "facts", "impressions", "sessions"}
)
_PARTS = "PartitionKeys: [{Name: day, Type: string}]"


@check(
    "glue-table-unpartitioned",
    title="Large tables are partitioned by time or category",
    severity=MEDIUM,
    uses=(QueryHistory,),
    bad=(
        _TABLE % ("web", "click_events", "TableType: EXTERNAL_TABLE", "lake/clicks", *_PARQUET, ""),
        _TABLE % ("web", "fact_orders", "PartitionKeys: []", "lake/orders", *_TEXT, ""),
        _TABLE % ("web", "people", 'Parameters: {sizeKey: "500000000000"}', "lake/people", *_PARQUET, ""),
    ),
    good=(
        _TABLE % ("web", "click_events", _PARTS, "lake/clicks", *_PARQUET, ""),
        _TABLE % ("web", "countries", "TableType: EXTERNAL_TABLE", "lake/countries", *_TEXT, ""),
        _TABLE % ("web", "events", 'Parameters: {sizeKey: "50000"}', "lake/events", *_TEXT, ""),
        _TABLE % ("web", "events", "Parameters: {table_type: ICEBERG}", "lake/events", *_PARQUET, ""),
    ),
)
def table_unpartitioned(table: Table, inventory: Inventory, config: Config) -> Findings:
    """A query for one day reads all days of a table that is not partitioned.

    Which tables are large is told by what a crawler counted or a query scanned, else by names such as events, logs or
    transactions. Iceberg, Delta and Hudi partition in their own metadata.

    Fix: write the table with a partition key that most queries filter on, such as the day, and add it to
    PartitionKeys; or make it an Iceberg table with a partition transform.
    """
    if table.partition_keys or _plans_itself(table) or not Place.of(table.location):
        return
    stored = table.stored_bytes
    grows = stored is None and bool(words((table.name,)) & _GROWING)
    least = stored or _at_least(table, inventory, decides=not grows)
    if least / _GIB >= config.large_table_gb:
        evidence = f"holds {'' if stored else 'at least '}{least / _GIB:,.0f} GB, and is not partitioned"
    elif grows:
        evidence = "is not partitioned, though it grows by its name"
    else:
        return
    saving = if_decided(lambda: less_scanned(table, inventory, _PRUNED, "what queries filter on decides"))
    hint = "" if saving else "; what partitions save depends on how much queries scan"
    yield table.fail(f"{evidence}{hint}", at="partition_keys", saving=saving)


def _plans_itself(table: Table) -> bool:
    """Whether its format keeps partitions, if any, in metadata of its own."""
    if table.table_type == "VIRTUAL_VIEW" or table.open_table_format_input is not None:
        return True
    said = " ".join(filter(None, map(table.parameters.get, ("table_type", "spark.sql.sources.provider"))))
    return any(word in said.lower() for word in ("iceberg", "delta", "hudi"))


def _at_least(table: Table, inventory: Inventory, *, decides: bool) -> float:
    """What a table holds at least, by its queries; where something else decides, nothing if they are not known."""
    if decides:
        return _scanned_alone(table, inventory)
    return if_decided(lambda: _scanned_alone(table, inventory)) or 0.0


def _scanned_alone(table: Table, inventory: Inventory) -> float:
    """The most that a query of it and of no other table scanned: it holds at least that."""
    alone = [query for query in queries_of(table, inventory) if len(tables_in(query)) == 1]
    return max((query.scanned_bytes or 0 for query in alone), default=0)


@check(
    "glue-table-small-files",
    title="Partitions hold files of a good size (above 100 MB), and are neither too many nor too few",
    severity=LOW,
    uses=(QueryHistory,),
    inputs=("live",),
)
def table_small_files(table: Table, inventory: Inventory) -> Findings:
    """Each file of a query costs a request and some milliseconds: thousands of small ones cost more than the scan.

    By what a crawler counted; of other tables the files are not known.

    Fix: compact the files (an Iceberg table with a TableOptimizer does so by itself; else CREATE TABLE AS, or a Glue
    job with groupFiles), and buffer more before writing: 128 MB in Firehose.
    """
    if Place.of(table.location) is None or _plans_itself(table):
        return
    if table.files is None or table.stored_bytes is None:
        raise Undecided("no crawler has counted its files")
    if table.files < _FEW or table.stored_bytes / table.files >= _SMALL:
        return
    saving = if_decided(lambda: _fewer_requests(table, inventory))
    hint = "" if saving else "; what larger ones save depends on how often it is queried"
    mean = table.stored_bytes / table.files / 1024**2
    yield table.fail(f"has {table.files:,.0f} files of {mean:.2g} MB on average{hint}", at="location", saving=saving)


def _fewer_requests(table: Table, inventory: Inventory) -> Saving | None:
    count = len(queries_of(table, inventory))
    if not count or not table.files:
        return None
    remark = f"a request for each file in each of {count} queries of {DAYS} days, if they read all of it"
    requests = table.files * count / 1000
    region = table.scope.region
    return usage.less("S3", "GET Standard", requests, region, low=0.0, high=0.9, remark=remark, confidence="low")
