"""EFS: file systems, how they are mounted."""

from typing import Annotated

from auditor.policy import Policy
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part
from auditor.resources.tags import Tags


class LifecyclePolicy(Struct):
    """When files that nobody reads move to a cheaper class, such as `AFTER_30_DAYS`."""

    transition_to_ia: Annotated[str | None, From(cfn="TransitionToIA", live="TransitionToIA")] = None
    transition_to_archive: str | None = None


class FileSystem(Resource, cfn="AWS::EFS::FileSystem", tf="aws_efs_file_system"):
    """A file system (EFS DescribeFileSystems)."""

    encrypted: bool = False
    kms_key_id: str | None = None
    availability_zone_name: str | None = None
    file_system_policy: Annotated[
        Policy | None, From(tf=NOWHERE), Part("aws_efs_file_system_policy", "file_system_id", "policy")
    ] = None
    # None: AWS backs up a file system in one zone, and no other.
    backup_status: Annotated[
        str | None,
        From(cfn="BackupPolicy.Status", tf=NOWHERE, live="BackupPolicy.Status"),
        Part("aws_efs_backup_policy", "file_system_id", "backup_policy.status"),
    ] = None
    lifecycle_policies: Annotated[tuple[LifecyclePolicy, ...], From(tf="lifecycle_policy")] = ()
    standard_bytes: Annotated[int, From(cfn=None, tf=None, live="SizeInBytes.ValueInStandard")]
    tags: Annotated[Tags, From(cfn="FileSystemTags")] = Tags({})


class MountTarget(Resource, cfn="AWS::EFS::MountTarget", tf="aws_efs_mount_target"):
    """Where a file system can be mounted: one in a zone."""

    file_system_id: str
    subnet_id: str
    availability_zone_name: Annotated[str, From(cfn=None, tf=None)]


class PosixUser(Struct):
    """The user that all clients of an access point become."""

    uid: str


class AccessPoint(Resource, cfn="AWS::EFS::AccessPoint", tf="aws_efs_access_point"):
    """An entry into a file system."""

    root_directory: Annotated[
        str, From(cfn="RootDirectory.Path", tf="root_directory.path", live="RootDirectory.Path")
    ] = "/"
    posix_user: PosixUser | None = None
