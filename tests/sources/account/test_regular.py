"""Collectors that are tables: what is asked, what becomes of it, and of what does not answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditor.sources.account.api import NOT_COLLECTED
from auditor.sources.account.collector import Incomplete
from auditor.sources.account.regular import Ago, Batch, Call, Listing, fill, regular
from auditor.sources.account.source import collect
from auditor.values import ABSENT, Undecided, Unknown

REGION = "us-east-1"
PREFIX = f"arn:aws:dynamodb:{REGION}:123456789012:table/"
GONE = ("ResourceNotFoundException",)
CLUSTERS = Listing("ListClusters", "ClusterArns[].{ClusterArn: @}", shared=True)
QUEUES = Listing("ListQueues", "QueueUrls[].{QueueUrl: @}")


def tables(**changes):
    """Tables, described one by one."""
    settings: dict[str, Any] = {
        "describe": Call("DescribeTable", "Table", {"TableName": "{TableName}"}, gone=GONE),
        "arn": "arn:{partition}:dynamodb:{region}:{account}:table/{TableName}",
        "title": "{TableName}",
    }
    listing = changes.pop("listing", Listing("ListTables", "TableNames[].{TableName: @}"))
    regular("dynamodb", "AWS::DynamoDB::Table", listing, **settings | changes)


def services(size=10):
    """ECS services, listed within their clusters and described many at once."""
    regular(
        "ecs",
        "AWS::ECS::Service",
        Listing(
            "ListServices",
            "ServiceArns[].{ServiceArn: @}",
            {"cluster": "{ClusterArn}"},
            within=CLUSTERS,
            gone=("ClusterNotFoundException",),
        ),
        describe=Batch(
            "DescribeServices",
            "Services",
            "services",
            "{ServiceArn}",
            "{ServiceArn}",
            size,
            {"cluster": "{ClusterArn}"},
        ),
        arn="{ServiceArn}",
        title="{ServiceArn!n}",
        pascal=True,
    )


def described(params):
    return {"Table": {"TableName": params["TableName"], "TableStatus": "ACTIVE"}}


def scan():
    return collect(regions=[REGION])


@pytest.fixture
def two_tables(scripted):
    scripted({"ListTables": {"TableNames": ["one", "two"]}, "DescribeTable": described})


pytestmark = pytest.mark.usefixtures("moto", "collectors")


# --- what answers ---------------------------------------------------------------------------------------------------


def test_nothing_there(collectors):
    tables(tagging="dynamodb:table")
    (made,) = collectors
    assert (made.name, made.types) == ("dynamodb.Table", ("AWS::DynamoDB::Table",))
    assert made.declared == {
        "dynamodb:ListTables",
        "dynamodb:DescribeTable",
        "resourcegroupstaggingapi:GetResources",
    }
    found = scan()
    assert (found.raws, found.gaps, found.notices) == ([], [], [])
    assert "resourcegroupstaggingapi:GetResources" not in found.calls


def test_several_pages(scripted):
    tables()
    pages = [{"TableNames": ["one", "two"], "LastEvaluatedTableName": "two"}, {"TableNames": ["three"]}]
    scripted({"ListTables": pages, "DescribeTable": described})
    found = scan()
    assert [(raw.id, raw.title, raw.names) for raw in found.raws] == [
        (PREFIX + name, name, (name,)) for name in ("one", "two", "three")
    ]
    assert found.raws[0].properties == {"TableName": "one", "TableStatus": "ACTIVE"}
    assert found.calls["dynamodb:ListTables"] == 2


def test_more_about_each_and_tags(aws, two_tables, scripted):
    tables(
        more=(
            Call(
                "DescribeContinuousBackups",
                "ContinuousBackupsDescription.ContinuousBackupsStatus",
                {"TableName": "{TableName}"},
                into="Backups",
                when="TableName == 'one'",
            ),
            Call(
                "GetResourcePolicy", "Policy", {"ResourceArn": PREFIX + "{TableName}"}, into="Policy", absent=("None",)
            ),
        ),
        tagging="dynamodb:table",
    )
    tags = [{"Key": "team", "Value": "ml"}]
    scripted(
        {
            "DescribeContinuousBackups": {"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "ENABLED"}},
            "GetResourcePolicy": "None",
            "GetResources": {"ResourceTagMappingList": [{"ResourceARN": PREFIX + "two", "Tags": tags}]},
        }
    )
    found = scan()
    one, two = (raw.properties for raw in found.raws)
    assert (one["Backups"], one["Policy"], one["Tags"]) == ("ENABLED", ABSENT, [])
    assert ("Backups" in two, two["Tags"]) == (False, tags)
    assert found.calls["dynamodb:DescribeContinuousBackups"] == 1
    assert found.calls["resourcegroupstaggingapi:GetResources"] == 1


def test_described_many_at_once_within_another(scripted):
    services(size=2)
    asked = []
    here = {"a": ["s/1", "s/2", "s/3"], "b": [], "c": ["s/4"]}

    def some(params):
        asked.append((params["cluster"], params["services"]))
        return {
            "services": [
                {"serviceArn": arn, "launchType": "EC2", "tags": [{"key": "team", "value": "x"}]}
                for arn in params["services"]
                if arn != "s/2"
            ],
            "failures": [],
        }

    scripted(
        {
            "ListClusters": [{"clusterArns": ["a", "b"], "nextToken": "t"}, {"clusterArns": ["c"]}],
            "ListServices": lambda params: {"serviceArns": here[params["cluster"]]},
            "DescribeServices": some,
        }
    )
    found = scan()
    assert sorted(asked) == [("a", ["s/1", "s/2"]), ("a", ["s/3"]), ("c", ["s/4"])]
    assert [raw.title for raw in found.raws] == ["1", "3", "4"]  # the second was deleted meanwhile
    tags = [{"Key": "team", "Value": "x"}]
    assert found.raws[0].properties == {"ServiceArn": "s/1", "LaunchType": "EC2", "Tags": tags}
    assert found.gaps == []


def test_names_within_maps_keep_their_case(scripted):
    regular(
        "ecs",
        "AWS::ECS::TaskDefinition",
        Listing("ListTaskDefinitions", "TaskDefinitionArns[].{TaskDefinitionArn: @}"),
        describe=Call("DescribeTaskDefinition", "TaskDefinition", {"taskDefinition": "{TaskDefinitionArn}"}),
        arn="{TaskDefinitionArn}",
        pascal=True,
    )
    container = {"name": "x", "dockerLabels": {"com.example": "y"}, "secrets": [{"name": "n", "valueFrom": "v"}]}
    scripted(
        {
            "ListTaskDefinitions": {"taskDefinitionArns": ["t"]},
            "DescribeTaskDefinition": {"taskDefinition": {"containerDefinitions": [container]}},
        }
    )
    (raw,) = scan().raws
    (read,) = raw.properties["ContainerDefinitions"]
    assert read == {"Name": "x", "DockerLabels": {"com.example": "y"}, "Secrets": [{"Name": "n", "ValueFrom": "v"}]}


def test_a_shared_listing_is_asked_once(scripted):
    services()
    regular("ecs", "AWS::ECS::Cluster", CLUSTERS, arn="{ClusterArn}", pascal=True)
    scripted({"ListClusters": {"clusterArns": ["a"]}, "ListServices": {"serviceArns": []}})
    found = scan()
    assert [raw.id for raw in found.raws] == ["a"]
    assert found.calls["ecs:ListClusters"] == 1


def test_a_shared_listing_that_fails_is_not_asked_again(scripted):
    services()
    regular("ecs", "AWS::ECS::Cluster", CLUSTERS, arn="{ClusterArn}", pascal=True)
    scripted({"ListClusters": "AccessDeniedException"})
    found = scan()
    assert found.calls["ecs:ListClusters"] == 1
    assert {type for gap in found.gaps for type in gap.types} == {"AWS::ECS::Cluster", "AWS::ECS::Service"}


def test_dropped_and_reshaped(two_tables):
    tables(drop="TableName == 'one'", reshape=lambda read: {"Name": read["TableName"]})
    (raw,) = scan().raws
    assert raw.properties == {"Name": "two"}


def test_what_is_absent_does_not_drop_it(two_tables, scripted):
    tables(
        more=(Call("GetResourcePolicy", "Policy", {"ResourceArn": PREFIX + "one"}, into="Gone", absent=("None",)),),
        drop="Gone",
    )
    scripted({"GetResourcePolicy": "None"})
    found = scan()
    assert [raw.properties["Gone"] for raw in found.raws] == [ABSENT, ABSENT]


def test_members_of_an_answer_become_properties(two_tables, scripted):
    tables(more=(Call("DescribeTimeToLive", "TimeToLiveDescription", {"TableName": "{TableName}"}),))
    scripted({"DescribeTimeToLive": {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}}})
    one, _ = scan().raws
    assert one.properties == {
        "TableName": "one",
        "TableStatus": "ACTIVE",
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": "ttl",
    }
    scripted({"DescribeTimeToLive": "AccessDenied"})
    one, _ = scan().raws
    assert one.properties["TableStatus"] == "ACTIVE"
    assert one.properties["TimeToLiveStatus"] == Unknown(
        "dynamodb:DescribeTimeToLive was denied in us-east-1 (AccessDenied)"
    )


# --- what is not wanted ---------------------------------------------------------------------------------------------


def wanted(*properties):
    return collect(regions=[REGION], types={"AWS::DynamoDB::Table": properties})


POLICY = Call("GetResourcePolicy", "Policy", {"ResourceArn": PREFIX + "{TableName}"}, into="Policy")


@pytest.mark.parametrize(
    ("properties", "asked"),
    [
        ((), set()),
        (("TableName",), set()),
        (("Policy",), {"dynamodb:GetResourcePolicy"}),
        (("Tags",), {"resourcegroupstaggingapi:GetResources"}),
        (("TableStatus",), {"dynamodb:DescribeTable"}),
        (("",), {"dynamodb:DescribeTable", "dynamodb:GetResourcePolicy", "resourcegroupstaggingapi:GetResources"}),
    ],
)
def test_what_nobody_wants_is_not_asked(two_tables, scripted, properties, asked):
    tables(more=(POLICY,), tagging="dynamodb:table")
    scripted({"GetResourcePolicy": {"Policy": "{}"}, "GetResources": {"ResourceTagMappingList": []}})
    found = wanted(*properties)
    core = {"dynamodb:ListTables", "ec2:DescribeRegions", "sts:GetCallerIdentity"}
    assert found.calls.keys() - core == asked
    assert (found.gaps, found.notices) == ([], [])
    for raw in found.raws:
        told = {"dynamodb:DescribeTable": "TableStatus", "dynamodb:GetResourcePolicy": "Policy"}
        for operation, name in told.items():
            assert (raw.properties[name] is NOT_COLLECTED) == (operation not in asked)
        assert raw.title in ("one", "two")


@pytest.mark.parametrize(
    "changes",
    [
        {"drop": "TableStatus=='DELETING'"},
        {"names": ("{TableId}",)},
        {"describe": Call("DescribeTable", "Table", {"TableName": "{TableName}"}, gone=GONE, decides=True)},
    ],
)
def test_a_description_that_is_needed_anyway(two_tables, changes):
    tables(**changes)
    assert wanted("TableName").calls["dynamodb:DescribeTable"] == 2


@pytest.mark.parametrize("when", ["TableStatus=='ACTIVE'", "BillingMode"])
def test_more_that_needs_the_description(two_tables, scripted, when):
    tables(more=(replace(POLICY, when=when),))
    assert wanted("Policy").calls["dynamodb:DescribeTable"] == 2


def test_what_the_listing_tells_needs_no_description(two_tables, scripted):
    listing = Listing("ListTables", "TableNames[].{TableName: @, Kind: 'plain'}", tells=("Kind", "Owner"))
    tables(listing=listing, more=(replace(POLICY, when="Kind=='plain' && !Owner"),), names=("{Kind}",))
    scripted({"GetResourcePolicy": {"Policy": "{}"}})
    found = wanted("Policy", "Kind", "Owner")
    assert "dynamodb:DescribeTable" not in found.calls
    one, _ = found.raws
    assert [one.properties.get(name) for name in ("Kind", "Owner", "Policy")] == ["plain", ABSENT, "{}"]
    assert one.names == ("one", "plain")


def test_only_the_first_are_described(scripted):
    tables(
        listing=Listing("ListTables", "TableNames[].{TableName: @}", most=1),
        more=(Call("DescribeTimeToLive", "TimeToLiveDescription", {"TableName": "{TableName}"}, into="Ttl"),),
    )
    scripted(
        {
            "ListTables": {"TableNames": ["one", "two"]},
            "DescribeTable": described,
            "DescribeTimeToLive": {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED"}},
        }
    )
    found = scan()
    one, two = found.raws
    assert one.properties["TableStatus"] == "ACTIVE"
    assert two.properties["TableName"] == "two"
    assert two.properties["TableStatus"] == two.properties["Ttl"] == Unknown("only the first 1 are looked at")
    assert found.calls["dynamodb:DescribeTimeToLive"] == 1


def test_a_window(scripted):
    asked = []
    regular(
        "sagemaker",
        "api:SageMaker::ProcessingJob",
        Listing("ListProcessingJobs", "ProcessingJobSummaries", {"CreationTimeAfter": Ago(days=30)}),
        arn="{ProcessingJobArn}",
    )

    def answer(params):
        asked.append(params)
        return {"ProcessingJobSummaries": []}

    scripted({"ListProcessingJobs": answer})
    scan()
    since = datetime.now(UTC) - asked[0]["CreationTimeAfter"]
    assert timedelta(days=30) <= since < timedelta(days=30, minutes=1)


def test_an_operation_of_another_service(aws, collectors):
    regular(
        "sqs",
        "AWS::SQS::Queue",
        QUEUES,
        more=(Call("sts:GetCallerIdentity", "Account", {}, into="Owner"),),
        arn="arn:{partition}:sqs:{region}:{account}:{QueueUrl!n}",
        title="{QueueUrl!n}",
        names=("{QueueUrl}", "{NotThere}"),
    )
    assert collectors[0].declared == {"sqs:ListQueues", "sts:GetCallerIdentity"}
    url = aws("sqs").create_queue(QueueName="Jobs")["QueueUrl"]
    (raw,) = scan().raws
    assert raw.id == f"arn:aws:sqs:{REGION}:123456789012:Jobs"
    assert raw.names == ("Jobs", url)
    assert raw.properties == {"QueueUrl": url, "Owner": "123456789012"}


# --- what does not answer -------------------------------------------------------------------------------------------


def test_a_denied_list(scripted):
    tables()
    scripted({"ListTables": "AccessDeniedException"})
    found = scan()
    assert found.raws == []
    (gap,) = found.gaps
    assert (gap.operation, gap.code, gap.types) == ("ListTables", "AccessDeniedException", ("AWS::DynamoDB::Table",))


def test_a_service_that_is_not_switched_on(scripted):
    tables(listing=Listing("ListTables", "TableNames[].{TableName: @}", absent=("SubscriptionRequiredException",)))
    scripted({"ListTables": "SubscriptionRequiredException"})
    found = scan()
    assert (found.raws, found.gaps) == ([], [])


def test_a_denied_description(scripted):
    tables(
        more=(
            Call("DescribeTimeToLive", "TimeToLiveDescription", {"TableName": "{TableName}"}, into="Ttl"),
            Call("ListTagsOfResource", "Tags", {"ResourceArn": "{TableArn}"}, into="Tags", pages=True),
            Call("DescribeTimeToLive", "x", {"TableName": "{TableName}"}, into="More", when="TableStatus"),
        ),
        drop="TableStatus == 'DELETING'",
    )
    scripted(
        {
            "ListTables": {"TableNames": ["one"]},
            "DescribeTable": "AccessDeniedException",
            "DescribeTimeToLive": {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED"}},
        }
    )
    found = scan()
    (raw,) = found.raws
    (gap,) = found.gaps
    assert (gap.operation, gap.resource, gap.types) == ("DescribeTable", "one", ())
    assert isinstance(raw.properties, Incomplete)
    assert raw.properties["TableName"] == "one"
    assert raw.properties["Ttl"] == {"TimeToLiveStatus": "ENABLED"}
    for unknown in ("TableStatus", "Tags", "More"):
        assert raw.properties[unknown] == Unknown(gap.reason), unknown


def test_more_that_is_denied(two_tables, scripted):
    tables(more=(Call("DescribeTimeToLive", "x", {"TableName": "{TableName}"}, into="Ttl"),))
    scripted({"DescribeTimeToLive": ["AccessDeniedException", "ResourceNotFoundException"]})
    found = scan()
    assert [gap.resource for gap in found.gaps] in (["one", "two"], ["two", "one"])
    assert all(isinstance(raw.properties["Ttl"], Unknown) for raw in found.raws)
    assert all(raw.properties["TableStatus"] == "ACTIVE" for raw in found.raws)


def test_denied_tags(two_tables, scripted):
    tables(tagging="dynamodb:table")
    scripted({"GetResources": "AccessDeniedException"})
    found = scan()
    assert [gap.operation for gap in found.gaps] == ["GetResources"]
    assert all(raw.properties["Tags"] == Unknown(found.gaps[0].reason) for raw in found.raws)


def test_one_that_vanished(scripted):
    tables(more=(Call("DescribeTimeToLive", "x", {"TableName": "{TableName}"}, into="Ttl", gone=GONE),))
    scripted(
        {
            "ListTables": {"TableNames": ["one", "two", "three"]},
            "DescribeTable": lambda params: GONE[0] if params["TableName"] == "one" else described(params),
            "DescribeTimeToLive": lambda params: GONE[0] if params["TableName"] == "two" else {},
        }
    )
    found = scan()
    assert [raw.title for raw in found.raws] == ["three"]
    assert found.gaps == []


def test_a_denied_batch(scripted):
    services()
    scripted(
        {
            "ListClusters": {"clusterArns": ["a"]},
            "ListServices": {"serviceArns": ["s/1", "s/2"]},
            "DescribeServices": "AccessDeniedException",
        }
    )
    found = scan()
    (gap,) = found.gaps
    assert gap.resource == "s/1 and 1 more"
    assert [raw.id for raw in found.raws] == ["s/1", "s/2"]
    assert all(raw.properties["LaunchType"] == Unknown(gap.reason) for raw in found.raws)


def test_a_denied_list_within_one(scripted):
    services()
    codes = {"a": "AccessDeniedException", "b": "ClusterNotFoundException", "c": {"serviceArns": ["s/1"]}}
    scripted(
        {
            "ListClusters": {"clusterArns": ["a", "b", "c"]},
            "ListServices": lambda params: codes[params["cluster"]],
            "DescribeServices": {"services": [{"serviceArn": "s/1"}]},
        }
    )
    found = scan()
    assert [raw.id for raw in found.raws] == ["s/1"]
    (gap,) = found.gaps
    assert (gap.resource, gap.types) == ("a", ("AWS::ECS::Service",))


def test_malformed_optional_fields(aws, monkeypatch):
    """A field of a shape that AWS does not document is passed on for its reader to judge."""
    tables(names=("{TableId}", "{SSEDescription.KMSMasterKeyArn}"), title="{Title}")
    found = _answered(monkeypatch, {"TableName": "one", "TableId": 5, "SSEDescription": "?", "Tags": None})
    (raw,) = found.raws
    assert (raw.names, raw.title) == (("5",), "")
    assert raw.properties["SSEDescription"] == "?"
    assert found.notices == found.gaps == []


def test_without_an_arn_it_breaks_aloud(aws, monkeypatch):
    tables(arn="{TableArn}")
    found = _answered(monkeypatch, {"TableName": "one"})
    assert found.raws == []
    assert "there is no TableArn" in found.notices[0].message
    assert found.gaps[0].types == ("AWS::DynamoDB::Table",)


def _answered(monkeypatch, table):
    """A scan of one table whose description nobody checks."""
    from botocore.client import BaseClient

    answers = {"ListTables": {"TableNames": ["one"]}, "DescribeTable": {"Table": table}}
    call = BaseClient._make_api_call

    def answer(self, operation, params):
        return answers[operation] if operation in answers else call(self, operation, params)

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)
    return scan()


# --- templates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("plain", "plain"),
        ("{Name}/{Inner.Arn}", "Trainer/arn:x:y/z"),
        ("{Inner.Arn!n}", "z"),
        ("{Name!l}", "trainer"),
        (["{Name}", ["{Name}"]], ["Trainer", ["Trainer"]]),
        ({"Key": "{Name}", "In": [{"Name": "{Inner.Arn!n}"}]}, {"Key": "Trainer", "In": [{"Name": "z"}]}),
        (7, 7),
    ],
)
def test_filling(template, filled):
    assert fill(template, {"Name": "Trainer", "Inner": {"Arn": "arn:x:y/z"}}) == filled


@pytest.mark.parametrize("values", [{}, {"Name": None}, {"Name": ABSENT}])
def test_filling_what_is_not_there(values):
    with pytest.raises(LookupError, match="there is no Name"):
        fill("{Name}", values)


def test_filling_what_is_unknown():
    with pytest.raises(Undecided, match="denied"):
        fill("{Name.Inner}", {"Name": Unknown("denied")})
