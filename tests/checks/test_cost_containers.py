"""What groups of instances, ECS services, EKS nodes and Batch environments cost for nothing, in a simulated account."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.inventory import Inventory
from auditor.resources.ecs import TaskDefinition
from auditor.utilisation.patterns import repetition
from tests.support import by_title, judge, statuses, template
from tests.usage import publish

IMAGE = "ami-12c6146b"
ROLE = "arn:aws:iam::123456789012:role/service"


def findings(scan: Any, check: str) -> dict[str, Any]:
    """The first finding of each resource that fails, by its title."""
    failed = (verdict for verdict in judge(scan(check), check).values() if verdict.findings)
    return {verdict.resource.title: verdict.findings[0] for verdict in failed}


# --- Auto Scaling groups --------------------------------------------------------------------------------------------


@pytest.fixture
def group(aws: Any) -> Any:
    """Makes an Auto Scaling group of c5.xlarge."""
    client = aws("autoscaling")
    template = aws("ec2").create_launch_template(
        LaunchTemplateName="workers", LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "c5.xlarge"}
    )["LaunchTemplate"]["LaunchTemplateId"]

    def made(name: str, least: int, most: int, desired: int | None = None, **tags: str) -> None:
        client.create_auto_scaling_group(
            AutoScalingGroupName=name,
            MinSize=least,
            MaxSize=most,
            DesiredCapacity=least if desired is None else desired,
            AvailabilityZones=["us-east-1a"],
            LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"},
            Tags=[
                {"Key": key, "Value": value, "PropagateAtLaunch": True, "ResourceId": name, "ResourceType": "a"}
                for key, value in tags.items()
            ],
        )

    return made


def busy(aws: Any, name: str, values: Any) -> None:
    publish(aws("cloudwatch"), "AWS/EC2", "CPUUtilization", {"AutoScalingGroupName": name}, values)


def by_day(hour: int) -> float:
    return 45 + 40 * math.sin(hour / 24 * 2 * math.pi)


def named(answer: Any) -> Any:
    """Moto leaves out the ARNs of scheduled actions."""
    for action in answer["ScheduledUpdateGroupActions"]:
        action["ScheduledActionARN"] = f"arn:aws:autoscaling:us-east-1:123456789012:{action['ScheduledActionName']}"
    return answer


def test_groups_that_never_scale(aws: Any, group: Any, scan: Any, deny: Any, answers: Any) -> None:
    check = "autoscaling-policy-missing"
    answers["DescribeScheduledActions"] = named
    group("fixed", 4, 4)
    group("one", 1, 1)
    group("ranged", 1, 4)
    group("tracked", 1, 4)
    aws("autoscaling").put_scaling_policy(
        AutoScalingGroupName="tracked", PolicyName="cpu", PolicyType="SimpleScaling", AdjustmentType="ChangeInCapacity"
    )
    group("nightly", 4, 4)
    aws("autoscaling").put_scheduled_update_group_action(
        AutoScalingGroupName="nightly", ScheduledActionName="night", Recurrence="0 20 * * *", MinSize=0
    )
    found = findings(scan, check)
    assert set(found) == {"fixed", "ranged"}
    assert found["fixed"].saving is None
    assert "what scaling saves depends on its load" in found["fixed"].message
    busy(aws, "fixed", lambda hour: 80 if hour % 2 else 40)
    saving = findings(scan, check)["fixed"].saving
    assert (saving.low, saving.high) == (0, round(0.17 * 730, 2))
    assert "60 % busy on average, and 80 % at the peak" in saving.basis
    deny("DescribePolicies")
    assert by_title(judge(scan(check), check)) == {
        "fixed": "fail",
        "one": "pass",
        "ranged": "unknown",
        "tracked": "unknown",
        "nightly": "pass",
    }


def test_a_load_that_repeats_every_day(aws: Any, group: Any, scan: Any, deny: Any) -> None:
    check = "autoscaling-predictive-scaling"
    group("daily", 1, 8, 4)
    assert set(statuses(scan(check), check).values()) == {"unknown"}
    busy(aws, "daily", by_day)
    (found,) = findings(scan, check).values()
    assert found.saving is None
    in_service = {"AutoScalingGroupName": "daily"}
    publish(aws("cloudwatch"), "AWS/AutoScaling", "GroupInServiceInstances", in_service, 4.0)
    (found,) = findings(scan, check).values()
    assert 0 == found.saving.low < found.saving.high < 4 * 0.17 * 730
    deny("GetMetricData")
    assert set(statuses(scan(check), check).values()) == {"unknown"}


@pytest.mark.parametrize("values", [50.0, lambda hour: (hour * hour * 7919) % 83])
def test_a_load_that_does_not_repeat(aws: Any, group: Any, scan: Any, values: Any) -> None:
    check = "autoscaling-predictive-scaling"
    group("restless", 1, 8, 4)
    busy(aws, "restless", values)
    assert set(statuses(scan(check), check).values()) == {"pass"}


def test_repetition() -> None:
    assert repetition({at: at % 24 for at in range(336)}, 24) == pytest.approx(1)
    assert repetition(dict.fromkeys(range(336), 7.0), 24) == 0
    assert repetition({0: 1.0}, 24) == 0


def test_groups_for_batch_work(group: Any, scan: Any, deny: Any) -> None:
    check = "autoscaling-spot-mix-missing"
    group("batch", 0, 8, 2, workload="batch")
    group("web", 2, 8, workload="web")
    (found,) = findings(scan, check).values()
    assert found.saving.kind == "spot"
    assert 0 == found.saving.low < found.saving.high < 2 * 0.17 * 730
    deny("DescribeLaunchTemplateVersions")
    assert by_title(judge(scan(check), check)) == {"batch": "unknown", "web": "unknown"}


# --- ECS ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def service(aws: Any) -> Any:
    """Makes a service of 4 tasks on Fargate, of 1 vCPU and 2 GB each, in a cluster of its own."""
    ecs = aws("ecs")
    ecs.put_account_setting(name="serviceLongArnFormat", value="enabled")

    def made(name: str, count: int = 4, cluster: str = "ml", cpu: str = "1024", **tags: str) -> None:
        ecs.create_cluster(clusterName=cluster)
        ecs.register_task_definition(
            family=f"task-{name}",
            containerDefinitions=[{"name": "a", "image": "a", "memory": 128}],
            cpu=cpu,
            memory="2048",
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
        )
        ecs.create_service(
            cluster=cluster,
            serviceName=name,
            taskDefinition=f"task-{name}",
            desiredCount=count,
            launchType="FARGATE",
            tags=[{"key": key, "value": value} for key, value in tags.items()],
        )

    return made


TASK = 0.04048 + 2 * 0.004445
"""USD an hour."""


def used(aws: Any, name: str, **percents: Any) -> None:
    for metric, values in percents.items():
        dimensions = {"ClusterName": "ml", "ServiceName": name}
        publish(
            aws("cloudwatch"),
            "AWS/ECS",
            f"{metric.upper() if metric == 'cpu' else 'Memory'}Utilization",
            dimensions,
            values,
        )


def test_services_that_never_scale(aws: Any, service: Any, scan: Any, deny: Any) -> None:
    check = "ecs-service-autoscaling-missing"
    service("web")
    service("single", 1)
    found = findings(scan, check)
    assert set(found) == {"web"}
    assert found["web"].saving is None
    used(aws, "web", cpu=lambda hour: 60 if hour % 2 else 20)
    saving = findings(scan, check)["web"].saving
    assert (saving.low, saving.high) == (0, round(TASK * 730 * 1, 2))  # 4 and 2 tasks are needed in turn
    target = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}
    scaling = aws("application-autoscaling")
    scaling.register_scalable_target(ResourceId="service/ml/web", MinCapacity=1, MaxCapacity=9, **target)
    assert set(statuses(scan(check), check).values()) == {"pass"}
    service("web", cluster="other")
    assert sorted(statuses(scan(check), check).values()) == ["fail", "pass", "pass"]
    deny("DescribeScalableTargets")
    assert sorted(statuses(scan(check), check).values()) == ["pass", "unknown", "unknown"]


def test_services_that_may_be_interrupted(service: Any, scan: Any, deny: Any) -> None:
    check = "ecs-fargate-spot-missing"
    service("nightly", workload="batch")
    service("web", workload="web")
    found = findings(scan, check)
    assert set(found) == {"nightly"}
    saving = found["nightly"].saving
    assert (saving.low, saving.high, saving.kind) == (0, round(4 * 730 * TASK * 0.7, 2), "spot")
    deny("DescribeTaskDefinition")
    assert by_title(judge(scan(check), check))["nightly"] == "unknown"


def test_tasks_that_are_too_large(aws: Any, service: Any, scan: Any, deny: Any) -> None:
    check = "ecs-task-oversized"
    service("web")
    assert set(statuses(scan(check), check).values()) == {"unknown"}
    used(aws, "web", cpu=20, memory=30)
    (found,) = findings(scan, check).values()
    assert found.saving.high == pytest.approx(4 * 730 * TASK / 2, abs=0.01)
    assert "0.5 vCPU and 1 GB instead of 1 and 2" in found.saving.basis
    deny("GetMetricData")
    assert set(statuses(scan(check), check).values()) == {"unknown"}


def test_tasks_that_use_their_memory(aws: Any, service: Any, scan: Any) -> None:
    service("web")
    used(aws, "web", cpu=20, memory=70)
    assert set(statuses(scan("ecs-task-oversized"), "ecs-task-oversized").values()) == {"pass"}


# --- EKS ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def nodes(aws: Any, answers: dict[str, Any]) -> Any:
    """Makes a node group and starts its nodes, which have been running for a month."""
    eks, ec2 = aws("eks"), aws("ec2")
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"][:2]]
    eks.create_cluster(name="ml", roleArn=ROLE, resourcesVpcConfig={"subnetIds": subnets})

    def aged(answer: Any) -> Any:
        for reservation in answer["Reservations"]:
            for instance in reservation["Instances"]:
                instance["LaunchTime"] = datetime.now(UTC) - timedelta(days=30)
        return answer

    answers["DescribeInstances"] = aged

    def made(name: str, kind: str, sizes: tuple[int, int, int], running: int = 0, **labels: str) -> list[str]:
        least, most, desired = sizes
        eks.create_nodegroup(
            clusterName="ml",
            nodegroupName=name,
            nodeRole=ROLE,
            subnets=subnets,
            instanceTypes=[kind],
            scalingConfig={"minSize": least, "maxSize": most, "desiredSize": desired},
            labels=labels,
        )
        if not running:
            return []
        tags = [{"Key": "eks:cluster-name", "Value": "ml"}, {"Key": "eks:nodegroup-name", "Value": name}]
        started = ec2.run_instances(
            ImageId=IMAGE,
            InstanceType=kind,
            MinCount=running,
            MaxCount=running,
            TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        )
        return [one["InstanceId"] for one in started["Instances"]]

    return made


def test_nodes_for_batch_work(nodes: Any, scan: Any, deny: Any) -> None:
    check = "eks-node-spot-missing"
    nodes("batch", "c5.xlarge", (0, 9, 2), workload="batch")
    nodes("web", "c5.xlarge", (2, 9, 2))
    found = findings(scan, check)
    assert set(found) == {"ml/batch"}
    assert 0 == found["ml/batch"].saving.low < found["ml/batch"].saving.high < 2 * 0.17 * 730
    deny("DescribeNodegroup")
    assert set(statuses(scan(check), check).values()) == {"unknown"}


def gpu(aws: Any, instance: str, percent: float) -> None:
    dimensions: Mapping[str, str] = {"InstanceId": instance, "ClusterName": "ml", "NodeName": "a"}
    publish(aws("cloudwatch"), "ContainerInsights", "node_gpu_utilization", dimensions, percent)


def test_gpu_nodes_that_do_nothing(aws: Any, nodes: Any, scan: Any, deny: Any) -> None:
    check = "eks-gpu-node-idle"
    idle, working = nodes("gpu", "g5.xlarge", (2, 4, 2), running=2)
    gpu(aws, idle, 1)
    gpu(aws, working, 60)
    verdicts: Any = judge(scan(check), check)
    ((found,),) = [verdict.findings for verdict in verdicts.values()]
    assert found.message == f"has the node {idle}, a g5.xlarge whose GPUs were at most 1.0 % busy in 7 days"
    assert found.saving.high == round(1.006 * 730, 2)
    assert found.saving.payer.endswith(idle)
    deny("GetMetricData")
    assert set(statuses(scan(check), check).values()) == {"unknown"}
    deny("DescribeInstances")
    assert set(statuses(scan(check), check).values()) == {"unknown"}


def test_gpu_nodes_that_work(aws: Any, nodes: Any, scan: Any) -> None:
    (node,) = nodes("gpu", "g5.xlarge", (1, 4, 1), running=1)
    gpu(aws, node, 60)
    assert set(statuses(scan("eks-gpu-node-idle"), "eks-gpu-node-idle").values()) == {"pass"}


def test_nodes_of_a_fixed_number(aws: Any, nodes: Any, scan: Any, deny: Any) -> None:
    check = "eks-node-autoscaling-missing"
    nodes("fixed", "m5.xlarge", (4, 4, 4))
    nodes("ranged", "m5.xlarge", (1, 4, 4))
    found = findings(scan, check)
    assert set(found) == {"ml/fixed"}
    assert found["ml/fixed"].saving is None
    described = aws("eks").describe_nodegroup(clusterName="ml", nodegroupName="fixed")["nodegroup"]
    busy(aws, described["resources"]["autoScalingGroups"][0]["name"], 20)
    saving = findings(scan, check)["ml/fixed"].saving
    assert saving.high == round(2 * 0.192 * 730, 2)
    assert "their memory is not seen" in saving.basis
    deny("DescribeNodegroup")
    assert set(statuses(scan(check), check).values()) == {"unknown"}


# --- Batch ----------------------------------------------------------------------------------------------------------


def environment(aws: Any, name: str, kind: str, least: int = 0, types: tuple[str, ...] = ("c5.4xlarge",)) -> str:
    subnet = aws("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    group = aws("ec2").describe_security_groups()["SecurityGroups"][0]["GroupId"]
    iam = aws("iam")
    try:
        iam.create_role(RoleName="batch", AssumeRolePolicyDocument="{}")
        iam.create_instance_profile(InstanceProfileName="batch")
        iam.add_role_to_instance_profile(InstanceProfileName="batch", RoleName="batch")
    except iam.exceptions.EntityAlreadyExistsException:
        pass
    made = aws("batch").create_compute_environment(
        computeEnvironmentName=name,
        type="MANAGED",
        state="ENABLED",
        serviceRole=iam.get_role(RoleName="batch")["Role"]["Arn"],
        computeResources={
            "type": kind,
            "minvCpus": least,
            "maxvCpus": 64,
            "instanceTypes": list(types),
            "instanceRole": iam.get_instance_profile(InstanceProfileName="batch")["InstanceProfile"]["Arn"],
            "spotIamFleetRole": iam.get_role(RoleName="batch")["Role"]["Arn"],
            "subnets": [subnet],
            "securityGroupIds": [group],
        },
    )
    arn: str = made["computeEnvironmentArn"]
    return arn


def test_batch_on_demand(aws: Any, scan: Any, deny: Any) -> None:
    check = "batch-compute-spot-missing"
    dear, cheap = environment(aws, "dear", "EC2"), environment(aws, "cheap", "SPOT")
    assert by_title(judge(scan(check), check)) == {"dear": "fail", "cheap": "pass"}
    order = [{"order": at, "computeEnvironment": arn} for at, arn in enumerate((cheap, dear))]
    aws("batch").create_job_queue(jobQueueName="jobs", state="ENABLED", priority=1, computeEnvironmentOrder=order)
    assert by_title(judge(scan(check), check)) == {"dear": "pass", "cheap": "pass"}
    deny("DescribeJobQueues")
    assert by_title(judge(scan(check), check)) == {"dear": "unknown", "cheap": "pass"}


def test_batch_that_never_ends(aws: Any, scan: Any) -> None:
    check = "batch-compute-min-vcpus"
    environment(aws, "waiting", "EC2", 32)
    environment(aws, "cheap", "SPOT", 32)
    environment(aws, "any", "EC2", 32, ("optimal",))
    environment(aws, "resting", "EC2")
    found = findings(scan, check)
    assert set(found) == {"waiting", "cheap", "any"}
    assert (found["waiting"].saving.low, found["waiting"].saving.high) == (0, round(2 * 0.68 * 730, 2))
    assert found["cheap"].saving.high < found["waiting"].saving.high
    assert "depends on the instance types that Batch picks" in found["any"].message


@pytest.mark.parametrize(("cpu", "vcpu"), [('"1024"', 1), ("512", 0.5), ('".25 vCPU"', 0.25), ("2 vcpu", 2)])
def test_sizes_as_people_write_them(cpu: str, vcpu: float, tmp_path: Path) -> None:
    text = f"Resources: {{It: {{Type: AWS::ECS::TaskDefinition, Properties: {{Cpu: {cpu}, Memory: 1 GB}}}}}}"
    (task,) = Inventory(template(tmp_path, text)).of(TaskDefinition)
    assert (task.vcpu, task.memory_gib) == (vcpu, 1)


# --- templates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "resource", "status"),
    [
        (
            "autoscaling-policy-missing",
            "AutoScaling::AutoScalingGroup, Properties: {MinSize: 3, MaxSize: !Ref Any}",
            "unknown",
        ),
        ("autoscaling-policy-missing", "AutoScaling::AutoScalingGroup, Properties: {MinSize: 1, MaxSize: 3}", None),
        ("ecs-service-autoscaling-missing", "ECS::Service, Properties: {DesiredCount: 3}", None),
        ("ecs-service-autoscaling-missing", "ECS::Service, Properties: {DesiredCount: !Ref Any}", "unknown"),
        (
            "batch-compute-min-vcpus",
            "Batch::ComputeEnvironment, Properties: {ComputeResources: {MinvCpus: !Ref Any}}",
            "unknown",
        ),
        (
            "eks-gpu-node-idle",
            "EKS::Nodegroup, Properties: {InstanceTypes: [!Ref Any], ScalingConfig: {MinSize: 1}}",
            "unknown",
        ),
        ("eks-gpu-node-idle", "EKS::Nodegroup, Properties: {ScalingConfig: {MinSize: 1}}", "pass"),
    ],
)
def test_templates(check: str, resource: str, status: str | None, tmp_path: Path) -> None:
    text = f"Parameters: {{Any: {{Type: String}}}}\nResources: {{It: {{Type: AWS::{resource}}}}}\n"
    assert statuses(template(tmp_path, text), check) == ({"It": status} if status else {})


def test_a_node_group_of_a_launch_template(tmp_path: Path) -> None:
    text = """
Resources:
  Gpus: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {InstanceType: p3.2xlarge}}}
  It:
    Type: AWS::EKS::Nodegroup
    Properties: {LaunchTemplate: {Id: !Ref Gpus}, ScalingConfig: {MinSize: 1, MaxSize: 2}}
"""
    assert statuses(template(tmp_path, text), "eks-gpu-node-idle") == {"It": "fail"}
