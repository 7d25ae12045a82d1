"""Athena's queries, and how Firehose stores what they read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditor.config import Config
from auditor.knowledge.athena_scans import tables_in
from auditor.raw import Raw
from auditor.resources.athena import QueryHistory
from auditor.utilisation.services.firehose import Delivered
from auditor.values import Unknown
from tests.checks.by_hand import Measured, account, arn, gap, judged, live, measured, unmeasured
from tests.support import by_title, statuses
from tests.usage import publish

GROUP = arn("athena", "workgroup/analysts")
STREAM = arn("firehose", "deliverystream/clicks")
GIB, TB = 1024**3, 1024**4
LIMIT, WHOLE = "athena-scan-limit-missing", "athena-full-table-scans"
COMPRESSION, CONVERSION = "firehose-compression", "firehose-format-conversion"


def group(**configuration: Any) -> Raw:
    said = {"Name": "analysts", "State": "ENABLED", "Configuration": configuration}
    return live("AWS::Athena::WorkGroup", GROUP, said, "analysts")


def queries(*given: tuple[str, float]) -> Raw:
    """Texts, each with the GB that it scanned."""
    submitted = (datetime.now(UTC) - timedelta(days=2)).replace(hour=12)
    said = [
        {
            "Query": text,
            "QueryExecutionContext": {"Database": "web"},
            "Status": {"SubmissionDateTime": submitted},
            "Statistics": {"DataScannedInBytes": int(gigabytes * GIB)},
        }
        for text, gigabytes in given
    ]
    return live("api:Athena::QueryHistory", GROUP, {"Queries": said}, "analysts")


def table(name: str = "clicks", **properties: Any) -> Raw:
    said = {"Name": name, "DatabaseName": "web", "PartitionKeys": [{"Name": "day"}], **properties}
    return live("AWS::Glue::Table", arn("glue", f"table/web/{name}"), said, name)


NO_HISTORY = gap("athena", "ListQueryExecutions", "api:Athena::QueryHistory")
NO_TABLES = gap("glue", "GetTables", "AWS::Glue::Table")


@pytest.mark.parametrize(
    ("raws", "status", "figure"),
    [
        ([group(), queries(("SELECT 1", 3072))], "fail", 10.0),
        ([group(), queries(("SELECT 1", 100))], "fail", None),
        ([group(BytesScannedCutoffPerQuery=TB), queries(("SELECT 1", 3072))], "pass", None),
        ([group()], "pass", None),  # nobody uses it
        ([group(BytesScannedCutoffPerQuery=Unknown("denied")), queries(("SELECT 1", 1))], "unknown", None),
    ],
)
def test_limits(raws: list[Raw], status: str, figure: float | None) -> None:
    found = judged(account(*raws), LIMIT)[GROUP]
    assert found.status.value == status
    for finding in found.findings:
        assert (finding.saving and finding.saving.high) == figure
        assert (finding.saving is None) == ("depends on" in finding.message)


def test_a_workgroup_whose_queries_nobody_may_see_may_be_unused() -> None:
    assert statuses(account(group(), gaps=(NO_HISTORY,)), LIMIT) == {GROUP: "unknown"}


def test_limits_of_a_simulated_account(aws: Any, scan: Any, deny: Any) -> None:
    athena = aws("athena")
    for name, cutoff in (("open", {}), ("limited", {"BytesScannedCutoffPerQuery": 10**12})):
        athena.create_work_group(Name=name, Configuration=cutoff)
        athena.start_query_execution(QueryString="SELECT 1", WorkGroup=name)
    found = by_title(judged(scan(LIMIT), LIMIT))
    assert (found["limited"], found["open"]) == ("pass", "unknown")  # moto does not tell of the queries
    deny("GetWorkGroup")
    assert set(statuses(scan(LIMIT), LIMIT).values()) == {"unknown"}


FILTERED = "SELECT * FROM clicks WHERE day = '2026-01-01'"
UNFILTERED = 'SELECT count(*) FROM "web"."clicks" WHERE user = 7'


@pytest.mark.parametrize(
    ("raws", "status", "messages"),
    [
        ([table(), queries((UNFILTERED, 1024), (FILTERED, 1024))], "fail", ["ran 1 queries in 30 days that filter"]),
        ([table(), queries((FILTERED, 1024))], "pass", []),
        ([table(), queries((UNFILTERED, 1))], "pass", []),  # half a cent
        ([table(PartitionKeys=[]), queries((UNFILTERED, 1024))], "pass", []),
        ([queries((UNFILTERED, 1024))], "pass", []),
        ([table(), queries(*[(FILTERED, 512)] * 3)], "fail", ["ran 2 queries in 30 days whose text had run"]),
        ([table(PartitionKeys=Unknown("denied")), queries((UNFILTERED, 1024))], "unknown", []),
        ([], "pass", []),
    ],
)
def test_whole_tables(raws: list[Raw], status: str, messages: list[str]) -> None:
    tables_seen = raws or [table()]
    found = judged(account(group(), *tables_seen), WHOLE)[GROUP]
    assert found.status.value == status, found.reason
    assert all(message in finding.message for message, finding in zip(messages, found.findings, strict=True))
    assert all(finding.saving.high == pytest.approx(5) for finding in found.findings)
    assert "SELECT" not in "".join(finding.message for finding in found.findings)


@pytest.mark.parametrize("missing", [NO_HISTORY, NO_TABLES])
def test_whole_tables_that_nobody_may_see(missing: Any) -> None:
    raws = [group()] if missing is NO_HISTORY else [group(), queries((UNFILTERED, 1024))]
    assert statuses(account(*raws, gaps=(missing,)), WHOLE) == {GROUP: "unknown"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("select 1 from A", {("web", "a")}),
        ('SELECT * FROM "AwsDataCatalog"."shop"."Orders" o JOIN `b` ON 1=1', {("shop", "orders"), ("web", "b")}),
        ("select * from shop.orders, lines", {("shop", "orders")}),
        ("select 1", set()),
    ],
)
def test_tables_in_queries(text: str, named: set[tuple[str, str]]) -> None:
    (query,) = QueryHistory(queries((text, 1))).queries
    assert tables_in(query) == named


# --- Firehose -------------------------------------------------------------------------------------------------------


def stream(**destination: Any) -> Raw:
    said = {"BucketARN": "arn:aws:s3:::lake", "CompressionFormat": "UNCOMPRESSED", **destination}
    properties = {"DeliveryStreamName": "clicks", "ExtendedS3DestinationConfiguration": said}
    return live("AWS::KinesisFirehose::DeliveryStream", STREAM, properties, "clicks")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (stream(), "fail"),
        (stream(CompressionFormat="GZIP"), "pass"),
        (stream(DataFormatConversionConfiguration={"Enabled": True}), "pass"),
        (stream(CompressionFormat=Unknown("denied")), "unknown"),
    ],
)
def test_compression(given: Raw, status: str) -> None:
    assert statuses(account(given), COMPRESSION) == {STREAM: status}


@pytest.mark.parametrize(
    ("usage", "figure"),
    [
        (measured(Delivered, to_s3=GIB), 336 * 730 / 336 * 0.023 * 0.7),
        (measured(Delivered, to_s3=0.0), None),
        (unmeasured(Delivered), None),
    ],
)
def test_what_compression_saves_is_of_what_came(usage: Measured, figure: float | None) -> None:
    given = stream()
    (finding,) = judged(account(given, usage(given)), COMPRESSION)[STREAM].findings
    assert (finding.saving and finding.saving.high) == (figure and pytest.approx(figure, abs=0.01))
    assert finding.saving is None or finding.saving.low == 0
    assert (finding.saving is None) == ("depends on" in finding.message)


def test_streams_of_a_simulated_account(aws: Any, scan: Any, deny: Any) -> None:
    for name, form in (("plain", "UNCOMPRESSED"), ("packed", "GZIP")):
        aws("firehose").create_delivery_stream(
            DeliveryStreamName=name,
            ExtendedS3DestinationConfiguration={
                "RoleARN": "arn:aws:iam::123456789012:role/a",
                "BucketARN": "arn:aws:s3:::lake",
                "CompressionFormat": form,
            },
        )
    publish(aws("cloudwatch"), "AWS/Firehose", "DeliveryToS3.Bytes", {"DeliveryStreamName": "plain"}, 1e9)
    found = {verdict.resource.title: verdict for verdict in judged(scan(COMPRESSION), COMPRESSION).values()}
    assert {name: one.status.value for name, one in found.items()} == {"plain": "fail", "packed": "pass"}
    assert found["plain"].findings[0].saving.high > 0
    deny("DescribeDeliveryStream")
    assert set(statuses(scan(COMPRESSION), COMPRESSION).values()) == {"unknown"}


LAKE = live("AWS::S3::Bucket", "arn:aws:s3:::lake", {"BucketName": "lake"}, "lake")
ROWS: dict[str, Any] = {
    "StorageDescriptor": {
        "Location": "s3://lake/clicks/",
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
    }
}
FOLDER = "clicks/!{timestamp:yyyy}/"


@pytest.mark.parametrize(
    ("raws", "status"),
    [
        ([stream(Prefix=FOLDER), table(**ROWS)], "fail"),
        ([stream(Prefix="orders/"), table(**ROWS)], "pass"),
        ([stream(), table(**ROWS)], "pass"),  # it delivers beside the table
        ([stream(Prefix=FOLDER), table(**ROWS, Parameters={"classification": "parquet"})], "pass"),
        ([stream(Prefix=FOLDER, DataFormatConversionConfiguration={"Enabled": True}), table(**ROWS)], "pass"),
        ([stream(Prefix=FOLDER)], "pass"),
        ([stream(Prefix=Unknown("denied")), table(**ROWS)], "unknown"),
    ],
)
def test_conversion(raws: list[Raw], status: str) -> None:
    assert statuses(account(LAKE, *raws), CONVERSION) == {STREAM: status}


def test_what_conversion_saves_is_of_what_queries_scan() -> None:
    raws = [LAKE, stream(Prefix=FOLDER), table(**ROWS), queries(("SELECT 1 FROM clicks", 2048))]
    (finding,) = judged(account(*raws), CONVERSION)[STREAM].findings
    assert (finding.saving.low, finding.saving.high) == (0, pytest.approx(2 * 5 * 0.8))
    (finding,) = judged(account(*raws[:-1], gaps=(NO_HISTORY,)), CONVERSION)[STREAM].findings
    assert finding.saving is None
    assert statuses(account(LAKE, stream(Prefix=FOLDER), gaps=(NO_TABLES,)), CONVERSION) == {STREAM: "unknown"}


def test_what_one_query_may_scan_is_a_setting() -> None:
    collected = account(group(), queries(("SELECT 1", 3072)))
    (finding,) = judged(collected, LIMIT, Config(athena_scan_limit_tb=2))[GROUP].findings
    assert finding.saving.high == pytest.approx(5)
