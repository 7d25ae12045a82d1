"""The functions as Lambda calls them: events in, objects in S3 out, errors as data."""

from __future__ import annotations

import io
import json
import tarfile
import threading
from dataclasses import replace
from typing import Any

import pytest

from auditor import aws_lambda
from auditor.config import Config, Suppress
from auditor.distributed import work
from auditor.distributed.item import Item
from auditor.distributed.store import READS, WRITES, Bucket
from auditor.errors import UsageError
from auditor.sources.account.guard import OperationRefused
from auditor.unit import Unit
from tests.distributed.support import BUCKET, OWN, REGION, RUN, Cloud, Context, item

MEMBER, OTHER = "111111111111", "222222222222"
PLAN = {"run": RUN, "role_name": "Auditor", "config": "config/auditor.toml", "groups": {"us": [REGION]}}


def scan(*accounts: str, run: str = RUN, **plan: Any) -> dict[str, Any]:
    """A whole run, as Step Functions goes through it."""
    event = {**PLAN, "run": run, "accounts": accounts or [OWN, MEMBER, OTHER], **plan}
    listed = aws_lambda.list_items(event, Context())
    with_items = json.loads(_bucket().get(listed["items"]) or b"")
    assert len(with_items) == listed["count"]
    for one in with_items:
        aws_lambda.scan_item(one, Context())
    return aws_lambda.roll_up({"run": run}, Context())


def _bucket() -> Bucket:
    import boto3

    return Bucket(BUCKET, session=boto3.Session())


# --- one item ---------------------------------------------------------------------------------------------------------


def test_an_item_leaves_reports_findings_and_a_summary(cloud: Cloud) -> None:
    cloud.volumes(MEMBER, 2)
    done = aws_lambda.scan_item(item(MEMBER, name="ml"), Context())
    assert (done["account"], done["status"], done["reason"]) == (
        MEMBER,
        "scanned",
        "2 findings of severity low or above",
    )
    assert (done["counts"]["findings"], done["left"]) == (2, ())
    assert sorted(cloud.listed()) == sorted([*done["keys"].values(), "config/auditor.toml"])
    assert done["keys"]["findings"] == f"findings/date={RUN}/account={MEMBER}/all.jsonl.gz"
    records = cloud.findings()
    assert [record["check"] for record in records if record["status"] == "fail"] == ["ebs-volume-gp2"] * 2
    assert {(record["run"], record["account"], record["account_name"]) for record in records} == {(RUN, MEMBER, "ml")}
    assert json.loads(cloud.get(done["keys"]["json"]))["inputs"][0]["name"] == MEMBER
    assert cloud.get(done["keys"]["html"]).startswith(b"<!DOCTYPE html>")
    assert cloud.json(done["keys"]["summary"])["tallies"]["ebs-volume-gp2"]["findings"] == 2


def test_the_answer_holds_no_finding(cloud: Cloud) -> None:
    """Step Functions takes 256 KB for an answer."""
    (volume,) = cloud.volumes(MEMBER, 1)
    done = json.dumps(aws_lambda.scan_item(item(MEMBER), Context()))
    assert volume not in done and len(done) < 2000


def test_a_finding_names_the_team_of_its_resource(cloud: Cloud) -> None:
    first, second = cloud.volumes(MEMBER, 2)
    cloud.client("ec2", MEMBER).create_tags(Resources=[first], Tags=[{"Key": "Team", "Value": "vision"}])
    aws_lambda.scan_item(item(MEMBER), Context())
    teams = {record["resource"].rpartition("/")[2]: record["team"] for record in cloud.findings()}
    assert (teams[first], teams[second]) == ("vision", None)


def test_done_again_an_item_doubles_nothing(cloud: Cloud) -> None:
    cloud.volumes(MEMBER, 2)
    aws_lambda.scan_item(item(MEMBER), Context())
    keys, summary = cloud.listed(), cloud.json(f"summaries/{RUN}/{MEMBER}/all.json.gz")
    aws_lambda.scan_item(item(MEMBER), Context())
    assert cloud.listed() == keys
    assert cloud.json(f"summaries/{RUN}/{MEMBER}/all.json.gz") == summary
    assert len([record for record in cloud.findings() if record["status"] == "fail"]) == 2


def test_a_role_that_may_not_be_assumed_is_data(cloud: Cloud) -> None:
    cloud.denied.add(MEMBER)
    done = aws_lambda.scan_item(item(MEMBER), Context())
    assert done["status"] == "failed"
    assert f"may not assume arn:aws:iam::{MEMBER}:role/Auditor" in done["reason"]
    (record,) = cloud.findings()
    assert (record["status"], record["account"]) == ("not-read", MEMBER)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"config": "config/none.toml"}, "there are no settings at config/none.toml"),
        ({"config": "config/broken.toml"}, "nonsense is not a setting"),
        ({"config": "config/empty.toml"}, "no check and no pillar is called nothing-such"),
    ],
)
def test_settings_that_are_wrong_are_data(settings: dict[str, str], words: str, cloud: Cloud) -> None:
    cloud.put("config/broken.toml", b"nonsense = 1")
    cloud.put("config/empty.toml", b'select = ["nothing-such"]')
    done = aws_lambda.scan_item(item(**settings), Context())
    assert done["status"] == "failed" and words in done["reason"]


@pytest.mark.parametrize("event", [{}, {**item(), "run": "../x"}, {**item(), "group": "a/b"}, {**item(), "unit": 5}])
def test_what_is_no_item_is_data(event: dict[str, Any], cloud: Cloud) -> None:
    done = aws_lambda.scan_item(event, Context())
    assert done["status"] == "failed" and done["reason"]
    assert cloud.listed() == ["config/auditor.toml"]


def test_a_bucket_that_refuses_is_an_error(cloud: Cloud) -> None:
    with pytest.raises(UsageError, match=r"s3://elsewhere/.* cannot be read: .*NoSuchBucket"):
        aws_lambda.scan_item({**item(), "bucket": "elsewhere"}, Context())


# --- too little time --------------------------------------------------------------------------------------------------


def test_what_was_not_done_in_time_is_said_and_a_retry_goes_on(
    cloud: Cloud, scripted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.volumes(OWN, 1)
    asked: list[str] = []
    late = threading.Event()

    def never(parameters: Any) -> Any:
        late.wait(10)
        return {"Topics": []}

    def volumes(parameters: Any) -> Any:
        asked.append("DescribeVolumes")
        return {"Volumes": [{"VolumeId": "vol-1", "VolumeType": "gp2", "Size": 8}]}

    scripted({"ListTopics": never, "DescribeVolumes": volumes})
    monkeypatch.setattr("auditor.sources.account.run.GRACE", 0.1)
    done = aws_lambda.scan_item(item(), Context(work.RESERVE + 1.5))
    late.set()
    assert (done["status"], done["left"]) == ("partial", (f"sns in {REGION}",))
    assert f"spool/{RUN}/{OWN}/all.tar.gz" in cloud.listed()
    assert any(record["status"] == "not-read" for record in cloud.findings())

    scripted({"ListTopics": {"Topics": []}})
    done = aws_lambda.scan_item(item(), Context())
    assert (done["status"], done["left"], done["counts"]["findings"]) == ("scanned", (), 1)
    assert asked == ["DescribeVolumes"]  # what had ended was taken over
    assert cloud.listed("spool/") == []


def half_broken() -> bytes:
    """An archive that begins as one."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("volumes")
        entry.size = 60_000
        archive.addfile(entry, io.BytesIO("".join(map(str, range(20_000))).encode()[: entry.size]))
    content = buffer.getvalue()
    middle = len(content) // 2
    return content[:middle] + bytes(4) + content[middle + 4 :]


@pytest.mark.parametrize("content", [b"no archive", half_broken()])
def test_a_broken_spool_is_asked_again(content: bytes, cloud: Cloud) -> None:
    cloud.volumes(OWN, 1)
    cloud.put(f"spool/{RUN}/{OWN}/all.tar.gz", content)
    assert aws_lambda.scan_item(item(), Context())["status"] == "scanned"


# --- what broke -------------------------------------------------------------------------------------------------------


def test_a_function_that_broke_is_named(cloud: Cloud) -> None:
    error = {"Error": "Sandbox.Timedout", "Cause": json.dumps({"errorMessage": "Task timed out after 900.00 seconds"})}
    done = aws_lambda.record_failure({"item": item(MEMBER), "error": error}, Context())
    reason = "the function broke (Sandbox.Timedout: Task timed out after 900.00 seconds)"
    assert (done["status"], done["reason"]) == ("failed", reason)
    assert [record["message"] for record in cloud.findings()] == [reason]


def test_what_an_earlier_try_found_stays(cloud: Cloud) -> None:
    cloud.volumes(MEMBER, 1)
    aws_lambda.scan_item(item(MEMBER), Context())
    done = aws_lambda.record_failure({"item": item(MEMBER), "error": {"Error": "Lambda.Unknown"}}, Context())
    assert (done["status"], done["counts"]["findings"]) == ("scanned", 1)
    assert len([record for record in cloud.findings() if record["status"] == "fail"]) == 1


# --- the roll-up ------------------------------------------------------------------------------------------------------


def test_a_run_adds_up_and_loses_nobody(cloud: Cloud) -> None:
    cloud.volumes(OWN, 1)
    cloud.volumes(MEMBER, 2)
    cloud.denied.add(OTHER)
    answer = scan()
    assert (answer["scanned"], answer["failed"], answer["findings"]) == (2, 1, 3)
    index = cloud.json(f"runs/{RUN}/index.json")
    assert [(line["account"], line["status"], line["findings"]) for line in index["accounts"]] == [
        (OWN, "scanned", 1),
        (MEMBER, "scanned", 2),
        (OTHER, "failed", 0),
    ]
    assert index["accounts"][0]["reports"]["html"] == f"../../reports/{RUN}/{OWN}/us.html"
    assert f"reports/{RUN}/{OWN}/us.html" in cloud.listed()
    page = cloud.get(f"runs/{RUN}/index.html").decode()
    assert page.index(f"may not assume arn:aws:iam::{OTHER}") < page.index(f"reports/{RUN}/{OWN}/us.html")


def test_an_item_without_a_result_is_named(cloud: Cloud) -> None:
    aws_lambda.list_items({**PLAN, "accounts": [OWN, MEMBER]}, Context())
    cloud.put(f"summaries/{RUN}/{MEMBER}/us.json.gz", b"broken")
    answer = aws_lambda.roll_up({"run": RUN}, Context())
    assert answer["failed"] == 2
    reasons = [line["reason"] for line in cloud.json(f"runs/{RUN}/index.json")["accounts"]]
    assert "us: it gave no result" in reasons[0] and "us: a broken summary" in reasons[1]


def test_accounts_that_are_not_to_be_scanned(cloud: Cloud) -> None:
    organizations = cloud.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    made = [
        organizations.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]["AccountId"]
        for name in ("ml", "sandbox", "old")
    ]
    organizations.close_account(AccountId=made[2])
    answer = scan(accounts=[], exclude=["sandbox"])
    assert (answer["scanned"], answer["skipped"]) == (2, 1)


def test_what_is_new_and_what_is_fixed(cloud: Cloud, mail: Any) -> None:
    cloud.put("config/auditor.toml", b'select = ["ebs-volume-gp2"]')
    (first, _) = cloud.volumes(MEMBER, 2)
    assert scan(MEMBER)["new_criticals"] == 0
    assert mail() == []  # nothing that is new and grave
    cloud.client("ec2", MEMBER).delete_volume(VolumeId=first)
    cloud.volumes(OTHER, 1)
    scan(MEMBER, OTHER, run="2026-11-24")
    index = cloud.json("runs/2026-11-24/index.json")
    assert (index["news"]["against"], index["news"]["new"], index["news"]["fixed"]) == (RUN, 1, 1)
    assert [point["run"] for point in index["trend"]] == [RUN, "2026-11-24"]
    assert [point["findings"] for point in index["trend"]] == [2, 2]


def test_what_could_not_be_looked_at_is_not_fixed(cloud: Cloud) -> None:
    cloud.volumes(MEMBER, 2)
    scan(MEMBER)
    cloud.denied.add(MEMBER)
    scan(MEMBER, run="2026-11-24")
    cloud.denied.clear()
    scan(MEMBER, run="2026-11-25")
    news = cloud.json("runs/2026-11-25/index.json")["news"]
    assert (news["new"], news["fixed"]) == (0, 0)  # compared with the last run that could scan the account


def test_the_digest_names_who_was_not_scanned_and_is_sent_once(cloud: Cloud, mail: Any) -> None:
    cloud.denied.add(OTHER)
    scan()
    ((subject, lines),) = mail()
    assert subject == "auditor: Scan incomplete, no new criticals in 2 accounts, 1 not scanned"
    assert any(line.startswith(f"Not scanned: {OTHER} (us: ") for line in lines)
    assert lines[-1] == f"s3://{BUCKET}/runs/{RUN}/index.html"
    aws_lambda.roll_up({"run": RUN}, Context())  # tried again
    assert mail() == []


def test_new_criticals_are_told(cloud: Cloud, mail: Any) -> None:
    cloud.put("config/auditor.toml", b'select = ["vpc-sg-ingress-all-ports"]')
    ec2 = cloud.client("ec2", MEMBER)
    group = ec2.create_security_group(GroupName="open", Description="x")["GroupId"]
    rule = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    assert scan(MEMBER)["new_criticals"] == 1
    ((subject, lines),) = mail()
    assert "1 new critical in 1 account" in subject
    assert any(line.startswith(f"- CRITICAL {MEMBER}: ") for line in lines)


# --- groups of regions ------------------------------------------------------------------------------------------------


def test_divided_accounts_add_up_to_the_same(cloud: Cloud) -> None:
    """What belongs to no region is told once, though every item sees it."""
    cloud.put("config/auditor.toml", b'select = ["ebs-volume-gp2", "s3-bucket-*", "iam-root-*"]')
    cloud.volumes(MEMBER, 1)
    cloud.volumes(MEMBER, 2, "eu-west-1")
    cloud.client("s3", MEMBER).create_bucket(Bucket="global-things")
    whole = {"both": [REGION, "eu-west-1"]}
    scan(MEMBER, groups=whole)
    together = sorted((one["check"], one["resource"], one["property"]) for one in cloud.findings())
    (line,) = cloud.json(f"runs/{RUN}/index.json")["accounts"]
    scan(MEMBER, run="2026-11-24", groups={"us": [REGION], "eu": ["eu-west-1"]})
    apart = sorted(
        (one["check"], one["resource"], one["property"]) for one in cloud.findings("findings/date=2026-11-24")
    )
    (divided,) = cloud.json("runs/2026-11-24/index.json")["accounts"]
    assert apart == together
    assert {name: divided[name] for name in ("findings", "failures")} == {
        name: line[name] for name in ("findings", "failures")
    }
    assert set(divided["reports"]) == {"html", "json", "html eu", "json eu"}


# --- one account ------------------------------------------------------------------------------------------------------


def test_one_account_by_itself(cloud: Cloud, mail: Any) -> None:
    cloud.volumes(OWN, 1)
    event = {"time": f"{RUN}T02:00:00Z", "source": "aws.scheduler", "config": "config/auditor.toml"}
    answer = aws_lambda.audit(event, Context())
    assert (answer["run"], answer["scanned"], answer["findings"]) == (RUN, 1, 1)
    assert f"runs/{RUN}/index.html" in cloud.listed()
    assert mail() == []


def test_one_account_that_is_not_done_asks_for_a_retry(cloud: Cloud, mail: Any) -> None:
    event = {"time": f"{RUN}T02:00:00Z", "config": "config/auditor.toml"}
    with pytest.raises(aws_lambda.Unfinished, match="a retry goes on from there"):
        aws_lambda.audit(event, Context(0))
    assert mail() == []
    assert cloud.json(f"runs/{RUN}/index.json")["accounts"][0]["status"] == "failed"
    assert aws_lambda.audit(event, Context())["partial"] == 0


def test_a_run_without_a_day_is_none(cloud: Cloud) -> None:
    with pytest.raises(UsageError, match="names no run"):
        aws_lambda.audit({}, Context())


# --- the store --------------------------------------------------------------------------------------------------------


def test_the_store_can_do_nothing_else(cloud: Cloud) -> None:
    store = _bucket()
    assert {operation.partition(":")[2] for operation in READS | WRITES} == {
        "GetObject",
        "PutObject",
        "ListObjectsV2",
        "DeleteObject",
    }
    store.put("x/a.json", b"{}")
    assert (store.get("x/a.json"), store.get("x/b.json"), list(store.keys("x/"))) == (b"{}", None, ["x/a.json"])
    store.delete("x/a.json")
    assert list(store.keys("x/")) == []
    with pytest.raises(OperationRefused):
        store._client.delete_bucket(Bucket=BUCKET)
    with pytest.raises(OperationRefused):
        store._client.put_bucket_policy(Bucket=BUCKET, Policy="{}")


def test_an_item_is_plain_data() -> None:
    one = Item.from_dict(item(MEMBER, name="ml", elsewhere=["eu-west-1"]))
    assert Item.from_dict(json.loads(json.dumps(one.to_dict()))) == one
    assert len(json.dumps(one.to_dict())) < 500
    config = Config(fail_on="low", suppress=(Suppress("ebs-*", "tests"),))
    other = replace(one, unit=Unit(MEMBER, regions=("eu-west-1",), config=config))
    assert Item.from_dict(json.loads(json.dumps(other.to_dict()))) == other
    with pytest.raises(UsageError, match=r"no item of a run: unit\.regions: "):
        Item.from_dict(item(MEMBER) | {"unit": {"account": MEMBER, "regions": 5}})
