"""RDS: databases, groups, proxies, snapshots, reservations, engine versions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from auditor.inventory import Inventory
from auditor.resources.rds import (
    ClusterSnapshot,
    DBCluster,
    DBClusterParameterGroup,
    DBInstance,
    DBParameterGroup,
    DBProxy,
    DBSnapshot,
    DBSubnetGroup,
    EngineVersion,
    EventSubscription,
    GlobalCluster,
    MajorEngineVersion,
)
from auditor.values import Undecided, Unknown
from tests.builders import raw
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:rds:{REGION}:{ACCOUNT}"
_THEN = datetime(2026, 1, 1, tzinfo=UTC)
_INSTANCE: dict[str, Any] = {
    "DBInstanceIdentifier": "db",
    "DBInstanceArn": f"{_ARN}:db:db",
    "DBInstanceClass": "db.r6g.large",
    "DBInstanceStatus": "available",
    "Engine": "postgres",
    "EngineVersion": "15.4",
    "Endpoint": {"Address": "db.example.com", "Port": 5433},
    "DBSubnetGroup": {"DBSubnetGroupName": "private", "Subnets": [{"SubnetIdentifier": "subnet-1"}]},
    "DBParameterGroups": [{"DBParameterGroupName": "tuned", "ParameterApplyStatus": "in-sync"}],
    "IAMDatabaseAuthenticationEnabled": True,
    "PerformanceInsightsEnabled": True,
    "PerformanceInsightsKMSKeyId": "key",
    "EnabledCloudwatchLogsExports": ["postgresql"],
    "CACertificateIdentifier": "rds-ca-rsa2048-g1",
    "CertificateDetails": {"CAIdentifier": "rds-ca-rsa2048-g1", "ValidTill": _THEN},
    "MultiAZ": True,
    "TagList": [{"Key": "environment", "Value": "dev"}],
}
_CLUSTER: dict[str, Any] = {
    "DBClusterIdentifier": "aurora",
    "DBClusterArn": f"{_ARN}:cluster:aurora",
    "Status": "available",
    "Engine": "aurora-mysql",
    "EngineVersion": "8.0.mysql_aurora.3.04.0",
    "AvailabilityZones": ["us-east-1a", "us-east-1b"],
    "DBClusterParameterGroup": "tuned",
    "BacktrackWindow": 3600,
    "StorageEncrypted": True,
    "ActivityStreamKmsKeyId": "key",
    "TagList": [],
}
_GLOBAL: dict[str, Any] = {
    "GlobalClusterIdentifier": "world",
    "GlobalClusterArn": f"arn:aws:rds::{ACCOUNT}:global-cluster:world",
    "Engine": "aurora-mysql",
    "StorageEncrypted": True,
    "GlobalClusterMembers": [{"DBClusterArn": f"{_ARN}:cluster:aurora", "IsWriter": True}],
}
_SET = [{"ParameterName": "rds.force_ssl", "ParameterValue": "1", "Description": "TLS", "Source": "user"}]
_VERSIONS = {
    "DBEngineVersions": [
        {
            "Engine": "postgres",
            "EngineVersion": "15.4",
            "Status": "deprecated",
            "ValidUpgradeTarget": [{"EngineVersion": "15.7", "AutoUpgrade": True, "IsMajorVersionUpgrade": False}],
        }
    ]
}
_SUPPORT = {
    "LifecycleSupportName": "open-source-rds-standard-support",
    "LifecycleSupportStartDate": _THEN,
    "LifecycleSupportEndDate": _THEN,
}
_ENGINES = {
    "DescribeDBInstances": {"DBInstances": [_INSTANCE]},
    "DescribeDBClusters": {"DBClusters": []},
    "DescribeDBEngineVersions": _VERSIONS,
    "DescribeDBMajorEngineVersions": {
        "DBMajorEngineVersions": [
            {"Engine": "postgres", "MajorEngineVersion": "15", "SupportedEngineLifecycles": [_SUPPORT]}
        ]
    },
}
# botocore has them as required.
_LIFECYCLE = ("LifecycleSupportName", "LifecycleSupportStartDate", "LifecycleSupportEndDate")


def _listed(type: str, operation: str, key: str, item: dict[str, Any], **about: Any) -> Case:
    """A resource that its list tells everything about."""
    return Case(type, item[about.pop("id")], operation, {operation: {key: [item]}}, token="Marker", **about)


class TestRds(Behaviour):
    cases = (
        _listed(
            "AWS::RDS::DBInstance",
            "DescribeDBInstances",
            "DBInstances",
            _INSTANCE,
            id="DBInstanceArn",
            properties={"Engine": "postgres"},
            needs=("DBInstanceIdentifier",),
            title="db",
        ),
        _listed(
            "AWS::RDS::DBCluster",
            "DescribeDBClusters",
            "DBClusters",
            _CLUSTER,
            id="DBClusterArn",
            properties={"BacktrackWindow": 3600},
            needs=("DBClusterIdentifier",),
            title="aurora",
        ),
        _listed(
            "AWS::RDS::GlobalCluster",
            "DescribeGlobalClusters",
            "GlobalClusters",
            _GLOBAL,
            id="GlobalClusterArn",
            properties={"StorageEncrypted": True},
            needs=("GlobalClusterArn", "GlobalClusterIdentifier"),
            title="world",
        ),
        _listed(
            "api:RDS::DBInstanceAutomatedBackup",
            "DescribeDBInstanceAutomatedBackups",
            "DBInstanceAutomatedBackups",
            {
                "DBInstanceAutomatedBackupsArn": f"{_ARN}:auto-backup:ab-1",
                "DBInstanceIdentifier": "db",
                "Region": "eu-west-1",
                "Encrypted": True,
                "KmsKeyId": "key",
            },
            id="DBInstanceAutomatedBackupsArn",
            properties={"KmsKeyId": "key"},
            needs=("DBInstanceAutomatedBackupsArn",),
        ),
        _listed(
            "AWS::RDS::DBSubnetGroup",
            "DescribeDBSubnetGroups",
            "DBSubnetGroups",
            {
                "DBSubnetGroupName": "private",
                "DBSubnetGroupArn": f"{_ARN}:subgrp:private",
                "Subnets": [{"SubnetIdentifier": "subnet-1"}],
            },
            id="DBSubnetGroupArn",
            properties={"SubnetIds": ["subnet-1"]},
            needs=("DBSubnetGroupArn",),
            title="private",
        ),
        Case(
            "AWS::RDS::DBParameterGroup",
            f"{_ARN}:pg:tuned",
            "DescribeDBParameterGroups",
            {
                "DescribeDBParameterGroups": {
                    "DBParameterGroups": [
                        {
                            "DBParameterGroupName": "tuned",
                            "DBParameterGroupArn": f"{_ARN}:pg:tuned",
                            "DBParameterGroupFamily": "postgres15",
                        }
                    ]
                },
                "DescribeDBParameters": {"Parameters": _SET},
            },
            {"Parameters": [{"ParameterName": "rds.force_ssl", "ParameterValue": "1"}]},
            token="Marker",
            gone={"DescribeDBParameters": "DBParameterGroupNotFound"},
            needs=("DBParameterGroupArn", "DBParameterGroupName"),
            title="tuned",
        ),
        Case(
            "AWS::RDS::DBClusterParameterGroup",
            f"{_ARN}:cluster-pg:tuned",
            "DescribeDBClusterParameterGroups",
            {
                "DescribeDBClusterParameterGroups": {
                    "DBClusterParameterGroups": [
                        {
                            "DBClusterParameterGroupName": "tuned",
                            "DBClusterParameterGroupArn": f"{_ARN}:cluster-pg:tuned",
                            "DBParameterGroupFamily": "aurora-mysql8.0",
                        }
                    ]
                },
                "DescribeDBClusterParameters": {"Parameters": _SET},
            },
            {"Parameters": [{"ParameterName": "rds.force_ssl", "ParameterValue": "1"}]},
            token="Marker",
            gone={"DescribeDBClusterParameters": "DBParameterGroupNotFound"},
            needs=("DBClusterParameterGroupArn", "DBClusterParameterGroupName"),
        ),
        _listed(
            "AWS::RDS::DBProxy",
            "DescribeDBProxies",
            "DBProxies",
            {"DBProxyName": "pool", "DBProxyArn": f"{_ARN}:db-proxy:prx-1", "RequireTLS": True, "Status": "available"},
            id="DBProxyArn",
            properties={"RequireTLS": True},
            needs=("DBProxyArn",),
            title="pool",
        ),
        Case(
            "AWS::RDS::DBSnapshot",
            f"{_ARN}:snapshot:s",
            "DescribeDBSnapshots",
            {
                "DescribeDBSnapshots": {
                    "DBSnapshots": [
                        {
                            "DBSnapshotIdentifier": "s",
                            "DBSnapshotArn": f"{_ARN}:snapshot:s",
                            "DBInstanceIdentifier": "db",
                            "Engine": "postgres",
                            "Encrypted": False,
                        }
                    ]
                },
                "DescribeDBSnapshotAttributes": {
                    "DBSnapshotAttributesResult": {
                        "DBSnapshotIdentifier": "s",
                        "DBSnapshotAttributes": [{"AttributeName": "restore", "AttributeValues": ["all"]}],
                    }
                },
            },
            {"SharedAccounts": ["all"]},
            token="Marker",
            gone={"DescribeDBSnapshotAttributes": "DBSnapshotNotFound"},
            needs=("DBSnapshotIdentifier",),
            title="s",
        ),
        Case(
            "AWS::RDS::ClusterSnapshot",
            f"{_ARN}:cluster-snapshot:s",
            "DescribeDBClusterSnapshots",
            {
                "DescribeDBClusterSnapshots": {
                    "DBClusterSnapshots": [
                        {
                            "DBClusterSnapshotIdentifier": "s",
                            "DBClusterSnapshotArn": f"{_ARN}:cluster-snapshot:s",
                            "DBClusterIdentifier": "aurora",
                            "Engine": "aurora-mysql",
                            "StorageEncrypted": False,
                        }
                    ]
                },
                "DescribeDBClusterSnapshotAttributes": {
                    "DBClusterSnapshotAttributesResult": {
                        "DBClusterSnapshotIdentifier": "s",
                        "DBClusterSnapshotAttributes": [{"AttributeName": "restore", "AttributeValues": []}],
                    }
                },
            },
            {"SharedAccounts": []},
            token="Marker",
            gone={"DescribeDBClusterSnapshotAttributes": "DBClusterSnapshotNotFoundFault"},
            needs=("DBClusterSnapshotIdentifier",),
        ),
        _listed(
            "AWS::RDS::EventSubscription",
            "DescribeEventSubscriptions",
            "EventSubscriptionsList",
            {
                "CustSubscriptionId": "critical",
                "EventSubscriptionArn": f"{_ARN}:es:critical",
                "SourceType": "db-instance",
                "EventCategoriesList": ["failure"],
                "Enabled": True,
            },
            id="EventSubscriptionArn",
            properties={"EventCategoriesList": ["failure"]},
            needs=("EventSubscriptionArn",),
            title="critical",
        ),
        _listed(
            "api:RDS::ReservedDBInstance",
            "DescribeReservedDBInstances",
            "ReservedDBInstances",
            {
                "ReservedDBInstanceId": "ri",
                "ReservedDBInstanceArn": f"{_ARN}:ri:ri",
                "DBInstanceClass": "db.r6g.large",
                "DBInstanceCount": 2,
                "State": "active",
            },
            id="ReservedDBInstanceArn",
            properties={"State": "active"},
            needs=("ReservedDBInstanceArn",),
        ),
        _listed(
            "api:RDS::Certificate",
            "DescribeCertificates",
            "Certificates",
            {"CertificateIdentifier": "rds-ca-2019", "CertificateArn": "arn:aws:rds:us-east-1::cert:rds-ca-2019"},
            id="CertificateArn",
            properties={},
            needs=("CertificateArn",),
            title="rds-ca-2019",
        ),
    )

    def test_the_fields_of_an_instance(self, scripted) -> None:
        scripted({"DescribeDBInstances": {"DBInstances": [_INSTANCE]}})
        (one,) = Inventory(scan("AWS::RDS::DBInstance")).of(DBInstance)
        assert (one.db_instance_class, one.engine, one.engine_version) == ("db.r6g.large", "postgres", "15.4")
        assert (one.port, one.db_subnet_group_name, one.db_parameter_group_name) == (5433, "private", "tuned")
        assert (one.multi_az, one.enable_iam_database_authentication) == (True, True)
        assert (one.enable_performance_insights, one.performance_insights_kms_key_id) == (True, "key")
        assert one.enable_cloudwatch_logs_exports == ("postgresql",)
        assert (one.ca_certificate_identifier, one.certificate_valid_till) == ("rds-ca-rsa2048-g1", _THEN)
        assert (one.storage_encrypted, one.publicly_accessible) == (False, None)
        assert (one.status, one.tags.get("environment")) == ("available", "dev")

    def test_the_fields_of_a_cluster(self, scripted) -> None:
        scripted({"DescribeDBClusters": {"DBClusters": [_CLUSTER]}})
        (one,) = Inventory(scan("AWS::RDS::DBCluster")).of(DBCluster)
        assert (one.backtrack_window, one.db_cluster_parameter_group_name) == (3600, "tuned")
        assert one.availability_zones == ("us-east-1a", "us-east-1b")
        assert (one.storage_encrypted, one.activity_stream_kms_key_id) == (True, "key")

    def test_other_services_and_what_is_being_deleted_are_left_out(self, scripted) -> None:
        scripted(
            {
                "DescribeDBInstances": {
                    "DBInstances": [
                        {**_INSTANCE, "Engine": "neptune"},
                        {**_INSTANCE, "Engine": "docdb"},
                        {**_INSTANCE, "DBInstanceStatus": "deleting"},
                    ]
                }
            }
        )
        assert scan("AWS::RDS::DBInstance").raws == []

    def test_a_global_cluster_is_its_writers(self, scripted) -> None:
        elsewhere = [{"DBClusterArn": f"arn:aws:rds:eu-west-1:{ACCOUNT}:cluster:aurora", "IsWriter": True}]
        scripted({"DescribeGlobalClusters": {"GlobalClusters": [{**_GLOBAL, "GlobalClusterMembers": elsewhere}]}})
        assert scan("AWS::RDS::GlobalCluster").raws == []

    def test_an_encrypted_snapshot_is_not_asked_about(self, scripted) -> None:
        (case,) = (case for case in self.cases if case.type == "AWS::RDS::DBSnapshot")
        (listed,) = case.answers["DescribeDBSnapshots"]["DBSnapshots"]
        scripted({"DescribeDBSnapshots": {"DBSnapshots": [{**listed, "Encrypted": True}]}})
        found = scan("AWS::RDS::DBSnapshot")
        assert "rds:DescribeDBSnapshotAttributes" not in found.calls
        (snapshot,) = Inventory(found).of(DBSnapshot)
        assert snapshot.encrypted
        with pytest.raises(Undecided, match="never public"):
            _ = snapshot.shared_accounts

    def test_a_default_group_is_not_asked_for_parameters(self, scripted) -> None:
        group = {
            "DBParameterGroupName": "default.postgres15",
            "DBParameterGroupArn": f"{_ARN}:pg:default.postgres15",
            "DBParameterGroupFamily": "postgres15",
        }
        scripted({"DescribeDBParameterGroups": {"DBParameterGroups": [group]}})
        found = scan("AWS::RDS::DBParameterGroup")
        assert "rds:DescribeDBParameters" not in found.calls
        (one,) = Inventory(found).of(DBParameterGroup)
        assert (one.family, one.parameters.get("rds.force_ssl")) == ("postgres15", None)

    def test_only_parameters_that_somebody_set_are_asked_for(self, scripted) -> None:
        (case,) = (case for case in self.cases if case.type == "AWS::RDS::DBClusterParameterGroup")
        asked = []

        def parameters(params):
            asked.append(params)
            return {"Parameters": _SET}

        scripted({**case.answers, "DescribeDBClusterParameters": parameters})
        (group,) = Inventory(scan(case.type)).of(DBClusterParameterGroup)
        assert asked == [{"DBClusterParameterGroupName": "tuned", "Source": "user"}]
        assert group.parameters.get("rds.force_ssl") == "1"


class TestEngineVersions:
    types = ("api:RDS::DBEngineVersion", "api:RDS::DBMajorEngineVersion")

    @pytest.fixture(autouse=True)
    def in_the_simulated_account(self, moto: None) -> None:
        """No test reaches AWS."""

    def test_of_the_databases_here(self, scripted) -> None:
        scripted(_ENGINES)
        found = scan(*self.types)
        assert (found.gaps, found.notices) == ([], [])
        inventory = Inventory(found)
        version = inventory.get(EngineVersion, "postgres 15.4")
        assert version is not None
        assert version.status == "deprecated"
        assert [(target.engine_version, target.auto_upgrade) for target in version.valid_upgrade_targets] == [
            ("15.7", True)
        ]
        major = inventory.get(MajorEngineVersion, "postgres 15")
        assert major is not None
        assert [(period.name, period.end) for period in major.support] == [("open-source-rds-standard-support", _THEN)]

    def test_each_is_asked_once(self, scripted) -> None:
        scripted({**_ENGINES, "DescribeDBInstances": {"DBInstances": [_INSTANCE, _INSTANCE]}})
        found = scan("AWS::RDS::DBInstance", *self.types)
        calls = {name: count for name, count in found.calls.items() if name.startswith("rds:")}
        assert calls == {
            "rds:DescribeDBClusters": 1,
            "rds:DescribeDBEngineVersions": 1,
            "rds:DescribeDBInstances": 1,
            "rds:DescribeDBMajorEngineVersions": 1,
        }

    def test_of_no_database(self, scripted) -> None:
        scripted({"DescribeDBInstances": {"DBInstances": []}, "DescribeDBClusters": {"DBClusters": []}})
        found = scan(*self.types)
        assert (found.raws, found.gaps) == ([], [])
        assert "rds:DescribeDBMajorEngineVersions" not in found.calls

    @pytest.mark.parametrize(
        ("operation", "cls", "name"),
        [
            ("DescribeDBEngineVersions", EngineVersion, "postgres 15.4"),
            ("DescribeDBMajorEngineVersions", MajorEngineVersion, "postgres 15"),
        ],
    )
    def test_a_denied_call_makes_no_version_unsupported(self, operation, cls, name, scripted) -> None:
        scripted({**_ENGINES, operation: "AccessDenied"})
        inventory = Inventory(scan(*self.types))
        with pytest.raises(Undecided, match=f"rds:{operation} was denied"):
            inventory.get(cls, name)

    def test_a_version_that_aws_does_not_know(self, scripted) -> None:
        scripted({**_ENGINES, "DescribeDBEngineVersions": {"DBEngineVersions": []}})
        found = scan(*self.types)
        assert found.gaps == []
        assert Inventory(found).get(EngineVersion, "postgres 15.4") is None


@pytest.mark.parametrize(
    ("dialect", "properties"),
    [
        ("cfn", {"Parameters": {"rds.force_ssl": 1}}),
        ("tf", {"parameter": [{"name": "rds.force_ssl", "value": "1"}]}),
        ("live", {"Parameters": [{"ParameterName": "rds.force_ssl", "ParameterValue": "1"}]}),
    ],
)
def test_parameters_in_every_shape(dialect, properties):
    group = DBParameterGroup(raw("AWS::RDS::DBParameterGroup", "tuned", properties, dialect=dialect))
    assert (group.parameters.get("RDS.force_ssl"), group.parameters.get("other")) == ("1", None)


def test_parameters_of_which_one_is_unknown():
    parameters = [Unknown("set elsewhere"), {"name": "rds.force_ssl", "value": "1"}]
    group = DBParameterGroup(raw("aws_db_parameter_group", "tuned", {"parameter": parameters}, dialect="tf"))
    assert group.parameters.get("rds.force_ssl") == "1"
    with pytest.raises(Undecided, match="set elsewhere"):
        group.parameters.get("other")


def test_what_moto_has(aws):
    rds, ec2 = aws("rds"), aws("ec2")
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:2]]
    rds.create_db_subnet_group(DBSubnetGroupName="private", DBSubnetGroupDescription="x", SubnetIds=subnets)
    rds.create_db_parameter_group(DBParameterGroupName="tuned", DBParameterGroupFamily="postgres15", Description="x")
    rds.create_db_instance(
        DBInstanceIdentifier="db",
        DBInstanceClass="db.m5.large",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="boss",
        MasterUserPassword="hunter2hunter2",
        StorageEncrypted=True,
        DeletionProtection=True,
        DBSubnetGroupName="private",
        DBParameterGroupName="tuned",
        Tags=[{"Key": "environment", "Value": "dev"}],
    )
    rds.create_db_cluster(
        DBClusterIdentifier="aurora", Engine="aurora-mysql", MasterUsername="boss", MasterUserPassword="hunter2hunter2"
    )
    rds.create_db_snapshot(DBSnapshotIdentifier="by-hand", DBInstanceIdentifier="db")
    rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier="by-hand", DBClusterIdentifier="aurora")
    rds.modify_db_cluster_snapshot_attribute(
        DBClusterSnapshotIdentifier="by-hand", AttributeName="restore", ValuesToAdd=["all"]
    )
    rds.create_event_subscription(
        SubscriptionName="critical", SnsTopicArn="arn:aws:sns:x", SourceType="db-instance", Enabled=True
    )
    rds.create_db_proxy(
        DBProxyName="pool",
        EngineFamily="POSTGRESQL",
        Auth=[],
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/proxy",
        VpcSubnetIds=subnets,
        RequireTLS=True,
    )
    found = scan(
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBSubnetGroup",
        "AWS::RDS::DBProxy",
        "AWS::RDS::DBSnapshot",
        "AWS::RDS::ClusterSnapshot",
        "AWS::RDS::EventSubscription",
        "AWS::RDS::GlobalCluster",
    )
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    (instance,) = inventory.of(DBInstance)
    assert (instance.storage_encrypted, instance.deletion_protection, instance.multi_az) == (True, True, False)
    assert (instance.master_username, instance.tags.get("environment")) == ("boss", "dev")
    group = inventory.get(DBSubnetGroup, instance.db_subnet_group_name)
    assert group is not None
    assert sorted(group.subnet_ids) == sorted(subnets)
    (cluster,) = inventory.of(DBCluster)
    assert (cluster.engine, cluster.storage_encrypted) == ("aurora-mysql", False)
    (proxy,) = inventory.of(DBProxy)
    assert proxy.require_tls
    (snapshot,) = inventory.of(DBSnapshot)
    assert (snapshot.encrypted, snapshot.db_instance_identifier) == (True, "db")
    (shared,) = inventory.of(ClusterSnapshot)
    assert (shared.encrypted, shared.shared_accounts) == (False, ("all",))
    (subscription,) = inventory.of(EventSubscription)
    assert (subscription.source_type, subscription.enabled) == ("db-instance", True)
    assert inventory.of(GlobalCluster) == []
    assert "hunter2" not in repr(found)
