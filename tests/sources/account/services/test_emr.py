"""EMR: clusters, security configurations, serverless applications."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from auditor.resources.emr import Cluster, SecurityConfiguration, SecuritySettings
from auditor.values import Undecided, Unknown
from tests.sources.account.services.reading import Reading, Reads, noting
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_ARN = f"arn:aws:elasticmapreduce:{REGION}:{ACCOUNT}"
_THEN = "2024-05-01T00:00:00Z"
_LISTED: dict[str, Any] = {
    "Id": "j-1",
    "Name": "etl",
    "ClusterArn": f"{_ARN}:cluster/j-1",
    "Status": {"State": "WAITING", "Timeline": {"CreationDateTime": _THEN}},
}
_CLUSTER = {
    **_LISTED,
    "InstanceCollectionType": "INSTANCE_GROUP",
    "AutoTerminate": False,
    "ReleaseLabel": "emr-6.9.0",
    "SecurityConfiguration": "kms",
    "LogUri": "s3n://logs",
    "Configurations": [{"Classification": "core-site", "Properties": {"fs.defaultFS": "hdfs:///"}}],
    "Ec2InstanceAttributes": {
        "Ec2SubnetId": "subnet-1",
        "EmrManagedMasterSecurityGroup": "sg-1",
        "EmrManagedSlaveSecurityGroup": "sg-2",
        "AdditionalMasterSecurityGroups": ["sg-3"],
    },
    "Tags": [{"Key": "team", "Value": "data"}],
}
_GROUPS = [
    {"InstanceGroupType": "MASTER", "Market": "ON_DEMAND", "InstanceType": "m5.xlarge", "RequestedInstanceCount": 1},
    {"InstanceGroupType": "CORE", "Market": "SPOT", "InstanceType": "r5.xlarge", "RequestedInstanceCount": 4},
    {"InstanceGroupType": "TASK", "Market": "SPOT", "InstanceType": "c5.xlarge", "RequestedInstanceCount": 2},
]
_STEP = {
    "Name": "copy",
    "Config": {"Jar": "command-runner.jar", "Args": ["s3-dist-cp", "--dest", "hdfs:///data"]},
    "Status": {"State": "COMPLETED", "Timeline": {"StartDateTime": _THEN, "EndDateTime": _THEN}},
}
_CLUSTER_ANSWERS = {
    "ListClusters": {"Clusters": [_LISTED]},
    "DescribeCluster": {"Cluster": _CLUSTER},
    "ListInstanceGroups": {"InstanceGroups": _GROUPS},
    "ListInstances": {"Instances": [{"PublicIpAddress": "203.0.113.7"}]},
    "ListSteps": {"Steps": [_STEP]},
    "GetManagedScalingPolicy": {
        "ManagedScalingPolicy": {
            "ComputeLimits": {"UnitType": "Instances", "MinimumCapacityUnits": 1, "MaximumCapacityUnits": 9}
        }
    },
    "GetAutoTerminationPolicy": {"AutoTerminationPolicy": {"IdleTimeout": 3600}},
}
_SETTINGS = {
    "EncryptionConfiguration": {
        "EnableAtRestEncryption": True,
        "EnableInTransitEncryption": False,
        "AtRestEncryptionConfiguration": {"LocalDiskEncryptionConfiguration": {"EncryptionKeyProviderType": "AwsKms"}},
    },
    "AuthenticationConfiguration": {"KerberosConfiguration": {"Provider": "ClusterDedicatedKdc"}},
}


class TestEmr(Reads):
    cases = (
        Reading(
            "AWS::EMR::Cluster",
            _LISTED["ClusterArn"],
            "ListClusters",
            _CLUSTER_ANSWERS,
            {"Tags": _CLUSTER["Tags"]},
            empty={"Clusters": []},
            token="Marker",
            gone={"DescribeCluster": "InvalidRequestException"},
            needs=("Id", "Name", "ClusterArn"),
            title="etl",
            service="emr",
            reads={
                "release_label": "emr-6.9.0",
                "security_configuration": "kms",
                "kerberos_realm": None,
                "log_uri": "s3n://logs",
                "steps.0.args": ("s3-dist-cp", "--dest", "hdfs:///data"),
                "steps.0.name": "copy",
                "subnet_id": "subnet-1",
                "master_security_group": "sg-1",
                "slave_security_group": "sg-2",
                "additional_master_security_groups": ("sg-3",),
                "keep_job_flow_alive_when_no_steps": True,
                "master_instance_group.market": "ON_DEMAND",
                "master_instance_group.is_spot": False,
                "core_instance_group.is_spot": True,
                "core_instance_group.instance_count": 4,
                "task_instance_groups.0.instance_type": "c5.xlarge",
                "core_instance_fleet": None,
                "task_instance_fleets": (),
                "idle_timeout": 3600,
                "state": "WAITING",
                "master_public_ip": "203.0.113.7",
            },
        ),
        Reading(
            "AWS::EMR::SecurityConfiguration",
            f"{_ARN}:security-configuration/kms",
            "ListSecurityConfigurations",
            {
                "ListSecurityConfigurations": {"SecurityConfigurations": [{"Name": "kms"}]},
                "DescribeSecurityConfiguration": {"Name": "kms", "SecurityConfiguration": json.dumps(_SETTINGS)},
            },
            {},
            empty={"SecurityConfigurations": []},
            token="Marker",
            gone={"DescribeSecurityConfiguration": "InvalidRequestException"},
            needs=("Name",),
            title="kms",
            service="emr",
            reads={
                "settings.encrypts_at_rest": True,
                "settings.encrypts_local_disks": True,
                "settings.encrypts_in_transit": False,
                "settings.has_kerberos": True,
                "settings.has_runtime_roles": False,
            },
        ),
        Reading(
            "api:EMR::BlockPublicAccess",
            f"{_ARN}:block-public-access",
            "GetBlockPublicAccessConfiguration",
            {
                "GetBlockPublicAccessConfiguration": {
                    "BlockPublicAccessConfiguration": {
                        "BlockPublicSecurityGroupRules": True,
                        "PermittedPublicSecurityGroupRuleRanges": [{"MinRange": 22, "MaxRange": 22}],
                    },
                    "BlockPublicAccessConfigurationMetadata": {
                        "CreationDateTime": _THEN,
                        "CreatedByArn": f"arn:aws:iam::{ACCOUNT}:user/x",
                    },
                }
            },
            {},
            empty=None,
            title=f"EMR in {REGION}",
            service="emr",
            reads={"block_public_security_group_rules": True},
        ),
        Reading(
            "AWS::EMRServerless::Application",
            f"arn:aws:emr-serverless:{REGION}:{ACCOUNT}:/applications/a1",
            "ListApplications",
            {
                "ListApplications": {
                    "applications": [
                        {
                            "id": "a1",
                            "name": "spark",
                            "arn": f"arn:aws:emr-serverless:{REGION}:{ACCOUNT}:/applications/a1",
                            "releaseLabel": "emr-7.0.0",
                            "type": "Spark",
                            "state": "STARTED",
                            "createdAt": _THEN,
                            "updatedAt": _THEN,
                        }
                    ]
                },
                "GetApplication": {
                    "application": {
                        "applicationId": "a1",
                        "name": "spark",
                        "arn": f"arn:aws:emr-serverless:{REGION}:{ACCOUNT}:/applications/a1",
                        "releaseLabel": "emr-7.0.0",
                        "type": "Spark",
                        "state": "STARTED",
                        "createdAt": _THEN,
                        "updatedAt": _THEN,
                        "tags": {"team": "data"},
                        "monitoringConfiguration": {
                            "s3MonitoringConfiguration": {"logUri": "s3://logs"},
                            "cloudWatchLoggingConfiguration": {"enabled": True},
                        },
                    }
                },
            },
            {"Tags": {"team": "data"}},
            empty={"applications": []},
            token="nextToken",
            gone={"GetApplication": "ResourceNotFoundException"},
            title="spark",
            service="emr-serverless",
            reads={"log_uri": "s3://logs", "cloudwatch_logging": True, "release_label": "emr-7.0.0"},
        ),
    )

    def test_denied(self, case, scripted):
        if case.type != "AWS::EMR::Cluster":
            super().test_denied(case, scripted)
            return
        unknown = {
            "ListInstanceGroups": "master_instance_group",
            "ListInstances": "master_public_ip",
            "ListSteps": "steps",
            "GetManagedScalingPolicy": "compute_limits",
            "GetAutoTerminationPolicy": "idle_timeout",
            "DescribeCluster": "log_uri",
        }
        for operation, field in unknown.items():
            scripted({**copy.deepcopy(_CLUSTER_ANSWERS), operation: "AccessDeniedException"})
            found = scan(case.type)
            assert [gap.operation for gap in found.gaps] == [operation]
            with pytest.raises(Undecided, match=operation):
                list(getattr(Cluster(one(found, case.type)), field) or ())
        scripted({"ListClusters": "AccessDeniedException"})
        assert scan(case.type).gaps[0].types == ("AWS::EMR::Cluster",)


pytestmark = pytest.mark.usefixtures("moto")


def test_a_cluster_of_fleets(scripted):
    fleets = [
        {"InstanceFleetType": "MASTER", "TargetOnDemandCapacity": 1, "TargetSpotCapacity": 0},
        {
            "InstanceFleetType": "TASK",
            "TargetSpotCapacity": 8,
            "InstanceTypeSpecifications": [{"InstanceType": "r5.xlarge"}, {"InstanceType": "r6.xlarge"}],
        },
    ]
    asked: list[Any] = []
    scripted(
        {
            **_CLUSTER_ANSWERS,
            "DescribeCluster": {"Cluster": {**_CLUSTER, "InstanceCollectionType": "INSTANCE_FLEET"}},
            "ListInstanceFleets": {"InstanceFleets": fleets},
            "ListInstances": noting(asked, {"Instances": [{"PublicIpAddress": ""}]}),
            "GetManagedScalingPolicy": {},
            "GetAutoTerminationPolicy": {},
        }
    )
    found = scan("AWS::EMR::Cluster")
    cluster = Cluster(one(found, "AWS::EMR::Cluster"))
    assert "emr:ListInstanceGroups" not in found.calls
    assert cluster.master_instance_fleet and cluster.master_instance_fleet.target_on_demand_capacity == 1
    (task,) = cluster.task_instance_fleets
    assert [config.instance_type for config in task.instance_type_configs] == ["r5.xlarge", "r6.xlarge"]
    assert task.target_spot_capacity == 8
    assert (cluster.core_instance_fleet, cluster.master_instance_group) == (None, None)
    assert (cluster.compute_limits, cluster.idle_timeout, cluster.master_public_ip) == (None, None, None)
    assert asked[0]["InstanceFleetType"] == "MASTER"


def test_only_clusters_that_are_not_terminated_are_asked_for(scripted):
    asked: list[Any] = []
    scripted({"ListClusters": noting(asked, {"Clusters": []})})
    scan("AWS::EMR::Cluster")
    assert asked[0]["ClusterStates"] == ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"]


def test_a_transient_cluster(scripted):
    scripted({**_CLUSTER_ANSWERS, "DescribeCluster": {"Cluster": {**_CLUSTER, "AutoTerminate": True}}})
    found = scan("AWS::EMR::Cluster")
    assert Cluster(one(found, "AWS::EMR::Cluster")).keep_job_flow_alive_when_no_steps is False


def test_clusters_in_a_simulated_account(aws, scripted):
    group = {"InstanceRole": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 1, "Name": "m"}
    for number in range(3):
        aws("emr").run_job_flow(
            Name=f"c{number}", Instances={"InstanceGroups": [group], "KeepJobFlowAliveWhenNoSteps": True}
        )
    scripted({"GetManagedScalingPolicy": {}, "GetAutoTerminationPolicy": {}})  # which moto has not
    found = scan("AWS::EMR::Cluster")
    assert (found.gaps, found.notices) == ([], [])
    clusters = [Cluster(raw) for raw in found.raws]
    assert sorted(cluster.title for cluster in clusters) == ["c0", "c1", "c2"]
    assert {cluster.master_instance_group.instance_type for cluster in clusters if cluster.master_instance_group} == {
        "m5.xlarge"
    }


@pytest.mark.parametrize(
    ("settings", "at_rest", "local", "transit", "kerberos"),
    [
        ({}, False, False, False, False),
        ({"EncryptionConfiguration": {"EnableAtRestEncryption": "true"}}, True, False, False, False),
        ({"EncryptionConfiguration": {"EnableInTransitEncryption": True}}, False, False, True, False),
        (_SETTINGS, True, True, False, True),
    ],
)
def test_security_settings(settings, at_rest, local, transit, kerberos):
    for value in (settings, json.dumps(settings)):
        read = SecuritySettings.from_raw(value, None, ("SecurityConfiguration",))  # type: ignore[arg-type]
        assert read.encrypts_at_rest is at_rest
        assert read.encrypts_local_disks is local
        assert read.encrypts_in_transit is transit
        assert read.has_kerberos is kerberos


@pytest.mark.parametrize("value", ["{", "[]", 7])
def test_security_settings_that_are_none(value):
    with pytest.raises(Undecided, match="SecurityConfiguration"):
        SecuritySettings.from_raw(value, None, ("SecurityConfiguration",))  # type: ignore[arg-type]


def test_a_security_setting_that_a_template_does_not_know():
    settings = {"EncryptionConfiguration": {"EnableAtRestEncryption": Unknown("a parameter")}}
    with pytest.raises(Undecided, match="a parameter"):
        SecuritySettings(settings).encrypts_at_rest  # noqa: B018


def test_settings_that_are_no_json(scripted):
    scripted({**TestEmr.cases[1].answers, "DescribeSecurityConfiguration": {"SecurityConfiguration": "{"}})
    found = scan("AWS::EMR::SecurityConfiguration")
    with pytest.raises(Undecided, match="should be JSON"):
        SecurityConfiguration(one(found, "AWS::EMR::SecurityConfiguration")).settings  # noqa: B018
