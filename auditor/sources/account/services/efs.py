"""EFS: file systems, mount targets, access points."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

_FILE_SYSTEMS = Listing("DescribeFileSystems", "FileSystems", shared=True)
_ID = {"FileSystemId": "{FileSystemId}"}
_GONE = ("FileSystemNotFound",)
_LEAVING = "LifeCycleState=='deleting' || LifeCycleState=='deleted'"

regular(
    "efs",
    "AWS::EFS::FileSystem",
    _FILE_SYSTEMS,
    more=(
        Call(
            "DescribeFileSystemPolicy",
            "Policy",
            _ID,
            into="FileSystemPolicy",
            absent=("PolicyNotFound",),
            gone=_GONE,
        ),
        Call("DescribeBackupPolicy", "BackupPolicy", _ID, into="BackupPolicy", absent=("PolicyNotFound",), gone=_GONE),
        Call("DescribeLifecycleConfiguration", "LifecyclePolicies", _ID, into="LifecyclePolicies", gone=_GONE),
    ),
    arn="arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{FileSystemId}",
    title="{FileSystemId}",
    names=("{Name}",),
    drop=_LEAVING,
)

regular(
    "efs",
    "AWS::EFS::MountTarget",
    Listing("DescribeMountTargets", "MountTargets", _ID, within=_FILE_SYSTEMS, gone=_GONE),
    arn="arn:{partition}:elasticfilesystem:{region}:{account}:mount-target/{MountTargetId}",
    title="{MountTargetId}",
    drop=_LEAVING,
)

regular(
    "efs",
    "AWS::EFS::AccessPoint",
    Listing("DescribeAccessPoints", "AccessPoints"),
    arn="{AccessPointArn}",
    title="{AccessPointId}",
    names=("{Name}",),
    drop=_LEAVING,
)
