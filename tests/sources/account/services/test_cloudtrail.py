"""CloudTrail trails and event data stores."""

from __future__ import annotations

import pytest

from auditor.inventory import Inventory
from auditor.resources.cloudtrail import Trail
from auditor.values import Undecided
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_STORE = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:eventdatastore/e-1"
_TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main"


class TestCloudTrail(Behaviour):
    cases = (
        Case(
            "AWS::CloudTrail::EventDataStore",
            _STORE,
            "ListEventDataStores",
            {
                "ListEventDataStores": {"EventDataStores": [{"EventDataStoreArn": _STORE, "Name": "lake"}]},
                "GetEventDataStore": {"EventDataStoreArn": _STORE, "Status": "ENABLED", "KmsKeyId": "k-1"},
            },
            {"KmsKeyId": "k-1"},
            token="NextToken",
            gone={"GetEventDataStore": "EventDataStoreNotFoundException"},
            needs=("EventDataStoreArn",),
            title="lake",
        ),
        Case(
            "AWS::CloudTrail::Trail",
            _TRAIL,
            "DescribeTrails",
            {
                "DescribeTrails": {
                    "trailList": [
                        {
                            "Name": "main",
                            "TrailARN": _TRAIL,
                            "IsMultiRegionTrail": True,
                            "HomeRegion": REGION,
                            "HasInsightSelectors": True,
                        }
                    ]
                },
                "GetEventSelectors": {"EventSelectors": [{"ReadWriteType": "All"}]},
                "GetInsightSelectors": {"InsightSelectors": [{"InsightType": "ApiErrorRateInsight"}]},
                "GetTrailStatus": {"IsLogging": True},
            },
            {"IsLogging": True, "InsightSelectors": [{"InsightType": "ApiErrorRateInsight"}]},
            needs=("Name", "TrailARN"),
            title="main",
        ),
    )


@pytest.fixture
def trail(aws):
    """A trail without insights."""
    aws("s3").create_bucket(Bucket="trails")
    cloudtrail = aws("cloudtrail")
    cloudtrail.create_trail(Name="main", S3BucketName="trails", IsMultiRegionTrail=True)
    return cloudtrail


def test_a_deleted_store_is_left_out(moto, scripted):
    store = {"EventDataStoreArn": _STORE, "Name": "lake", "Status": "PENDING_DELETION"}
    scripted({"ListEventDataStores": {"EventDataStores": [store]}, "GetEventDataStore": store})
    assert scan("AWS::CloudTrail::EventDataStore").raws == []


def test_moto(trail):
    trail.put_event_selectors(
        TrailName="main",
        EventSelectors=[
            {
                "ReadWriteType": "All",
                "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
            }
        ],
    )
    (found,) = Inventory(scan("AWS::CloudTrail::Trail")).of(Trail)
    assert found.s3_bucket_name == "trails"
    assert (found.kms_key_id, found.cloud_watch_logs_log_group_arn, found.sns_topic_name) == (None, None, None)
    assert [data.type for data in found.event_selectors[0].data_resources] == ["AWS::S3::Object"]


def test_insights_are_not_asked_where_the_trail_has_none(trail):
    found = scan("AWS::CloudTrail::Trail")
    assert "cloudtrail:GetInsightSelectors" not in found.calls
    (without,) = Inventory(found).of(Trail)
    assert without.insight_selectors == ()


def test_denied_insights_are_not_missing_ones(moto, scripted):
    scripted({**TestCloudTrail.cases[1].answers, "GetInsightSelectors": "AccessDeniedException"})
    (found,) = Inventory(scan("AWS::CloudTrail::Trail")).of(Trail)
    with pytest.raises(Undecided, match="GetInsightSelectors was denied"):
        _ = found.insight_selectors
