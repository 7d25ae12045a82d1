"""Glue jobs, development endpoints and tables that cost more than they need to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.raw import Raw
from auditor.utilisation.services.glue import JobLoad
from auditor.values import Unknown
from tests.checks.by_hand import Measured, account, arn, gap, judged, live, measured, unmeasured
from tests.support import by_title, statuses, template
from tests.usage import publish

JOB = arn("glue", "job/features")
TABLE = arn("glue", "table/web/clicks")
BOOKMARK, SIZE, TINY = "glue-job-bookmark-disabled", "glue-job-dpu-overprovisioned", "glue-job-spark-too-small"
UNKNOWN = Unknown("glue:GetJobRuns was denied")
DPU = 0.44
GIB = 1024**3


def job(**properties: Any) -> Raw:
    said = {"Name": "features", "Command": {"Name": "glueetl"}, "WorkerType": "G.1X", "NumberOfWorkers": 10}
    return live("AWS::Glue::Job", JOB, {**said, **properties}, "features")


def run(days_ago: float = 1, **properties: Any) -> dict[str, Any]:
    return {
        "JobRunState": "SUCCEEDED",
        "StartedOn": datetime.now(UTC) - timedelta(days=days_ago),
        "ExecutionTime": 3600,
        "WorkerType": "G.1X",
        "NumberOfWorkers": 10,
        "MaxCapacity": 10.0,
        **properties,
    }


def history(runs: Any) -> Raw:
    return live("api:Glue::JobHistory", JOB, {"Runs": runs}, "features")


def trigger(**action: Any) -> Raw:
    return live("AWS::Glue::Trigger", arn("glue", "trigger/a"), {"Actions": [{"JobName": "features", **action}]})


ON = {"--job-bookmark-option": "job-bookmark-enable"}


@pytest.mark.parametrize(
    ("raws", "status"),
    [
        ([job(), history([run(day) for day in range(5)])], "fail"),
        ([job(), history([run()]), trigger()], "fail"),
        ([job(), history([run()])], "pass"),
        ([job(), history([run(31 + day) for day in range(5)])], "pass"),
        ([job(DefaultArguments=ON), history([run(day) for day in range(5)])], "pass"),
        ([job(), history([run(day, Bookmark="job-bookmark-enable") for day in range(5)])], "pass"),
        ([job(), history([]), trigger(Arguments=ON)], "pass"),
        ([job(Command={"Name": "pythonshell"}), history([run(day) for day in range(5)])], "pass"),
        ([job(), history(UNKNOWN)], "unknown"),
        ([job(DefaultArguments=UNKNOWN), history([run(day) for day in range(5)])], "unknown"),
    ],
)
def test_bookmarks(raws: list[Raw], status: str) -> None:
    assert statuses(account(*raws), BOOKMARK)[JOB] == status


def test_a_bookmark_saves_a_part_of_what_runs_take() -> None:
    (finding,) = judged(account(job(), history([run(day) for day in range(5)])), BOOKMARK)[JOB].findings
    assert (finding.saving.low, finding.saving.high) == (0, pytest.approx(5 * 10 * DPU / 2))
    unpriced = [run(day, MaxCapacity=None, WorkerType="R.1X") for day in range(5)]
    (finding,) = judged(account(job(), history(unpriced)), BOOKMARK)[JOB].findings
    assert finding.saving is None
    assert "depends on" in finding.message


def test_flex_runs_save_no_more_than_they_cost() -> None:
    raws = [job(ExecutionClass="FLEX"), history([run(day) for day in range(5)])]
    (finding,) = judged(account(*raws), BOOKMARK)[JOB].findings
    assert finding.saving.high == pytest.approx(5 * 10 * 0.29 * 0.5)


def needing(executors: float) -> Measured:
    return measured(JobLoad, needed_executors=lambda hour: executors if hour % 24 == 3 else None)


@pytest.mark.parametrize(
    ("usage", "properties", "status"),
    [
        (needing(2), {}, "fail"),
        (needing(6), {}, "pass"),
        (needing(2), {"NumberOfWorkers": 2}, "pass"),
        (needing(2), {"DefaultArguments": {"--enable-auto-scaling": "true"}}, "pass"),
        (needing(2), {"Command": {"Name": "pythonshell"}}, "pass"),
        (measured(JobLoad, needed_executors=lambda hour: None), {"NumberOfWorkers": 40}, "fail"),
        (measured(JobLoad, needed_executors=lambda hour: None), {}, "pass"),
        (unmeasured(JobLoad), {}, "unknown"),
    ],
)
def test_workers(usage: Measured, properties: dict[str, Any], status: str) -> None:
    owner = job(**properties)
    found = judged(account(owner, usage(owner), history([run(day) for day in range(10)])), SIZE)[JOB]
    assert found.status.value == status
    for finding in found.findings:
        if "needed" in finding.message:
            assert finding.message == "has 10 workers, and needed at most 3 in 95 of 100 hours"
            assert finding.saving.high == pytest.approx(10 * 10 * DPU * 0.7)
        else:
            assert finding.saving is None


@pytest.mark.parametrize(
    ("runs", "status"),
    [
        ([run(day, ExecutionTime=90, NumberOfWorkers=2, MaxCapacity=2.0) for day in range(5)], "fail"),
        ([run(1, ExecutionTime=90, NumberOfWorkers=2), run(2, ExecutionTime=900, NumberOfWorkers=2)], "pass"),
        ([run(1, ExecutionTime=90, NumberOfWorkers=5)], "pass"),
        ([run(1, ExecutionTime=90, NumberOfWorkers=2, JobRunState="FAILED")], "pass"),
        ([], "pass"),
        (UNKNOWN, "unknown"),
    ],
)
def test_tiny_jobs(runs: Any, status: str) -> None:
    found = judged(account(job(NumberOfWorkers=2), history(runs)), TINY)[JOB]
    assert found.status.value == status
    for finding in found.findings:
        assert finding.message.startswith("ran 5 times in 30 days, each for less than five minutes")
        assert finding.saving.low == 0
        assert finding.saving.high == pytest.approx(5 * 90 / 3600 * 2 * DPU * (1 - 1 / 32), abs=0.01)


def test_jobs_of_a_simulated_account(aws: Any, scan: Any, deny: Any) -> None:
    for name, arguments in (("wide", {}), ("scaling", {"--enable-auto-scaling": "true"})):
        aws("glue").create_job(
            Name=name,
            Role="arn:aws:iam::123456789012:role/glue",
            Command={"Name": "glueetl", "ScriptLocation": "s3://code/a.py"},
            WorkerType="G.1X",
            NumberOfWorkers=20,
            DefaultArguments=arguments,
        )
        dimensions = {"JobName": name, "JobRunId": "ALL", "Type": "gauge"}
        metric = "glue.driver.ExecutorAllocationManager.executors.numberMaxNeededExecutors"
        publish(aws("cloudwatch"), "Glue", metric, dimensions, 3.0)
    assert by_title(judged(scan(SIZE), SIZE)) == {"wide": "fail", "scaling": "pass"}
    assert by_title(judged(scan(TINY), TINY)) == {"wide": "pass", "scaling": "pass"}
    deny("GetMetricData")
    assert by_title(judged(scan(SIZE), SIZE)) == {"wide": "unknown", "scaling": "pass"}
    deny("GetJobRuns")
    assert set(statuses(scan(TINY), TINY).values()) == {"unknown"}


# --- development ----------------------------------------------------------------------------------------------------

DEV = "glue-dev-endpoint-running"


@pytest.mark.parametrize(
    ("properties", "days", "status", "dpus"),
    [
        ({}, 3, "fail", 5),
        ({"NumberOfNodes": 2}, 3, "fail", 2),
        ({"WorkerType": "G.2X", "NumberOfWorkers": 3, "NumberOfNodes": 0}, 3, "fail", 6),
        ({"WorkerType": "Z.9X", "NumberOfWorkers": 3}, 3, "fail", None),
        ({}, 0.5, "pass", None),
        ({"NumberOfWorkers": Unknown("denied")}, 3, "unknown", None),
    ],
)
def test_development_endpoints(properties: dict[str, Any], days: float, status: str, dpus: float | None) -> None:
    made = {"CreatedTimestamp": datetime.now(UTC) - timedelta(days=days), **properties}
    endpoint = live("AWS::Glue::DevEndpoint", arn("glue", "devEndpoint/a"), made)
    (found,) = judged(account(endpoint), DEV).values()
    assert found.status.value == status
    for finding in found.findings:
        if dpus is None:
            assert finding.saving is None
        else:
            assert finding.saving.high == pytest.approx(dpus * 730 * DPU)
            assert finding.saving.low == pytest.approx(dpus * (730 - 260) * DPU)
            assert finding.saving.kind == "idle"


@pytest.mark.parametrize(("days", "status"), [(3, "fail"), (0.1, "pass")])
def test_sessions(days: float, status: str) -> None:
    made = {"CreatedOn": datetime.now(UTC) - timedelta(days=days), "WorkerType": "G.1X", "NumberOfWorkers": 4}
    assert list(statuses(account(live("api:Glue::Session", arn("glue", "session/a"), made)), DEV).values()) == [status]


# --- tables ---------------------------------------------------------------------------------------------------------

JSON: dict[str, Any] = {
    "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
    "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
}


def table(location: str = "s3://lake/gold/clicks/", **properties: Any) -> Raw:
    descriptor = {"Location": location, **JSON, **properties.pop("StorageDescriptor", {})}
    said = {"Name": "clicks", "DatabaseName": "web", "PartitionKeys": [], "StorageDescriptor": descriptor}
    return live("AWS::Glue::Table", TABLE, {**said, **properties}, "clicks")


def queries(*texts: str, gigabytes: float = 512, days_ago: float = 2) -> Raw:
    submitted = datetime.now(UTC) - timedelta(days=days_ago)
    said = [
        {
            "Query": text,
            "QueryExecutionContext": {"Database": "web"},
            "Status": {"State": "SUCCEEDED", "SubmissionDateTime": submitted},
            "Statistics": {"DataScannedInBytes": int(gigabytes * GIB)},
        }
        for text in texts
    ]
    return live("api:Athena::QueryHistory", arn("athena", "workgroup/a"), {"Queries": said}, "a")


SCANS = queries("SELECT 1 FROM clicks", 'select * from "web"."clicks" limit 3', "SELECT * FROM other.clicks")
COUNTED = {"sizeKey": str(50 * GIB), "objectCount": "80000", "compressionType": "none"}
HIDDEN = gap("athena", "ListQueryExecutions", "api:Athena::QueryHistory")
DENIED = Unknown("glue:GetTables was denied")


@pytest.mark.parametrize(
    ("check", "given", "status"),
    [
        ("glue-table-format-row-based", table(), "fail"),
        ("glue-table-format-row-based", table("s3://lake/raw/clicks"), "pass"),
        ("glue-table-format-row-based", table(Parameters={"table_type": "ICEBERG"}), "pass"),
        ("glue-table-format-row-based", table(Parameters={"spark.sql.sources.provider": "delta"}), "pass"),
        ("glue-table-format-row-based", table(StorageDescriptor={"InputFormat": DENIED}), "unknown"),
        ("glue-table-uncompressed", table(Parameters=COUNTED), "fail"),
        ("glue-table-uncompressed", table(Parameters={"compressionType": "gzip"}), "pass"),
        ("glue-table-uncompressed", table(), "unknown"),
        ("glue-table-uncompressed", table(Parameters=DENIED), "unknown"),
        ("glue-table-unpartitioned", table(Parameters=COUNTED), "fail"),
        ("glue-table-unpartitioned", table(Name="people"), "pass"),
        ("glue-table-unpartitioned", table(Name="web_events"), "fail"),
        ("glue-table-unpartitioned", table(Name="web_events", Parameters={"sizeKey": "9"}), "pass"),
        ("glue-table-unpartitioned", table(Parameters=COUNTED, PartitionKeys=[{"Name": "day"}]), "pass"),
        ("glue-table-unpartitioned", table(Parameters=COUNTED, PartitionKeys=DENIED), "unknown"),
        ("glue-table-small-files", table(Parameters=COUNTED), "fail"),
        ("glue-table-small-files", table(Parameters={**COUNTED, "objectCount": "80"}), "pass"),
        ("glue-table-small-files", table(Parameters={**COUNTED, "objectCount": "400"}), "pass"),
        ("glue-table-small-files", table("jdbc:orders"), "pass"),
        ("glue-table-small-files", table(), "unknown"),
    ],
)
def test_tables(check: str, given: Raw, status: str) -> None:
    assert statuses(account(given), check) == {TABLE: status}


TB_OF_BOTH = 1.0  # two queries of the table, 512 GB each; the third is of another database


@pytest.mark.parametrize(
    ("check", "share"),
    [
        ("glue-table-format-row-based", 0.8),
        ("glue-table-uncompressed", 0.6),
        ("glue-table-unpartitioned", 0.7),
    ],
)
def test_figures_are_of_what_queries_of_the_table_scanned(check: str, share: float) -> None:
    (finding,) = judged(account(table(Parameters=COUNTED), SCANS), check)[TABLE].findings
    assert finding.saving.low == 0
    assert finding.saving.high == pytest.approx(TB_OF_BOTH * 5 * share, abs=0.01)
    (finding,) = judged(account(table(Parameters=COUNTED), gaps=(HIDDEN,)), check)[TABLE].findings
    if check == "glue-table-uncompressed":
        assert finding.saving is None
    assert "depends on" in finding.message
    (finding,) = judged(account(table(Parameters=COUNTED), queries("SELECT 1 FROM clicks", days_ago=40)), check)[
        TABLE
    ].findings
    assert finding.saving is None or "S3" in finding.saving.basis


def test_a_query_of_one_table_tells_how_large_it_is_at_least() -> None:
    (finding,) = judged(account(table(), SCANS), "glue-table-unpartitioned")[TABLE].findings
    assert finding.message == "holds at least 512 GB, and is not partitioned"
    joined = queries("SELECT * FROM clicks JOIN events ON clicks.id = events.id")
    assert statuses(account(table(Name="people"), joined), "glue-table-unpartitioned") == {TABLE: "pass"}


def test_small_files_cost_requests() -> None:
    (finding,) = judged(account(table(Parameters=COUNTED), SCANS), "glue-table-small-files")[TABLE].findings
    assert finding.message == "has 80,000 files of 0.64 MB on average"
    assert finding.saving.high == pytest.approx(80_000 * 2 / 1000 * 0.0004 * 0.9, abs=0.01)


def test_tables_of_a_simulated_account(aws: Any, scan: Any, deny: Any) -> None:
    glue = aws("glue")
    glue.create_database(DatabaseInput={"Name": "curated"})
    for name, extra in (("wide", {}), ("narrow", {"classification": "parquet"})):
        descriptor = {"Location": f"s3://lake/{name}", **JSON}
        glue.create_table(
            DatabaseName="curated",
            TableInput={"Name": name, "StorageDescriptor": descriptor, "Parameters": extra, "PartitionKeys": []},
        )
    check = "glue-table-format-row-based"
    assert by_title(judged(scan(check), check)) == {"curated.wide": "fail", "curated.narrow": "pass"}


def test_templates(tmp_path: Path) -> None:
    text = """
    Parameters: {Format: {Type: String}, Workers: {Type: Number}, Stage: {Type: String}}
    Conditions: {Prod: !Equals [!Ref Stage, prod]}
    Resources:
      Lake: {Type: AWS::S3::Bucket}
      Open:
        Type: AWS::Glue::Table
        Properties:
          DatabaseName: curated
          CatalogId: "1"
          TableInput: {Name: a, StorageDescriptor: {Location: !Sub "s3://${Lake}/a", InputFormat: !Ref Format}}
      Events:
        Type: AWS::Glue::Table
        Properties:
          DatabaseName: curated
          CatalogId: "1"
          TableInput:
            Name: events
            PartitionKeys: !If [Prod, [{Name: day}], []]
            StorageDescriptor: {Location: !Sub "s3://${Lake}/a", InputFormat: TextInputFormat}
      Job:
        Type: AWS::Glue::Job
        Properties: {Role: role, Command: {Name: glueetl}, NumberOfWorkers: !Ref Workers, WorkerType: G.1X}
    """
    collected = template(tmp_path, text)
    assert statuses(collected, "glue-table-format-row-based") == {"Open": "unknown", "Events": "fail"}
    assert statuses(collected, "glue-table-unpartitioned") == {"Open": "pass", "Events": "unknown"}
    assert statuses(collected, SIZE) == {"Job": "unknown"}
    assert statuses(collected, BOOKMARK) == {"Job": "pass"}
