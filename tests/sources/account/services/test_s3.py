"""S3: what is asked about buckets, what they hold, access points, directory buckets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from auditor.inventory import Inventory
from auditor.resources.s3 import (
    AccessPoint,
    Bucket,
    BucketContents,
    DirectoryBucket,
    MultiRegionAccessPoint,
    PredictableName,
)
from auditor.values import Undecided
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, one, scan

_POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
_THEN = datetime(2026, 1, 1, tzinfo=UTC)
_BLOCK = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": False,
    "RestrictPublicBuckets": True,
}
_BUCKETS = {"Buckets": [{"Name": "lake", "BucketRegion": REGION}]}
_EVERYONE = {
    "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
    "Permission": "READ",
}
_RULE = {
    "ID": "tmp",
    "Status": "Enabled",
    "Filter": {"And": {"Prefix": "tmp/", "Tags": [{"Key": "a", "Value": "b"}]}},
    "Expiration": {"Days": 7},
    "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
    "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
}
_BUCKET: dict[str, Any] = {
    "ListBuckets": _BUCKETS,
    "GetPublicAccessBlock": {"PublicAccessBlockConfiguration": _BLOCK},
    "GetBucketPolicy": {"Policy": _POLICY},
    "GetBucketEncryption": {
        "ServerSideEncryptionConfiguration": {
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "key"}}]
        }
    },
    "GetBucketVersioning": {"Status": "Enabled", "MFADelete": "Enabled"},
    "GetBucketLogging": {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": ""}},
    "GetBucketLifecycleConfiguration": {"Rules": [_RULE]},
    "GetObjectLockConfiguration": {
        "ObjectLockConfiguration": {
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}},
        }
    },
    "GetBucketNotificationConfiguration": {
        "EventBridgeConfiguration": {},
        "QueueConfigurations": [{"Id": "q", "QueueArn": "arn:aws:sqs:x", "Events": ["s3:ObjectCreated:*"]}],
    },
    "GetBucketReplication": {
        "ReplicationConfiguration": {
            "Role": "role",
            "Rules": [{"ID": "r", "Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::copy"}}],
        }
    },
    "GetBucketWebsite": {"IndexDocument": {"Suffix": "index.html"}},
    "ListBucketIntelligentTieringConfigurations": {
        "IsTruncated": False,
        "IntelligentTieringConfigurationList": [
            {"Id": "t", "Status": "Enabled", "Tierings": [{"Days": 99, "AccessTier": "ARCHIVE_ACCESS"}]}
        ],
    },
    "GetBucketOwnershipControls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
    "GetBucketAcl": {"Owner": {"ID": "me"}, "Grants": [_EVERYONE]},
    "GetResources": {"ResourceTagMappingList": [{"ResourceARN": "arn:aws:s3:::lake", "Tags": []}]},
}
_CONTENTS: dict[str, Any] = {
    "ListBuckets": _BUCKETS,
    "ListObjectsV2": {
        "CommonPrefixes": [{"Prefix": "raw/"}, {"Prefix": "tmp/"}],
        "Contents": [{"Key": "readme", "Size": 1}],
    },
    "ListObjectVersions": {"Versions": [{"IsLatest": True, "Size": 5}, {"IsLatest": False, "Size": 7}]},
    "ListMultipartUploads": {"Uploads": [{"Key": "big", "UploadId": "u", "Initiated": _THEN}]},
    "GetBucketOwnershipControls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
    "GetObjectAcl": {"Grants": [_EVERYONE]},
}
# What else botocore requires of the above.
_REQUIRED = (
    "AccessTier",
    "Bucket",
    "Days",
    "Destination",
    "Events",
    "Id",
    "Key",
    "Mode",
    "ObjectOwnership",
    "QueueArn",
    "Role",
    "Rules",
    "SSEAlgorithm",
    "Status",
    "Suffix",
    "TargetBucket",
    "TargetPrefix",
    "Tierings",
    "Type",
    "Value",
)


def _gone(answers: dict[str, Any], *others: str) -> dict[str, str]:
    """Every operation about a bucket may find it gone."""
    return dict.fromkeys(set(answers) - {"ListBuckets", "GetResources", *others}, "NoSuchBucket")


class TestS3(Behaviour):
    cases = (
        Case(
            "AWS::S3::Bucket",
            "arn:aws:s3:::lake",
            "ListBuckets",
            _BUCKET,
            {"BucketName": "lake", "ObjectOwnership": "ObjectWriter", "Grants": [_EVERYONE]},
            token="ContinuationToken",
            gone=_gone(_BUCKET),
            needs=("Name", "BucketRegion", "ResourceARN", "Tags", *_REQUIRED),
            title="lake",
        ),
        Case(
            "api:S3::BucketContents",
            "arn:aws:s3:::lake",
            "ListBuckets",
            _CONTENTS,
            {
                "Prefixes": ["raw/", "tmp/"],
                "NoncurrentBytes": 7,
                "IncompleteUploads": [_THEN],
                "ObjectGrants": [_EVERYONE],
            },
            token="ContinuationToken",
            gone=_gone(_CONTENTS, "GetObjectAcl"),
            needs=("Name", "BucketRegion", *_REQUIRED),
            title="lake",
        ),
        Case(
            "AWS::S3::AccessPoint",
            f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/team",
            "ListAccessPoints",
            {
                "ListAccessPoints": {
                    "AccessPointList": [{"Name": "team", "NetworkOrigin": "Internet", "Bucket": "lake"}]
                },
                "GetAccessPoint": {"Name": "team", "Bucket": "lake", "PublicAccessBlockConfiguration": _BLOCK},
                "GetAccessPointPolicy": {"Policy": _POLICY},
            },
            {"PublicAccessBlockConfiguration": _BLOCK, "Policy": _POLICY},
            token="NextToken",
            gone=dict.fromkeys(("GetAccessPoint", "GetAccessPointPolicy"), "NoSuchAccessPoint"),
            needs=("Name", "NetworkOrigin", "Bucket"),
            title="team",
        ),
        Case(
            "AWS::S3::MultiRegionAccessPoint",
            f"arn:aws:s3::{ACCOUNT}:accesspoint/mfzwi23gnjvgw.mrap",
            "ListMultiRegionAccessPoints",
            {
                "ListMultiRegionAccessPoints": {
                    "AccessPoints": [{"Name": "everywhere", "Alias": "mfzwi23gnjvgw.mrap", "PublicAccessBlock": _BLOCK}]
                },
                "GetMultiRegionAccessPointPolicy": {"Policy": {"Established": {"Policy": _POLICY}}},
            },
            {"PublicAccessBlock": _BLOCK, "Policy": _POLICY},
            token="NextToken",
            gone={"GetMultiRegionAccessPointPolicy": "NoSuchMultiRegionAccessPoint"},
            needs=("Name",),
            title="everywhere",
        ),
        Case(
            "AWS::S3Express::DirectoryBucket",
            f"arn:aws:s3express:{REGION}:{ACCOUNT}:bucket/fast--use1-az4--x-s3",
            "ListDirectoryBuckets",
            {
                "ListDirectoryBuckets": {"Buckets": [{"Name": "fast--use1-az4--x-s3"}]},
                "GetBucketLifecycleConfiguration": {"Rules": [{"ID": "a", "Status": "Enabled"}]},
            },
            {"LifecycleConfiguration": {"Rules": [{"ID": "a", "Status": "Enabled"}]}},
            token="ContinuationToken",
            gone={"GetBucketLifecycleConfiguration": "NoSuchBucket"},
            needs=("Name", "Status"),
        ),
    )

    def test_the_fields_of_a_bucket(self, scripted) -> None:
        scripted(_BUCKET)
        (bucket,) = Inventory(scan("AWS::S3::Bucket")).of(Bucket)
        assert bucket.object_lock_enabled
        assert bucket.object_lock_retention is not None
        assert (bucket.object_lock_retention.mode, bucket.object_lock_retention.days) == ("COMPLIANCE", 365)
        assert bucket.notifications is not None
        assert (bucket.notifications.event_bridge, bucket.notifications.topics) == (True, ())
        assert [queue.events for queue in bucket.notifications.queues] == [("s3:ObjectCreated:*",)]
        assert [(rule.status, rule.destination) for rule in bucket.replication_rules] == [
            ("Enabled", "arn:aws:s3:::copy")
        ]
        assert bucket.website == {"IndexDocument": {"Suffix": "index.html"}}
        assert [tiering.status for tiering in bucket.intelligent_tiering] == ["Enabled"]
        assert [(grant.grantee_uri, grant.permission) for grant in bucket.grants] == [
            ("http://acs.amazonaws.com/groups/global/AllUsers", "READ")
        ]
        assert (bucket.object_ownership, bucket.mfa_delete, bucket.bucket_name) == ("ObjectWriter", "Enabled", "lake")

    def test_the_fields_of_a_lifecycle_rule(self, scripted) -> None:
        scripted(_BUCKET)
        (bucket,) = Inventory(scan("AWS::S3::Bucket")).of(Bucket)
        (rule,) = bucket.lifecycle_rules
        assert (rule.prefix, rule.expiration_in_days) == (None, 7)
        assert rule.filter is not None
        assert rule.filter.all_of is not None
        assert (rule.filter.prefix, rule.filter.all_of.prefix) == (None, "tmp/")
        assert [(move.storage_class, move.days) for move in rule.transitions] == [("GLACIER", 30)]
        assert (rule.noncurrent_days, rule.abort_uploads_after_days) == (90, 3)

    def test_a_bucket_without_anything(self, scripted) -> None:
        nothing = {
            "GetPublicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
            "GetBucketPolicy": "NoSuchBucketPolicy",
            "GetBucketEncryption": "ServerSideEncryptionConfigurationNotFoundError",
            "GetBucketVersioning": {},
            "GetBucketLogging": {},
            "GetBucketLifecycleConfiguration": "NoSuchLifecycleConfiguration",
            "GetObjectLockConfiguration": "ObjectLockConfigurationNotFoundError",
            "GetBucketNotificationConfiguration": {},
            "GetBucketReplication": "ReplicationConfigurationNotFoundError",
            "GetBucketWebsite": "NoSuchWebsiteConfiguration",
            "ListBucketIntelligentTieringConfigurations": {"IsTruncated": False},
            "GetBucketOwnershipControls": "OwnershipControlsNotFoundError",
        }
        scripted({**_BUCKET, **nothing})
        found = scan("AWS::S3::Bucket")
        assert (found.gaps, found.notices) == ([], [])
        (bucket,) = Inventory(found).of(Bucket)
        assert (bucket.object_lock_enabled, bucket.object_lock_retention, bucket.website) == (False, None, None)
        assert bucket.notifications is not None
        assert not bucket.notifications.event_bridge
        assert (bucket.notifications.functions, bucket.notifications.queues) == ((), ())
        assert (bucket.replication_rules, bucket.intelligent_tiering, bucket.mfa_delete) == ((), (), None)
        # A bucket that never chose is older than the present default, and has ACLs.
        assert (bucket.object_ownership, len(bucket.grants)) == ("ObjectWriter", 1)

    def test_a_bucket_without_acls_is_not_asked_for_them(self, scripted) -> None:
        enforced = {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}
        scripted({**_BUCKET, **_CONTENTS, "GetBucketOwnershipControls": enforced})
        found = scan("AWS::S3::Bucket", "api:S3::BucketContents")
        assert {"s3:GetBucketAcl", "s3:GetObjectAcl"}.isdisjoint(found.calls)
        assert one(found, "AWS::S3::Bucket").properties["Grants"] == []
        assert one(found, "api:S3::BucketContents").properties["ObjectGrants"] == []

    def test_more_pages_of_tiering_configurations(self, scripted) -> None:
        answer = _BUCKET["ListBucketIntelligentTieringConfigurations"]
        first = {**answer, "IsTruncated": True, "NextContinuationToken": "more"}
        scripted({**_BUCKET, "ListBucketIntelligentTieringConfigurations": [first, answer]})
        (bucket,) = Inventory(scan("AWS::S3::Bucket")).of(Bucket)
        assert len(bucket.intelligent_tiering) == 2

    def test_the_fields_of_contents(self, scripted) -> None:
        asked = []

        def objects(params):
            asked.append({key: value for key, value in params.items() if key in ("Delimiter", "MaxKeys")})
            return _CONTENTS["ListObjectsV2"]

        scripted({**_CONTENTS, "ListObjectsV2": objects})
        (contents,) = Inventory(scan("api:S3::BucketContents")).of(BucketContents)
        assert asked == [{"Delimiter": "/"}, {"MaxKeys": 10}]
        assert (contents.bucket, contents.prefixes, contents.noncurrent_bytes) == ("lake", ("raw/", "tmp/"), 7)
        assert contents.incomplete_uploads == (_THEN,)
        assert [grant.permission for grant in contents.object_grants] == ["READ"]

    def test_a_denied_object_acl_hides_no_public_object(self, scripted) -> None:
        objects = {"Contents": [{"Key": "secret"}, {"Key": "open"}]}
        scripted({**_CONTENTS, "ListObjectsV2": objects, "GetObjectAcl": ["AccessDenied", {"Grants": [_EVERYONE]}]})
        (contents,) = Inventory(scan("api:S3::BucketContents")).of(BucketContents)
        grants = iter(contents.object_grants)
        assert next(grants).permission == "READ"
        with pytest.raises(Undecided, match="s3:GetObjectAcl was denied"):
            next(grants)

    def test_an_object_that_vanished(self, scripted) -> None:
        scripted({**_CONTENTS, "GetObjectAcl": "NoSuchKey"})
        found = scan("api:S3::BucketContents")
        assert (found.gaps, one(found, "api:S3::BucketContents").properties["ObjectGrants"]) == ([], [])

    def test_an_empty_bucket(self, scripted) -> None:
        scripted({**_CONTENTS, "ListObjectsV2": {}, "ListObjectVersions": {}, "ListMultipartUploads": {}})
        found = scan("api:S3::BucketContents")
        assert found.gaps == []
        (contents,) = Inventory(found).of(BucketContents)
        assert (contents.prefixes, contents.noncurrent_bytes, contents.incomplete_uploads) == ((), 0, ())

    def test_access_points_and_directory_buckets(self, scripted) -> None:
        for case in self.cases[2:]:
            scripted(dict(case.answers))
        inventory = Inventory(scan(*(case.type for case in self.cases[2:])))
        (point,) = inventory.of(AccessPoint)
        (everywhere,) = inventory.of(MultiRegionAccessPoint)
        for found in (point, everywhere):
            assert found.public_access_block is not None
            assert found.public_access_block.off() == ("block_public_policy",)
            assert found.policy is not None
        (directory,) = inventory.of(DirectoryBucket)
        assert [rule.status for rule in directory.lifecycle_rules] == ["Enabled"]

    def test_points_without_a_policy(self, scripted) -> None:
        for case in self.cases[2:4]:
            scripted(dict(case.answers))
        scripted({"GetAccessPointPolicy": "NoSuchAccessPointPolicy"})
        scripted({"GetMultiRegionAccessPointPolicy": "NoSuchMultiRegionAccessPointPolicy"})
        found = scan(*(case.type for case in self.cases[2:4]))
        assert found.gaps == []
        assert {type(one.policy) for one in Inventory(found).of(AccessPoint)} == {type(None)}
        assert {type(one.policy) for one in Inventory(found).of(MultiRegionAccessPoint)} == {type(None)}

    def test_a_region_without_directory_buckets(self, scripted) -> None:
        scripted({"ListDirectoryBuckets": "EndpointConnectionError"})
        found = scan("AWS::S3Express::DirectoryBucket")
        assert (found.raws, found.gaps) == ([], [])


class TestPredictableNames:
    @pytest.fixture(autouse=True)
    def in_the_simulated_account(self, moto: None) -> None:
        """No test reaches AWS."""

    def _names(self, found: Any) -> dict[str, bool]:
        return {one.title: one.taken for one in Inventory(found).of(PredictableName)}

    def test_free_taken_and_own(self, scripted) -> None:
        def held(params):
            return "403" if params["Bucket"].startswith("cdk-") else "404"

        own = {"Buckets": [{"Name": f"sagemaker-{REGION}-{ACCOUNT}", "BucketRegion": REGION}]}
        scripted({"ListBuckets": own, "HeadBucket": held})
        found = scan("api:S3::PredictableName")
        assert (found.gaps, found.notices) == ([], [])
        names = self._names(found)
        assert f"sagemaker-{REGION}-{ACCOUNT}" not in names
        assert [name for name, taken in names.items() if taken] == [f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"]
        assert len(names) == 5

    def test_somebody_elses_that_lets_us_in(self, scripted) -> None:
        scripted({"ListBuckets": {"Buckets": []}, "HeadBucket": {}})
        assert set(self._names(scan("api:S3::PredictableName")).values()) == {True}

    def test_no_answer(self, scripted) -> None:
        scripted({"ListBuckets": {"Buckets": []}, "HeadBucket": "500"})
        found = scan("api:S3::PredictableName")
        assert {gap.operation for gap in found.gaps} == {"HeadBucket"}
        with pytest.raises(Undecided, match="s3:HeadBucket failed"):
            self._names(found)

    def test_a_denied_list(self, scripted) -> None:
        scripted({"ListBuckets": "AccessDenied", "HeadBucket": "404"})
        found = scan("api:S3::PredictableName")
        assert found.raws == []
        assert [gap.types for gap in found.gaps] == [("api:S3::PredictableName",)]


def test_what_moto_has(aws):
    s3 = aws("s3")
    s3.create_bucket(Bucket="plain")
    s3.create_bucket(Bucket="whole", ObjectLockEnabledForBucket=True, ObjectOwnership="BucketOwnerEnforced")
    s3.put_bucket_website(Bucket="whole", WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    s3.put_object(Bucket="plain", Key="raw/one", Body=b"1")
    aws("s3control").create_access_point(AccountId=ACCOUNT, Name="team", Bucket="whole")
    found = scan("AWS::S3::Bucket", "AWS::S3::AccessPoint", "api:S3::BucketContents")
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    buckets = {bucket.title: bucket for bucket in inventory.of(Bucket)}
    plain, whole = buckets["plain"], buckets["whole"]
    assert (plain.object_lock_enabled, plain.website, plain.replication_rules) == (False, None, ())
    assert [grant.permission for grant in plain.grants] == ["FULL_CONTROL"]
    assert (whole.object_lock_enabled, whole.object_ownership, whole.grants) == (True, "BucketOwnerEnforced", ())
    assert whole.website is not None
    contents = {one.title: one for one in inventory.of(BucketContents)}
    assert (contents["plain"].prefixes, contents["whole"].prefixes) == (("raw/",), ())
    (point,) = inventory.of(AccessPoint)
    assert (point.bucket, point.title) == ("whole", "team")
