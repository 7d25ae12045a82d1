"""EFS file systems, mount targets and access points."""

from __future__ import annotations

import json

from auditor.inventory import Inventory
from auditor.resources.efs import AccessPoint, FileSystem, MountTarget
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}"
_POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
_FILE_SYSTEMS = {
    "FileSystems": [
        {
            "OwnerId": ACCOUNT,
            "CreationToken": "a",
            "FileSystemId": "fs-1",
            "CreationTime": "2025-01-03T20:54:22Z",
            "LifeCycleState": "available",
            "Name": "datasets",
            "NumberOfMountTargets": 1,
            "SizeInBytes": {"Value": 6144, "ValueInStandard": 4096},
            "PerformanceMode": "generalPurpose",
            "Tags": [{"Key": "Name", "Value": "datasets"}],
        }
    ]
}

# botocore has them as required.
_REQUIRED = (
    "CreationTime",
    "CreationToken",
    "FileSystemId",
    "Key",
    "LifeCycleState",
    "NumberOfMountTargets",
    "OwnerId",
    "PerformanceMode",
    "SizeInBytes",
    "Status",
    "Tags",
    "Value",
)


class TestEfs(Behaviour):
    cases = (
        Case(
            "AWS::EFS::FileSystem",
            f"{_ARN}:file-system/fs-1",
            "DescribeFileSystems",
            {
                "DescribeFileSystems": _FILE_SYSTEMS,
                "DescribeFileSystemPolicy": {"FileSystemId": "fs-1", "Policy": _POLICY},
                "DescribeBackupPolicy": {"BackupPolicy": {"Status": "ENABLED"}},
                "DescribeLifecycleConfiguration": {"LifecyclePolicies": [{"TransitionToIA": "AFTER_7_DAYS"}]},
            },
            {
                "FileSystemPolicy": _POLICY,
                "BackupPolicy": {"Status": "ENABLED"},
                "LifecyclePolicies": [{"TransitionToIA": "AFTER_7_DAYS"}],
            },
            token="NextMarker",
            gone=dict.fromkeys(
                ("DescribeFileSystemPolicy", "DescribeBackupPolicy", "DescribeLifecycleConfiguration"),
                "FileSystemNotFound",
            ),
            needs=_REQUIRED,
            title="fs-1",
        ),
        Case(
            "AWS::EFS::MountTarget",
            f"{_ARN}:mount-target/fsmt-0123456789",
            "DescribeFileSystems",
            {
                "DescribeFileSystems": _FILE_SYSTEMS,
                "DescribeMountTargets": {
                    "MountTargets": [
                        {
                            "MountTargetId": "fsmt-0123456789",
                            "FileSystemId": "fs-1",
                            "SubnetId": "subnet-01234567",
                            "LifeCycleState": "available",
                            "AvailabilityZoneName": "us-east-1d",
                        }
                    ]
                },
            },
            {"SubnetId": "subnet-01234567", "AvailabilityZoneName": "us-east-1d"},
            token="NextMarker",
            gone={"DescribeMountTargets": "FileSystemNotFound"},
            needs=(*_REQUIRED, "MountTargetId", "SubnetId"),
        ),
        Case(
            "AWS::EFS::AccessPoint",
            f"{_ARN}:access-point/fsap-1",
            "DescribeAccessPoints",
            {
                "DescribeAccessPoints": {
                    "AccessPoints": [
                        {
                            "AccessPointId": "fsap-1",
                            "AccessPointArn": f"{_ARN}:access-point/fsap-1",
                            "FileSystemId": "fs-1",
                            "PosixUser": {"Uid": 1000, "Gid": 1000},
                            "RootDirectory": {"Path": "/jobs"},
                            "LifeCycleState": "available",
                        }
                    ]
                }
            },
            {"RootDirectory": {"Path": "/jobs"}},
            token="NextToken",
            needs=("AccessPointArn", "Uid", "Gid"),
        ),
    )


def test_what_moto_has(aws):
    efs = aws("efs")
    plain = efs.create_file_system(CreationToken="plain")["FileSystemId"]
    whole = efs.create_file_system(
        CreationToken="whole", Encrypted=True, KmsKeyId="key-1", Backup=True, Tags=[{"Key": "team", "Value": "ml"}]
    )["FileSystemId"]
    efs.put_lifecycle_configuration(FileSystemId=whole, LifecyclePolicies=[{"TransitionToIA": "AFTER_30_DAYS"}])
    efs.put_file_system_policy(FileSystemId=whole, Policy=_POLICY)
    efs.create_access_point(ClientToken="a", FileSystemId=whole, PosixUser={"Uid": 7, "Gid": 7})
    ec2 = aws("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]
    efs.create_mount_target(FileSystemId=whole, SubnetId=subnet["SubnetId"])

    found = scan("AWS::EFS::FileSystem", "AWS::EFS::MountTarget", "AWS::EFS::AccessPoint")
    assert (found.gaps, found.notices) == ([], [])
    assert found.calls["efs:DescribeFileSystems"] == 1
    inventory = Inventory(found)
    systems = {one.title: one for one in inventory.of(FileSystem)}
    assert (systems[plain].encrypted, systems[plain].file_system_policy) == (False, None)
    assert (systems[plain].lifecycle_policies, systems[plain].backup_status) == ((), None)
    one = systems[whole]
    assert (one.encrypted, one.kms_key_id, one.backup_status) == (True, "key-1", "ENABLED")
    assert one.file_system_policy is not None
    assert [rule.transition_to_ia for rule in one.lifecycle_policies] == ["AFTER_30_DAYS"]
    assert one.tags.get("team") == "ml"
    (point,) = inventory.of(AccessPoint)
    assert point.posix_user is not None
    assert (point.posix_user.uid, point.root_directory) == ("7", "/")
    (target,) = inventory.of(MountTarget)
    assert (target.subnet_id, target.file_system_id) == (subnet["SubnetId"], whole)
    assert target.availability_zone_name == subnet["AvailabilityZone"]


def test_a_file_system_on_its_way_out_is_left_out(moto, scripted):
    leaving = {**_FILE_SYSTEMS["FileSystems"][0], "LifeCycleState": "deleting"}
    scripted(
        {
            "DescribeFileSystems": {"FileSystems": [leaving]},
            "DescribeFileSystemPolicy": "PolicyNotFound",
            "DescribeBackupPolicy": "PolicyNotFound",
            "DescribeLifecycleConfiguration": {"LifecyclePolicies": []},
        }
    )
    assert scan("AWS::EFS::FileSystem").raws == []
