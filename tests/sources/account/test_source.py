"""Collecting: what answers, what does not, and what happens to the rest then."""

from __future__ import annotations

import os
import signal
import threading
import time

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from moto.core.botocore_stubber import MockRawResponse

from auditor.errors import UsageError
from auditor.raw import Gap, Scope
from auditor.sources.account import run
from auditor.sources.account.api import NOT_COLLECTED
from auditor.sources.account.calls import Calls, plain
from auditor.sources.account.collector import Incomplete, collector
from auditor.sources.account.failures import Halt, Stopped
from auditor.sources.account.guard import OperationRefused
from auditor.sources.account.manner import Manner
from auditor.sources.account.source import collect
from auditor.values import ABSENT, Unknown

ACCOUNT = "123456789012"
pytestmark = pytest.mark.usefixtures("moto", "collectors")


def volumes(**changes):
    """A collector of EBS volumes."""

    @collector("ec2", types=("AWS::EC2::Volume",), operations=("DescribeVolumes",), **changes)
    def volumes(api):
        for volume in api.pages("DescribeVolumes", "Volumes"):
            arn = f"arn:{api.partition}:ec2:{api.region}:{api.account}:volume/{volume['VolumeId']}"
            yield api.raw("AWS::EC2::Volume", arn, volume, names=[volume["VolumeId"]])


def buckets():
    """A collector of S3 buckets and their policies."""

    @collector("s3", types=("AWS::S3::Bucket",), operations=("ListBuckets", "GetBucketPolicy"), scope="global")
    def buckets(api):
        def read(bucket):
            policy = api.ask(
                "GetBucketPolicy",
                "Policy",
                absent=("NoSuchBucketPolicy",),
                gone=("NoSuchBucket",),
                Bucket=bucket["Name"],
            )
            if policy is None:
                return None
            arn = f"arn:{api.partition}:s3:::{bucket['Name']}"
            properties = api.merge(bucket, {"Policy": policy})
            return api.raw("AWS::S3::Bucket", arn, properties, title=bucket["Name"], region="eu-west-1")

        for raw in api.each(read, api.pages("ListBuckets", "Buckets")):
            if raw:
                yield raw


def named(service, name, operations, body, *, types=("account",), scope="global"):
    """A collector with a body of the test's own."""
    body.__name__ = name
    collector(service, types=types, operations=operations, scope=scope)(body)


# --- what answers ---------------------------------------------------------------------------------------------------


def test_two_regions(aws):
    volumes()
    for region in ("us-east-1", "eu-west-1"):
        aws("ec2", region).create_volume(AvailabilityZone=f"{region}a", Size=8, VolumeType="gp3")
    found = collect(regions=["eu-west-1", "us-east-1"])
    assert [raw.scope for raw in found.raws] == [
        Scope(f"{ACCOUNT}/eu-west-1", "account", ACCOUNT, "eu-west-1"),
        Scope(f"{ACCOUNT}/us-east-1", "account", ACCOUNT, "us-east-1"),
    ]
    raw = found.raws[0]
    assert raw.type == "AWS::EC2::Volume"
    assert raw.dialect == "live"
    assert raw.id == raw.address == f"arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/{raw.names[0]}"
    assert raw.properties["VolumeType"] == "gp3"
    assert (found.gaps, found.notices) == ([], [])
    assert found.calls == {"ec2:DescribeRegions": 1, "ec2:DescribeVolumes": 2, "sts:GetCallerIdentity": 1}
    assert found.inputs == [
        {
            "kind": "account",
            "name": ACCOUNT,
            "regions": ["eu-west-1", "us-east-1"],
            "alias": None,
            "resources": 2,
            "calls": 4,
        }
    ]


def test_only_enabled_regions_are_looked_at():
    volumes()
    found = collect()
    assert "us-east-1" in found.inputs[0]["regions"]
    assert "ap-east-1" not in found.inputs[0]["regions"]  # opt-in, and nobody did
    assert len(found.inputs[0]["regions"]) == found.calls["ec2:DescribeVolumes"]


def test_a_region_that_is_not_enabled_is_said():
    volumes()
    found = collect(regions=["us-east-1", "ap-east-1", "eu-wset-1"])
    assert found.inputs[0]["regions"] == ["us-east-1"]
    assert [(notice.level, notice.message) for notice in found.notices] == [
        ("error", f"ap-east-1 is not enabled in account {ACCOUNT}: it was not scanned."),
        ("error", "eu-wset-1 is no region of aws (did you mean eu-west-1?): it was not scanned."),
    ]


def test_no_region_left():
    with pytest.raises(UsageError, match="No region is left to scan: eu-wset-1 is no region of aws"):
        collect(regions=["eu-wset-1"])


def test_regions_that_cannot_be_listed(failing):
    volumes()
    failing({"DescribeRegions": "UnauthorizedOperation"})
    with pytest.raises(UsageError, match=r"ec2:DescribeRegions was denied in us-east-1.*name them with --regions"):
        collect()
    found = collect(regions=["eu-west-1"])
    assert found.inputs[0]["regions"] == ["eu-west-1"]
    assert [gap.operation for gap in found.gaps] == ["DescribeRegions"]


def test_a_global_collector_runs_once(aws):
    buckets()
    for name in ("one", "two"):
        aws("s3").create_bucket(Bucket=name)
    aws("s3").put_bucket_policy(Bucket="two", Policy='{"Version":"2012-10-17","Statement":[]}')
    found = collect(regions=["us-east-1", "us-west-2"])
    assert found.calls["s3:ListBuckets"] == 1
    one, two = found.raws
    assert one.scope == Scope(f"{ACCOUNT}/global", "account", ACCOUNT, "global")
    assert one.properties["Policy"] is ABSENT
    assert "Statement" in two.properties["Policy"]
    where = one.origin.locate(("Policy",))
    assert where.present
    assert (where.arn, where.account, where.region) == ("arn:aws:s3:::one", ACCOUNT, "eu-west-1")
    assert where.url == "https://console.aws.amazon.com/s3/buckets/one"


def test_only_what_is_wanted_is_asked(aws):
    volumes()
    buckets()
    found = collect(regions=["us-east-1"], types={"AWS::EC2::Volume"})
    assert "s3:ListBuckets" not in found.calls
    assert found.calls["ec2:DescribeVolumes"] == 1


def test_what_tells_nothing_wanted_is_unknown_and_no_gap(aws):
    aws("s3").create_bucket(Bucket="data")

    @collector("s3", types=("AWS::S3::Bucket",), operations=("ListBuckets",), details={"GetBucketAcl": ("Grants",)})
    def buckets(api):
        for bucket in api.pages("ListBuckets", "Buckets"):
            grants = api.ask("GetBucketAcl", "Grants", absent=("NoSuchBucket",), Bucket=bucket["Name"])
            every = api.ask_all("GetBucketAcl", "Grants", Bucket=bucket["Name"])
            yield api.raw("AWS::S3::Bucket", bucket["Name"], {"Grants": grants, "Every": every})

    found = collect(regions=["us-east-1"], types={"AWS::S3::Bucket": ("Name",)})
    (raw,) = found.raws
    assert raw.properties == {"Grants": NOT_COLLECTED, "Every": NOT_COLLECTED}
    assert (found.gaps, found.notices) == ([], [])
    assert "s3:GetBucketAcl" not in found.calls
    (raw,) = collect(regions=["us-east-1"], types={"AWS::S3::Bucket": ("Grants",)}).raws
    assert raw.properties["Grants"]


def test_pages_of_a_paginator():
    calls = _calls_answering(
        "kms",
        [
            {"Keys": [{"KeyId": "1"}, {"KeyId": "2"}], "Truncated": True, "NextMarker": "m"},
            {"Keys": [{"KeyId": "3"}], "Truncated": False},
        ],
    )
    assert list(calls.pages("kms", "us-east-1", "ListKeys", "Keys[].KeyId", {})) == ["1", "2", "3"]
    assert calls.counts == {"kms:ListKeys": 2}


@pytest.mark.parametrize(
    ("service", "operation", "params", "size"),
    [
        ("kms", "ListKeys", {}, {"Limit": 1000}),
        ("kms", "ListKeys", {"Limit": 5}, {"Limit": 5}),
        ("sagemaker", "ListModels", {}, {"MaxResults": 100}),
        ("ec2", "DescribeSecurityGroups", {}, {}),
        ("sqs", "ListQueues", {}, {"MaxResults": 1000}),  # which without it would end after a thousand
        ("ecs", "ListServices", {}, {"maxResults": 100}),
    ],
)
def test_a_page_is_as_large_as_the_model_allows(service, operation, params, size):
    calls = _calls_answering(service, [{}])
    sent = []
    event = f"provide-client-params.{service}.{operation}"
    calls.client(service, "us-east-1").meta.events.register(event, lambda params, **_: sent.append(params))
    assert list(calls.pages(service, "us-east-1", operation, "Items", params)) == []
    assert sent == [size]


def test_pages_where_botocore_has_no_paginator():
    calls = _calls_answering(
        "logs",
        [
            {"accountPolicies": [{"policyName": "a"}], "nextToken": "t1"},
            {"accountPolicies": [{"policyName": "b"}], "nextToken": "t2"},
            {"accountPolicies": []},
        ],
    )
    found = list(calls.pages("logs", "us-east-1", "DescribeAccountPolicies", "accountPolicies", {"policyType": "DATA"}))
    assert [policy["policyName"] for policy in found] == ["a", "b"]
    assert calls.counts == {"logs:DescribeAccountPolicies": 3}


def test_pages_after_the_last_name():
    """Firehose and Kinesis Analytics tell that there is more, but not where it begins."""
    sent = []
    calls = _calls_answering(
        "firehose",
        [
            {"DeliveryStreamNames": ["a", "b"], "HasMoreDeliveryStreams": True},
            {"DeliveryStreamNames": ["c"], "HasMoreDeliveryStreams": False},
        ],
    )
    event = "provide-client-params.firehose.ListDeliveryStreams"
    calls.client("firehose", "us-east-1").meta.events.register(event, lambda params, **_: sent.append(dict(params)))
    names = calls.pages("firehose", "us-east-1", "ListDeliveryStreams", "DeliveryStreamNames", {})
    assert list(names) == ["a", "b", "c"]
    assert sent == [{"Limit": 10_000}, {"Limit": 10_000, "ExclusiveStartDeliveryStreamName": "b"}]


def test_a_token_that_repeats_ends():
    calls = _calls_answering("logs", [{"accountPolicies": [], "nextToken": "same"}] * 9)
    assert (
        list(calls.pages("logs", "us-east-1", "DescribeAccountPolicies", "accountPolicies", {"policyType": "X"})) == []
    )
    assert calls.counts == {"logs:DescribeAccountPolicies": 2}


def _calls_answering(service, answers):
    """Calls whose only client answers from a list."""
    calls = Calls(boto3.Session(), Halt())
    left = iter(answers)
    events = calls.client(service, "us-east-1").meta.events
    events.register_last("before-call", lambda **_: (AWSResponse("", 200, {}, None), dict(next(left))))
    return calls


# --- what does not answer -------------------------------------------------------------------------------------------


def test_a_denied_list_is_a_gap_of_its_types(aws, failing):
    volumes()
    buckets()
    aws("s3").create_bucket(Bucket="one")
    failing({"DescribeVolumes": "UnauthorizedOperation"})
    found = collect(regions=["us-east-1"])
    assert found.gaps == [
        Gap(
            "ec2",
            "DescribeVolumes",
            "UnauthorizedOperation",
            "no DescribeVolumes for you",
            ACCOUNT,
            "us-east-1",
            types=("AWS::EC2::Volume",),
        )
    ]
    assert [raw.title for raw in found.raws] == ["one"]


def test_a_denied_global_list_names_no_region(failing):
    buckets()
    failing({"ListBuckets": "AccessDenied"})
    (gap,) = collect(regions=["us-east-1"]).gaps
    assert gap.region is None
    assert gap.types == ("AWS::S3::Bucket",)
    assert gap.reason == "s3:ListBuckets was denied (AccessDenied)"


def test_a_denied_question_makes_the_value_unknown(aws, failing):
    buckets()
    aws("s3").create_bucket(Bucket="one")
    failing({"GetBucketPolicy": "AccessDenied"})
    found = collect(regions=["us-east-1"])
    (raw,) = found.raws
    assert raw.properties["Policy"] == Unknown("s3:GetBucketPolicy was denied (AccessDenied)")
    assert raw.properties["Name"] == "one"
    (gap,) = found.gaps
    assert (gap.operation, gap.resource, gap.types) == ("GetBucketPolicy", "one", ())


def test_what_vanished_is_dropped_quietly(aws, failing):
    buckets()
    aws("s3").create_bucket(Bucket="one")
    failing({"GetBucketPolicy": "NoSuchBucket"})
    found = collect(regions=["us-east-1"])
    assert (found.raws, found.gaps, found.notices) == ([], [], [])


def test_what_was_listed_before_a_failure_is_kept(aws, failing):
    aws("kms").create_key()

    def body(api):
        yield api.raw("AWS::KMS::Key", "arn:aws:kms:us-east-1:1:key/1", {})
        yield from api.pages("ListAliases", "Aliases")

    named("kms", "keys", ("ListAliases",), body, types=("AWS::KMS::Key",), scope="region")
    failing({"ListAliases": "KMSInternalException"})
    found = collect(regions=["us-east-1"])
    assert len(found.raws) == 1
    assert found.gaps[0].reason == "kms:ListAliases failed in us-east-1 (KMSInternalException)"


def test_a_paged_question_about_one_resource(aws, failing):
    answers = []

    def body(api):
        answers.append(api.ask_all("ListResourceTags", "Tags", KeyId=key))
        return iter(())

    key = aws("kms").create_key(Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]["KeyId"]
    named("kms", "tags", ("ListResourceTags",), body, scope="region")
    collect(regions=["us-east-1"])
    failing({"ListResourceTags": "AccessDeniedException"})
    found = collect(regions=["us-east-1"])
    assert answers[0] == [{"TagKey": "a", "TagValue": "b"}]
    assert isinstance(answers[1], Unknown)
    assert found.gaps[0].resource == key


def test_a_key_that_is_not_in_the_answer_is_absent(aws):
    answers = []

    def body(api):
        answers.append(api.ask("GetBucketLogging", "LoggingEnabled.TargetBucket", Bucket="one"))
        answers.append(api.ask("GetBucketLogging", Bucket="one"))
        return iter(())

    aws("s3").create_bucket(Bucket="one")
    named("s3", "logging", ("GetBucketLogging",), body)
    collect(regions=["us-east-1"])
    assert answers == [ABSENT, {}]


@pytest.mark.parametrize(
    "error",
    [ReadTimeoutError(endpoint_url="https://ec2"), EndpointConnectionError(endpoint_url="https://ec2")],
)
def test_no_answer_is_a_gap(monkeypatch, error):
    volumes()
    _breaking(monkeypatch, "DescribeVolumes", error)
    found = collect(regions=["us-east-1"])
    assert [(gap.code, gap.types) for gap in found.gaps] == [(type(error).__name__, ("AWS::EC2::Volume",))]
    assert not found.gaps[0].denied


def test_a_service_that_a_region_does_not_have_is_no_gap(monkeypatch):
    named("sagemaker", "models", ("ListModels",), lambda api: api.pages("ListModels", "Models"), scope="region")
    _breaking(monkeypatch, "ListModels", EndpointConnectionError(endpoint_url="https://sagemaker"))
    monkeypatch.setattr(boto3.Session, "get_available_regions", lambda *_, **__: ["us-east-1"])
    found = collect(regions=["us-east-1", "us-west-2"])
    assert [gap.region for gap in found.gaps] == ["us-east-1"]


def _breaking(monkeypatch, operation, error):
    """Let every call of an operation end with an exception, as if the network were gone."""
    make = Calls.client

    def fail(**_):
        raise error

    def client(self, service, region):
        made = make(self, service, region)
        made.meta.events.register(f"before-call.*.{operation}", fail, unique_id="breaking")
        return made

    monkeypatch.setattr(Calls, "client", client)


def test_a_broken_collector_is_an_error_and_the_others_go_on(aws):
    aws("ec2").create_volume(AvailabilityZone="us-east-1a", Size=8)
    volumes()

    def broken(api):
        yield api.raw("AWS::KMS::Key", "arn:aws:kms:us-east-1:1:key/1", {})
        raise KeyError("Arn")

    named("kms", "keys", ("ListKeys",), broken, types=("AWS::KMS::Key",), scope="region")
    found = collect(regions=["us-east-1"])
    assert [raw.type for raw in found.raws] == ["AWS::EC2::Volume", "AWS::KMS::Key"]
    (notice,) = found.notices
    assert notice.level == "error"
    assert notice.message.startswith("The collector kms.keys broke in us-east-1 (KeyError: 'Arn')")
    assert found.gaps == [
        Gap("kms", "*", "KeyError", "KeyError: 'Arn'", ACCOUNT, "us-east-1", types=("AWS::KMS::Key",))
    ]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (lambda api: api.pages("ListAliases", "Aliases"), "OperationRefused"),
        (lambda api: iter([api.ask("DeleteAlias", AliasName="a")]), "OperationRefused"),
        (lambda api: iter([api.raw("AWS::S3::Bucket", "arn:aws:s3:::b", {})]), "does not declare the type"),
        (lambda api: iter([api.ask("ListKeys", Wrong=1)]), "ParamValidationError"),
    ],
)
def test_a_mistake_in_a_collector_is_no_gap_of_a_call(body, says):
    named("kms", "keys", ("ListKeys",), body, types=("AWS::KMS::Key",), scope="region")
    found = collect(regions=["us-east-1"])
    assert says in found.notices[0].message
    assert [gap.operation for gap in found.gaps] == ["*"]


def test_code_that_goes_around_the_api_is_refused():
    def body(api):
        api._calls.client("kms", "us-east-1").describe_key(KeyId="k")
        return iter(())

    named("kms", "keys", ("ListKeys",), body, scope="region")
    found = collect(regions=["us-east-1"])
    assert OperationRefused.__name__ in found.notices[0].message
    assert "kms:DescribeKey" not in found.calls


# --- account facts from several collectors --------------------------------------------------------------------------

ROOT = f"arn:aws:iam::{ACCOUNT}:root"


def test_facts_about_one_resource_are_merged():
    named("iam", "summary", ("GetAccountSummary",), lambda api: iter([api.raw("account", ROOT, {"Keys": 1})]))
    named("s3control", "block", ("GetPublicAccessBlock",), lambda api: iter([api.raw("account", ROOT, {"B": 2})]))
    (raw,) = collect(regions=["us-east-1"]).raws
    assert raw.properties == {"Keys": 1, "B": 2}


def test_facts_that_a_broken_collector_did_not_tell_are_unknown(failing):
    named("iam", "summary", ("GetAccountSummary",), lambda api: iter([api.raw("account", ROOT, {"Keys": 1})]))
    named("iam", "users", ("ListUsers",), lambda api: api.pages("ListUsers", "Users"))
    failing({"ListUsers": "AccessDenied"})
    (raw,) = collect(regions=["us-east-1"]).raws
    assert raw.properties["Keys"] == 1
    assert raw.properties["Users"] == Unknown("iam:ListUsers was denied (AccessDenied)")


def test_incomplete_properties():
    properties = Incomplete({"Name": "n", "Empty": None}, Unknown("denied"))
    assert properties["Name"] == "n"
    assert properties["Empty"] is None
    assert properties.get("Other") == Unknown("denied")
    assert "Other" in properties
    assert list(properties) == ["Name", "Empty"]


# --- many at once ---------------------------------------------------------------------------------------------------


def test_each_keeps_the_order_and_raises_in_turn():
    seen = []

    def body(api):
        def slow(number):
            time.sleep(0.002 * (9 - number % 10))
            if number == 70:
                raise ValueError("70")
            return number

        for number in api.each(slow, range(100)):
            seen.append(number)
        yield from ()

    named("kms", "keys", ("ListKeys",), body)
    found = collect(regions=["us-east-1"], manner=Manner(workers=4))
    assert seen == list(range(70))
    assert "ValueError: 70" in found.notices[0].message


def test_each_reads_only_a_little_ahead():
    read = []

    def items():
        for number in range(1000):
            read.append(number)
            yield number

    def body(api):
        results = api.each(lambda number: number, items())
        assert next(results) == 0
        results.close()
        yield from ()

    named("kms", "keys", ("ListKeys",), body)
    found = collect(regions=["us-east-1"], manner=Manner(workers=2))
    assert found.notices == []
    assert len(read) < 10


def test_each_within_each_does_not_wait_for_itself():
    sums = []

    def body(api):
        sums.extend(api.each(lambda number: sum(api.each(lambda other: other * number, range(4))), range(20)))
        return iter(())

    named("kms", "keys", ("ListKeys",), body)
    collect(regions=["us-east-1"], manner=Manner(workers=1))
    assert sums == [6 * number for number in range(20)]


def test_the_number_of_collectors_at_once_is_bounded():
    running, most, lock = 0, 0, threading.Lock()

    def body(api):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return iter(())

    for number in range(12):
        named("kms", f"keys{number}", ("ListKeys",), body)
    collect(regions=["us-east-1"], manner=Manner(workers=3))
    assert most == 3


def test_progress_is_told():
    volumes()
    told: list[str] = []
    collect(regions=["us-east-1"], progress=told.append)
    assert told == ["1/1 collectors in 1 regions, 3 calls, 0 gaps; ec2.volumes in us-east-1"]


# --- stopped in the middle ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_cleanly_with_what_there_is(aws, number):
    aws("ec2").create_volume(AvailabilityZone="us-east-1a", Size=8)
    volumes()

    def body(api):
        yield api.raw("AWS::KMS::Key", "arn:aws:kms:us-east-1:1:key/1", {})
        os.kill(os.getpid(), number)
        time.sleep(0.3)
        yield from api.pages("ListKeys", "Keys")
        raise AssertionError("a call was made after the scan was stopped")

    named("kms", "keys", ("ListKeys",), body, types=("AWS::KMS::Key",), scope="region")
    before = signal.getsignal(number)
    found = collect(regions=["us-east-1"], manner=Manner(workers=1))
    assert signal.getsignal(number) is before
    assert [raw.type for raw in found.raws] == ["AWS::EC2::Volume", "AWS::KMS::Key"]
    assert [(gap.code, gap.types) for gap in found.gaps] == [("Interrupted", ("AWS::KMS::Key",))]
    (notice,) = found.notices
    assert notice.level == "error"
    assert notice.message == f"The scan stopped ({number.name}) after 1 of 2 collectors: the result is partial."


def test_a_call_that_does_not_return_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(run, "GRACE", 0.3)
    answer = threading.Event()

    def body(api):
        yield api.raw("AWS::KMS::Key", "arn:aws:kms:us-east-1:1:key/1", {})
        os.kill(os.getpid(), signal.SIGINT)
        answer.wait(30)

    named("kms", "keys", ("ListKeys",), body, types=("AWS::KMS::Key",), scope="region")
    volumes()
    began = time.monotonic()
    found = collect(regions=["us-east-1"], manner=Manner(workers=1))
    answer.set()
    assert time.monotonic() - began < 10
    assert len(found.raws) == 1
    assert sorted(gap.types for gap in found.gaps) == [("AWS::EC2::Volume",), ("AWS::KMS::Key",)]


def test_credentials_that_expire_stop_the_scan(failing):
    volumes()
    failing({"DescribeVolumes": "ExpiredToken"})
    found = collect(regions=["us-east-1", "us-east-2", "us-west-1"], manner=Manner(workers=1))
    assert found.calls["ec2:DescribeVolumes"] == 1
    assert found.notices[0].message.startswith("The scan stopped (the credentials expired) after 1 of 3")
    assert [gap.code for gap in found.gaps] == ["ExpiredToken", "Interrupted", "Interrupted"]


def test_no_retry_outlives_a_stopped_scan():
    halt, attempts = Halt(), []
    calls = Calls(boto3.Session(), halt)

    def no_answer(**_):
        attempts.append(1)
        halt.stop("SIGINT")
        raise ReadTimeoutError(endpoint_url="https://kms")

    calls.client("kms", "us-east-1").meta.events.register_last("before-send", no_answer)
    with pytest.raises(Stopped):
        calls.call("kms", "us-east-1", "ListKeys", None, {})
    assert len(attempts) == 1


def test_a_throttled_call_is_tried_again(monkeypatch):
    """And counted once."""
    monkeypatch.setattr("botocore.retries.adaptive.ClientRateLimiter.on_sending_request", lambda *_, **__: None)
    monkeypatch.setattr("time.sleep", lambda _: None)
    calls = Calls(boto3.Session(), Halt())
    answers = iter([(400, b'{"__type": "ThrottlingException"}'), (200, b'{"Keys": [{"KeyId": "1"}]}')])

    def answer(request, **_):
        status, body = next(answers)
        return AWSResponse(request.url, status, {}, MockRawResponse(body))

    events = calls.client("kms", "us-east-1").meta.events
    events.register_first("before-send", answer)
    assert list(calls.pages("kms", "us-east-1", "ListKeys", "Keys[].KeyId", {})) == ["1"]
    assert calls.counts == {"kms:ListKeys": 1}


def test_works_outside_the_main_thread():
    volumes()
    found = []
    thread = threading.Thread(target=lambda: found.append(collect(regions=["us-east-1"])))
    thread.start()
    thread.join()
    assert found[0].notices == []


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Access Denied", "Access Denied"),
        (
            "User: arn:aws:iam::1:user/x is not authorized (Service: Kms, Status Code: 400, Request ID: 1-2)",
            "User: arn:aws:iam::1:user/x is not authorized",
        ),
        ("No permission. Encoded authorization failure message: QWxhZGRpbg", "No permission."),
        ("Rate exceeded (Request ID: 4f1-22)", "Rate exceeded"),
    ],
)
def test_messages_lose_what_differs_with_every_call(message, left):
    assert plain(message) == left
