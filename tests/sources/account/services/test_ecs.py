"""ECS clusters, services, task sets, task definitions, capacity providers and container instances."""

from __future__ import annotations

import pytest

from auditor.inventory import Inventory
from auditor.resources.ecs import CapacityProvider, Cluster, ContainerInstance, Service, TaskDefinition, TaskSet
from auditor.values import Undecided
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:ecs:{REGION}:{ACCOUNT}"
_CLUSTER = f"{_ARN}:cluster/ml"
_SERVICE = f"{_ARN}:service/ml/api"
_SET = f"{_ARN}:task-set/ml/api/ecs-svc-1"
_PUBLIC = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": "ENABLED"}}
_LISTED = {"ListClusters": {"clusterArns": [_CLUSTER]}}
_CONTAINER = {
    "name": "main",
    "image": "model:latest",
    "privileged": True,
    "environment": [{"name": "DB_PASSWORD", "value": "hunter2hunter2"}],
    "logConfiguration": {"logDriver": "awslogs", "options": {"mode": "non-blocking"}},
}


def _definition(params):
    definition = {
        "taskDefinitionArn": params["taskDefinition"],
        "containerDefinitions": [_CONTAINER],
        "volumes": [{"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}],
        "networkMode": "awsvpc",
        "cpu": "1024",
        "runtimePlatform": {"cpuArchitecture": "ARM64"},
    }
    return {"taskDefinition": definition}


_SERVICES = {
    **_LISTED,
    "ListServices": {"serviceArns": [_SERVICE]},
    "DescribeServices": {
        "services": [
            {
                "serviceArn": _SERVICE,
                "clusterArn": _CLUSTER,
                "status": "ACTIVE",
                "desiredCount": 2,
                "taskDefinition": f"{_ARN}:task-definition/api:3",
                "networkConfiguration": _PUBLIC,
                "loadBalancers": [{"targetGroupArn": "tg"}],
                "tags": [{"key": "team", "value": "ml"}],
                "taskSets": [
                    {
                        "taskSetArn": _SET,
                        "taskDefinition": f"{_ARN}:task-definition/api:2",
                        "networkConfiguration": _PUBLIC,
                    }
                ],
            }
        ]
    },
    "ListTaskDefinitions": {"taskDefinitionArns": []},
}


class TestEcs(Behaviour):
    cases = (
        Case(
            "AWS::ECS::Cluster",
            _CLUSTER,
            "ListClusters",
            {
                **_LISTED,
                "DescribeClusters": {
                    "clusters": [
                        {
                            "clusterArn": _CLUSTER,
                            "status": "ACTIVE",
                            "settings": [{"name": "containerInsights", "value": "disabled"}],
                        }
                    ]
                },
            },
            {"Settings": [{"Name": "containerInsights", "Value": "disabled"}]},
            token="nextToken",
            needs=("clusterArn",),
            title="ml",
        ),
        Case(
            "AWS::ECS::CapacityProvider",
            f"{_ARN}:capacity-provider/gpu",
            "DescribeCapacityProviders",
            {
                "DescribeCapacityProviders": {
                    "capacityProviders": [
                        {
                            "capacityProviderArn": f"{_ARN}:capacity-provider/gpu",
                            "name": "gpu",
                            "status": "ACTIVE",
                            "autoScalingGroupProvider": {"autoScalingGroupArn": "a"},
                        }
                    ]
                }
            },
            {"AutoScalingGroupProvider": {"AutoScalingGroupArn": "a"}},
            token="nextToken",
            needs=("capacityProviderArn", "autoScalingGroupArn"),
            title="gpu",
        ),
        Case(
            "api:ECS::ContainerInstance",
            f"{_ARN}:container-instance/ml/1",
            "ListClusters",
            {
                **_LISTED,
                "ListContainerInstances": {"containerInstanceArns": [f"{_ARN}:container-instance/ml/1"]},
                "DescribeContainerInstances": {
                    "containerInstances": [
                        {
                            "containerInstanceArn": f"{_ARN}:container-instance/ml/1",
                            "ec2InstanceId": "i-1",
                            "attributes": [{"name": "ecs.cpu-architecture", "value": "arm64"}],
                        }
                    ]
                },
            },
            {"Ec2InstanceId": "i-1"},
            gone={"ListContainerInstances": "ClusterNotFoundException"},
            token="nextToken",
            needs=("containerInstanceArn", "name"),
        ),
        Case(
            "AWS::ECS::Service",
            _SERVICE,
            "ListClusters",
            _SERVICES,
            {"DesiredCount": 2},
            token="nextToken",
            needs=("serviceArn", "taskSetArn", "subnets"),
            title="api",
        ),
    )


def test_task_definitions_that_count(moto, scripted):
    """The newest of each family, and the older ones that services and task sets run; of those, what is gone."""
    families = [f"{_ARN}:task-definition/{name}" for name in ("api:2", "api:3", "api:10", "train:1", "train:2")]
    gone = f"{_ARN}:task-definition/train:2"
    described = []

    def definition(params):
        described.append(params["taskDefinition"])
        return "ClientException" if params["taskDefinition"] == gone else _definition(params)

    scripted(
        {
            **_SERVICES,
            "ListTaskDefinitions": {"taskDefinitionArns": families},
            "DescribeTaskDefinition": definition,
        }
    )
    found = scan("AWS::ECS::TaskDefinition")
    assert (found.gaps, found.notices) == ([], [])
    assert sorted(arn.rpartition("/")[2] for arn in described) == ["api:10", "api:2", "api:3", "train:2"]
    inventory = Inventory(found)
    assert sorted(one.title for one in inventory.of(TaskDefinition)) == ["api:10", "api:2", "api:3"]
    definition_ = inventory.of(TaskDefinition)[0]
    (container,) = definition_.container_definitions
    assert (container.privileged, container.readonly_root_filesystem, container.user) == (True, False, None)
    assert container.log_configuration is not None
    assert container.log_configuration.options == {"mode": "non-blocking"}
    assert definition_.volumes[0].efs_volume_configuration is not None
    assert definition_.volumes[0].efs_volume_configuration.transit_encryption == "DISABLED"
    assert (definition_.cpu, definition_.cpu_architecture, definition_.network_mode) == ("1024", "ARM64", "awsvpc")
    assert "hunter2" not in repr([raw.properties for raw in found.raws])


def test_services_and_task_sets(moto, scripted):
    scripted(_SERVICES)
    inventory = Inventory(scan("AWS::ECS::Service", "AWS::ECS::TaskSet"))
    (service,), (task_set,) = inventory.of(Service), inventory.of(TaskSet)
    assert (service.has_public_ip, task_set.has_public_ip) == (True, True)
    assert (service.platform_version, service.tags.get("team")) == ("LATEST", "ml")
    assert service.cluster == _CLUSTER
    assert [balancer.target_group_arn for balancer in service.load_balancers] == ["tg"]


def test_a_service_that_is_not_described(moto, scripted):
    scripted({**_SERVICES, "DescribeServices": "AccessDeniedException"})
    found = scan("AWS::ECS::Service")
    (gap,) = found.gaps
    assert gap.types == ("AWS::ECS::TaskSet", "AWS::ECS::TaskDefinition")
    (service,) = Inventory(found).of(Service)
    assert service.title == "api"
    with pytest.raises(Undecided, match="ecs:DescribeServices was denied"):
        _ = service.desired_count


def test_services_come_ten_at_a_time(moto, scripted):
    arns = [f"{_SERVICE}{number}" for number in range(12)]
    asked = []

    def services(params):
        asked.append(len(params["services"]))
        return {"services": [{"serviceArn": arn, "status": "ACTIVE"} for arn in params["services"]]}

    scripted({**_SERVICES, "ListServices": {"serviceArns": arns}, "DescribeServices": services})
    found = scan("AWS::ECS::Service")
    assert sorted(asked) == [2, 10]
    assert len(found.raws) == 12


def test_what_moto_has(aws):
    ecs = aws("ecs")
    ecs.create_cluster(
        clusterName="ml",
        settings=[{"name": "containerInsights", "value": "enabled"}],
        configuration={"executeCommandConfiguration": {"logging": "NONE", "kmsKeyId": "key"}},
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT"}],
    )
    ecs.register_task_definition(family="api", containerDefinitions=[{"name": "m", "image": "x", "memory": 9}])
    ecs.create_service(cluster="ml", serviceName="api", taskDefinition="api", desiredCount=2)
    types = ("AWS::ECS::Cluster", "AWS::ECS::Service", "AWS::ECS::TaskDefinition", "api:ECS::ContainerInstance")
    found = scan(*types)
    assert (found.gaps, found.notices) == ([], [])
    assert found.calls["ecs:ListClusters"] == 1
    inventory = Inventory(found)
    (cluster,) = inventory.of(Cluster)
    assert [(one.name, one.value) for one in cluster.cluster_settings] == [("containerInsights", "enabled")]
    assert cluster.execute_command_configuration is not None
    assert cluster.execute_command_configuration.logging == "NONE"
    assert [one.capacity_provider for one in cluster.default_capacity_provider_strategy] == ["FARGATE_SPOT"]
    (service,) = inventory.of(Service)
    assert (service.desired_count, service.has_public_ip) == (2, False)
    definition = inventory.get(TaskDefinition, service.task_definition)
    assert definition is not None
    assert definition.container_definitions[0].image == "x"
    assert inventory.of(ContainerInstance) == []


def test_capacity_providers_without_termination_protection(moto, scripted):
    scripted(TestEcs.cases[1].answers)
    (provider,) = Inventory(scan("AWS::ECS::CapacityProvider")).of(CapacityProvider)
    assert provider.auto_scaling_group_provider is not None
    assert provider.auto_scaling_group_provider.managed_termination_protection == "DISABLED"


def test_the_container_instance_is_found_by_its_instance(moto, scripted):
    scripted(TestEcs.cases[2].answers)
    inventory = Inventory(scan("api:ECS::ContainerInstance"))
    found = inventory.get(ContainerInstance, "i-1")
    assert found is not None
    assert [(one.name, one.value) for one in found.attributes] == [("ecs.cpu-architecture", "arm64")]
