"""RDS: databases and what belongs to them. Neptune and DocumentDB answer here, too, and are left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Call, Listing, regular
from auditor.values import Unknown

_ARN = "arn:{partition}:rds:{region}:{account}:"
_OWN = "[?Engine!='neptune' && Engine!='docdb']"
_INSTANCES = f"DBInstances{_OWN}"
_CLUSTERS = f"DBClusters{_OWN}"

regular(
    "rds",
    "AWS::RDS::DBInstance",
    Listing("DescribeDBInstances", _INSTANCES, shared=True),
    arn=_ARN + "db:{DBInstanceIdentifier}",
    title="{DBInstanceIdentifier}",
    names=("{DbiResourceId}",),
    drop="DBInstanceStatus=='deleting'",
)

regular(
    "rds",
    "AWS::RDS::DBCluster",
    Listing("DescribeDBClusters", _CLUSTERS, shared=True),
    arn=_ARN + "cluster:{DBClusterIdentifier}",
    title="{DBClusterIdentifier}",
    names=("{DbClusterResourceId}",),
    drop="Status=='deleting'",
)


@collector("rds", types=("AWS::RDS::GlobalCluster",), operations=("DescribeGlobalClusters",))
def global_clusters(api: Api) -> Iterator[Raw]:
    """Every global cluster whose writer is here: the other regions of it list it, too."""
    for found in api.pages("DescribeGlobalClusters", f"GlobalClusters{_OWN}"):
        members = found.get("GlobalClusterMembers", ())
        writers = [member["DBClusterArn"] for member in members if member.get("IsWriter") and "DBClusterArn" in member]
        if not writers or writers[0].split(":")[3] == api.region:
            name = found["GlobalClusterIdentifier"]
            yield api.raw("AWS::RDS::GlobalCluster", found["GlobalClusterArn"], found, names=(name,), title=name)


regular(
    "rds",
    "api:RDS::DBInstanceAutomatedBackup",
    Listing("DescribeDBInstanceAutomatedBackups", f"DBInstanceAutomatedBackups{_OWN}"),
    arn="{DBInstanceAutomatedBackupsArn}",
    title="{DBInstanceIdentifier}",
)

regular(
    "rds",
    "AWS::RDS::DBSubnetGroup",
    Listing("DescribeDBSubnetGroups", "DBSubnetGroups"),
    arn="{DBSubnetGroupArn}",
    title="{DBSubnetGroupName}",
    reshape=lambda group: {**group, "SubnetIds": [one.get("SubnetIdentifier") for one in group.get("Subnets", ())]},
)

# Only what somebody set: the defaults follow from the family, and a default group has nothing else.
_SET = "Parameters[].{ParameterName: ParameterName, ParameterValue: ParameterValue}"

for _of, _listing, _describing in (
    ("DB", "DescribeDBParameterGroups", "DescribeDBParameters"),
    ("DBCluster", "DescribeDBClusterParameterGroups", "DescribeDBClusterParameters"),
):
    _group = f"{_of}ParameterGroup"
    regular(
        "rds",
        f"AWS::RDS::{_group}",
        Listing(_listing, f"{_group}s"),
        more=(
            Call(
                _describing,
                _SET,
                {f"{_group}Name": f"{{{_group}Name}}", "Source": "user"},
                into="Parameters",
                gone=("DBParameterGroupNotFound",),
                pages=True,
                when=f"!starts_with({_group}Name, 'default.')",
            ),
        ),
        arn=f"{{{_group}Arn}}",
        title=f"{{{_group}Name}}",
    )

regular(
    "rds",
    "AWS::RDS::DBProxy",
    Listing("DescribeDBProxies", "DBProxies"),
    arn="{DBProxyArn}",
    title="{DBProxyName}",
    drop="Status=='deleting'",
)


def _sharing(snapshot: dict[str, Any]) -> Mapping[str, Any]:
    """Who an encrypted snapshot is shared with is not asked, as it cannot be everyone."""
    if snapshot.get("Encrypted") or snapshot.get("StorageEncrypted"):
        snapshot["SharedAccounts"] = Unknown("an encrypted snapshot is never public, so it was not asked for more")
    return snapshot


for _of, _type, _encrypted, _kind in (
    ("DBSnapshot", "AWS::RDS::DBSnapshot", "Encrypted", "snapshot"),
    ("DBClusterSnapshot", "AWS::RDS::ClusterSnapshot", "StorageEncrypted", "cluster-snapshot"),
):
    regular(
        "rds",
        _type,
        Listing(f"Describe{_of}s", f"{_of}s{_OWN}", {"SnapshotType": "manual"}),
        more=(
            Call(
                f"Describe{_of}Attributes",
                f"{_of}AttributesResult.{_of}Attributes[?AttributeName=='restore'].AttributeValues[]",
                {f"{_of}Identifier": f"{{{_of}Identifier}}"},
                into="SharedAccounts",
                gone=(f"{_of}NotFound", f"{_of}NotFoundFault"),
                when=f"!{_encrypted}",
            ),
        ),
        arn=f"{_ARN}{_kind}:{{{_of}Identifier}}",
        title=f"{{{_of}Identifier}}",
        reshape=_sharing,
    )

regular(
    "rds",
    "AWS::RDS::EventSubscription",
    Listing("DescribeEventSubscriptions", "EventSubscriptionsList"),
    arn="{EventSubscriptionArn}",
    title="{CustSubscriptionId}",
)

regular(
    "rds",
    "api:RDS::ReservedDBInstance",
    Listing("DescribeReservedDBInstances", "ReservedDBInstances"),
    arn="{ReservedDBInstanceArn}",
    title="{ReservedDBInstanceId}",
)

regular(
    "rds",
    "api:RDS::Certificate",
    Listing("DescribeCertificates", "Certificates"),
    arn="{CertificateArn}",
    title="{CertificateIdentifier}",
)


@collector(
    "rds",
    types=("api:RDS::DBEngineVersion", "api:RDS::DBMajorEngineVersion"),
    operations=("DescribeDBInstances", "DescribeDBClusters"),
    details={
        "DescribeDBEngineVersions": ("api:RDS::DBEngineVersion",),
        "DescribeDBMajorEngineVersions": ("api:RDS::DBMajorEngineVersion",),
    },
)
def engine_versions(api: Api) -> Iterator[Raw]:
    """The versions that databases here run, and until when each engine's major versions are supported.

    AWS has no ARNs for them; these are made up to be unique and stable.
    """
    used = dict.fromkeys(
        (found["Engine"], found["EngineVersion"])
        for operation, key in (("DescribeDBInstances", _INSTANCES), ("DescribeDBClusters", _CLUSTERS))
        for found in api.pages(operation, key, shared=True)
    )
    prefix = f"arn:{api.partition}:rds:{api.region}:{api.account}:engine"

    def described(version: tuple[str, str]) -> Any:
        engine, number = version
        return api.ask(
            "DescribeDBEngineVersions",
            "DBEngineVersions[0]",
            types=("api:RDS::DBEngineVersion",),
            resource=f"{engine} {number}",
            Engine=engine,
            EngineVersion=number,
            IncludeAll=True,
        )

    for (engine, number), found in zip(used, api.each(described, used), strict=True):
        if isinstance(found, Mapping):
            name = f"{engine} {number}"
            yield api.raw("api:RDS::DBEngineVersion", f"{prefix}/{engine}/{number}", found, names=(name,), title=name)
    for engine in dict.fromkeys(engine for engine, _ in used):
        majors = api.ask_all(
            "DescribeDBMajorEngineVersions",
            "DBMajorEngineVersions",
            types=("api:RDS::DBMajorEngineVersion",),
            Engine=engine,
        )
        for major in () if isinstance(majors, Unknown) else majors:
            name = f"{engine} {major['MajorEngineVersion']}"
            arn = f"{prefix}/{engine}/major/{major['MajorEngineVersion']}"
            yield api.raw("api:RDS::DBMajorEngineVersion", arn, major, names=(name,), title=name)
