"""What EC2 instances, volumes, NAT gateways and databases cost for nothing, in a simulated account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.raw import Collected, Raw, Scope
from auditor.values import Unknown
from tests.builders import raw
from tests.checks.by_hand import OLD, account, arn, judged, live
from tests.support import judge, statuses, template
from tests.usage import publish, usage

IMAGE = "ami-12c6146b"
US = {"scope": Scope("123456789012/us-east-1", "account", "123456789012", "us-east-1")}


@pytest.fixture
def started(aws: Any, answers: dict[str, Any]) -> Callable[..., str]:
    """Starts an instance that has been running for so many days, and gives its id."""
    ages: dict[str, int] = {}

    def aged(answer: Any) -> Any:
        for reservation in answer["Reservations"]:
            for instance in reservation["Instances"]:
                instance["LaunchTime"] = datetime.now(UTC) - timedelta(days=ages[instance["InstanceId"]])
        return answer

    def start(kind: str, days: int = 30, **tags: str) -> str:
        specs = [
            {
                "ResourceType": "instance",
                "Tags": [{"Key": key.replace("__", ":"), "Value": value} for key, value in tags.items()],
            }
        ]
        more = {"TagSpecifications": specs} if tags else {}
        answer = aws("ec2").run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, InstanceType=kind, **more)
        number: str = answer["Instances"][0]["InstanceId"]
        ages[number] = days
        answers["DescribeInstances"] = aged
        return number

    return start


def load(aws: Any, instance: str, cpu: float, network: float = 1000) -> None:
    for name, value in (("CPUUtilization", cpu), ("NetworkIn", network), ("NetworkOut", network)):
        publish(aws("cloudwatch"), "AWS/EC2", name, {"InstanceId": instance}, value)


def memory(aws: Any, instance: str, percent: float) -> None:
    publish(aws("cloudwatch"), "CWAgent", "mem_used_percent", {"InstanceId": instance}, percent)


def finding(scan: Any, check: str) -> Any:
    (verdict,) = judge(scan(check), check).values()
    (found,) = verdict.findings
    return found


def status(scan: Any, check: str) -> str:
    (found,) = statuses(scan(check), check).values()
    return found


# --- idle -----------------------------------------------------------------------------------------------------------


def test_an_idle_instance_costs_its_price(aws: Any, started: Any, scan: Any, deny: Any) -> None:
    load(aws, started("m5.4xlarge"), cpu=2)
    found = finding(scan, "ec2-instance-idle")
    assert "at most 2.0 % busy" in found.message
    assert (found.saving.low, found.saving.high, found.saving.confidence) == (560.64, 560.64, "high")
    deny("GetMetricData")
    assert status(scan, "ec2-instance-idle") == "unknown"


@pytest.mark.parametrize(("cpu", "network"), [(30, 1000), (2, 1e9)])
def test_a_busy_instance_is_not_idle(aws: Any, started: Any, scan: Any, cpu: float, network: float) -> None:
    load(aws, started("m5.4xlarge"), cpu, network)
    assert status(scan, "ec2-instance-idle") == "pass"


def test_idle_instances_whose_price_is_not_known_or_whose_chips_are_not_seen(
    aws: Any, started: Any, scan: Any, answers: Any
) -> None:
    load(aws, started("inf2.xlarge"), cpu=1)
    assert finding(scan, "ec2-instance-idle").saving.confidence == "medium"
    aged = answers["DescribeInstances"]

    def unheard_of(answer: Any) -> Any:
        answer["Reservations"][0]["Instances"][0]["InstanceType"] = "x9.large"
        return aged(answer)

    answers["DescribeInstances"] = unheard_of
    found = finding(scan, "ec2-instance-idle")
    assert found.saving is None
    assert "depends on the price of its type" in found.message


def test_an_idle_spot_instance_saves_no_more_than_its_spot_price(
    aws: Any, started: Any, scan: Any, answers: Any
) -> None:
    load(aws, started("m5.4xlarge"), cpu=2)
    aged = answers["DescribeInstances"]

    def on_spot(answer: Any) -> Any:
        answer["Reservations"][0]["Instances"][0]["InstanceLifecycle"] = "spot"
        return aged(answer)

    answers["DescribeInstances"] = on_spot
    saving = finding(scan, "ec2-instance-idle").saving
    assert 0 < saving.high < 560.64
    assert (saving.kind, saving.confidence) == ("idle", "medium")


def test_few_figures_are_no_evidence(aws: Any, started: Any, scan: Any) -> None:
    publish(aws("cloudwatch"), "AWS/EC2", "CPUUtilization", {"InstanceId": started("m5.xlarge")}, 1, days=2)
    for check in ("ec2-instance-idle", "ec2-instance-oversized"):
        assert status(scan, check) == "unknown"


# --- oversized ------------------------------------------------------------------------------------------------------


def test_an_oversized_instance(aws: Any, started: Any, scan: Any, deny: Any) -> None:
    instance = started("m5.4xlarge")
    load(aws, instance, cpu=20)
    found = finding(scan, "ec2-instance-oversized")
    assert "its memory use is not published" in found.message
    assert found.saving.confidence == "low"
    memory(aws, instance, 30)
    found = finding(scan, "ec2-instance-oversized")
    assert "processors 20 %, memory 30 %; m5.2xlarge is the next smaller type" in found.message
    assert (found.saving.high, found.saving.kind, found.saving.confidence) == (280.32, "oversize", "medium")
    deny("ListMetrics")
    assert status(scan, "ec2-instance-oversized") == "unknown"


def test_memory_in_use_is_not_oversized(aws: Any, started: Any, scan: Any) -> None:
    instance = started("m5.4xlarge")
    load(aws, instance, cpu=20)
    memory(aws, instance, 70)
    assert status(scan, "ec2-instance-oversized") == "pass"


def test_processors_alone_say_nothing_where_a_smaller_type_has_as_many(aws: Any, started: Any, scan: Any) -> None:
    load(aws, started("t3.large"), cpu=20)
    assert status(scan, "ec2-instance-oversized") == "unknown"


# --- GPUs -----------------------------------------------------------------------------------------------------------


def gpus(aws: Any, instance: str, *busy: float) -> None:
    for index, percent in enumerate(busy):
        dimensions = {"InstanceId": instance, "index": str(index), "name": "V100"}
        publish(aws("cloudwatch"), "CWAgent", "nvidia_smi_utilization_gpu", dimensions, percent)


@pytest.mark.parametrize(
    ("busy", "words", "usd"),
    [
        ((80, 0, 0, 0), "used 1 of its 4 GPUs in 14 days", 6701.4),
        ((80, 80, 80, 0), "used 3 of its 4 GPUs in 14 days; no smaller type of p3 has the same GPUs", None),
    ],
)
def test_gpus_that_nobody_uses(aws: Any, started: Any, scan: Any, busy: Any, words: str, usd: float | None) -> None:
    gpus(aws, started("p3.8xlarge"), *busy)
    found = finding(scan, "ec2-gpu-multi-oversized")
    assert words in found.message
    assert (found.saving.high if found.saving else None) == usd


def test_gpus_that_are_used_or_not_seen(aws: Any, started: Any, scan: Any, deny: Any) -> None:
    check, instance = "ec2-gpu-multi-oversized", started("p3.8xlarge")
    assert status(scan, check) == "unknown"
    gpus(aws, instance, 80, 80, 80, 80)
    assert status(scan, check) == "pass"
    deny("GetMetricData")
    assert status(scan, check) == "unknown"


def test_inference_behind_a_load_balancer(aws: Any, started: Any, scan: Any) -> None:
    instance = started("g5.xlarge")
    vpc = aws("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    elb = aws("elbv2")
    group = elb.create_target_group(Name="api", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]
    check = "ec2-gpu-inferentia-candidate"
    assert status(scan, check) == "pass"
    elb.register_targets(TargetGroupArn=group["TargetGroupArn"], Targets=[{"Id": instance}])
    found = finding(scan, check)
    assert found.saving.low == 0
    assert "break-even at" in found.saving.basis


def test_trainium_is_a_range_from_nothing(started: Any, scan: Any) -> None:
    started("p3.2xlarge", workload="training")
    found = finding(scan, "ec2-gpu-trainium-candidate")
    assert found.saving.low == 0 < found.saving.high < 3.06 * 730
    assert "trn1.2xlarge" in found.saving.basis


def test_an_old_generation_and_a_paravirtual_image(started: Any, scan: Any, answers: Any) -> None:
    check = "ec2-instance-previous-generation"
    started("m4.xlarge")
    assert finding(scan, check).saving.high == pytest.approx((0.2 - 0.192) * 730)
    aged = answers["DescribeInstances"]

    def changed(answer: Any) -> Any:
        answer["Reservations"][0]["Instances"][0].update(
            InstanceType="m1.small", VirtualizationType="paravirtual", Platform="windows"
        )
        return aged(answer)

    answers["DescribeInstances"] = changed
    found = finding(scan, check)
    assert "with a paravirtual image" in found.message
    assert found.saving is None


# --- development ----------------------------------------------------------------------------------------------------


def test_development_at_night(aws: Any, started: Any, scan: Any, deny: Any) -> None:
    check = "ec2-instance-dev-no-schedule"
    night = started("m5.4xlarge", env="dev")
    started("m5.4xlarge", days=3, env="dev")
    started("m5.4xlarge", env="prod")
    started("m5.4xlarge", env="dev", Schedule="office-hours")
    started("m5.4xlarge", env="dev", aws__autoscaling__groupName="workers")
    verdicts: Any = judge(scan(check), check)
    (failed,) = [one for one in verdicts.values() if one.status.value == "fail"]
    assert failed.resource.raw.id.endswith(night)
    assert failed.findings[0].saving.high == round(0.768 * 470, 2)
    aws("scheduler").create_schedule(
        Name="evening",
        ScheduleExpression="cron(0 19 ? * MON-FRI *)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": "arn:aws:scheduler:::aws-sdk:ec2:stopInstances",
            "RoleArn": "arn:aws:iam::123456789012:role/stop",
            "Input": f'{{"InstanceIds": ["{night}"]}}',
        },
    )
    assert set(statuses(scan(check), check).values()) == {"pass"}
    deny("ListSchedules")
    assert sorted(statuses(scan(check), check).values()) == ["pass"] * 4 + ["unknown"]


def test_a_rule_that_stops_an_instance(aws: Any, started: Any, scan: Any) -> None:
    check, instance = "ec2-instance-dev-no-schedule", started("m5.4xlarge", env="dev")
    events = aws("events")
    events.put_rule(Name="evening", ScheduleExpression="cron(0 19 ? * MON-FRI *)")
    target = {"Id": "stop", "Arn": "arn:aws:ssm:us-east-1::automation-definition/AWS-StopEC2Instance:$DEFAULT"}
    events.put_targets(Rule="evening", Targets=[{**target, "Input": '{"InstanceId": ["i-other"]}'}])
    assert status(scan, check) == "fail"
    events.put_targets(Rule="evening", Targets=[{**target, "Input": f'{{"InstanceId": ["{instance}"]}}'}])
    assert status(scan, check) == "pass"


def test_a_large_development_machine(started: Any, scan: Any) -> None:
    started("m5.8xlarge", env="dev")
    found = finding(scan, "ec2-instance-dev-oversized")
    assert "is for development and a m5.8xlarge, with 32 vCPUs" in found.message
    assert found.saving.high == pytest.approx((1.536 - 0.384) * 730, abs=0.01)


def databases(aws: Any, **more: Any) -> None:
    aws("rds").create_db_instance(
        DBInstanceIdentifier="dev-db", DBInstanceClass="db.m5.large", Engine="postgres", AllocatedStorage=20, **more
    )


def test_a_development_database(aws: Any, scan: Any, deny: Any) -> None:
    check = "rds-dev-no-schedule"
    databases(aws, MultiAZ=True)
    publish(aws("cloudwatch"), "AWS/RDS", "CPUUtilization", {"DBInstanceIdentifier": "dev-db"}, 1)
    verdict: Any
    (verdict,) = judge(scan(check), check).values()
    assert [one.saving.high for one in verdict.findings] == [round(0.178 * 730, 2), round(0.178 * 470, 2)]
    deny("ListSchedules", "ListRules")
    (verdict,) = judge(scan(check), check).values()
    assert len(verdict.findings) == 1


def test_a_database_that_is_off_at_night(aws: Any, scan: Any, deny: Any) -> None:
    check = "rds-dev-no-schedule"
    databases(aws)
    dimensions = {"DBInstanceIdentifier": "dev-db"}
    publish(aws("cloudwatch"), "AWS/RDS", "CPUUtilization", dimensions, lambda hour: 5 if 8 <= hour % 24 < 20 else None)
    assert status(scan, check) == "pass"
    deny("GetMetricData")
    assert status(scan, check) == "unknown"


# --- volumes --------------------------------------------------------------------------------------------------------


def volume(device: str = "/dev/sdf", **more: Any) -> Raw:
    attachments = [{"InstanceId": "i-1", "Device": device}]
    properties = {"VolumeType": "gp3", "Size": 1000, "State": "in-use", "Attachments": attachments, **more}
    return raw("AWS::EC2::Volume", "vol-1", properties, **US)


def hdd(owner: Raw, operations: float, moved: float) -> Any:
    from auditor.utilisation.services.ebs import VolumeTraffic

    traffic = usage(VolumeTraffic, owner, read_ops=operations, write_ops=0.0, read_bytes=moved, write_bytes=0.0)
    return judge(Collected(raws=[owner, traffic]), "ebs-volume-hdd-candidate")["vol-1"]


@pytest.mark.parametrize(
    ("operations", "moved", "target", "usd"),
    [
        (1800, 1e9, "sc1", 65.0),
        (36_000, 36_000 * 2**17, "st1", 35.0),
        (36_000, 36_000 * 4096, None, 0),  # small operations
        (3_600_000, 3_600_000 * 2**18, None, 0),  # more than st1 gives
    ],
)
def test_volumes_that_need_no_ssd(operations: float, moved: float, target: str | None, usd: float) -> None:
    verdict = hdd(volume(), operations, moved)
    assert [one.saving.high for one in verdict.findings] == ([usd] if target else [])
    assert all(f"and {target} can do what it did" in one.message for one in verdict.findings)


def test_volumes_that_are_not_asked_about() -> None:
    for other in (volume(device="/dev/xvda"), volume(Size=500), volume(VolumeType="st1"), volume(State="available")):
        check = "ebs-volume-hdd-candidate"
        assert statuses(Collected(raws=[other]), check) == {"vol-1": "pass"}


def test_a_volume_without_metrics_is_unknown(aws: Any, started: Any, scan: Any, deny: Any) -> None:
    check, ec2 = "ebs-volume-hdd-candidate", aws("ec2")
    made = ec2.create_volume(Size=1000, AvailabilityZone="us-east-1a", VolumeType="gp3")["VolumeId"]
    ec2.attach_volume(VolumeId=made, InstanceId=started("m5.large"), Device="/dev/sdf")

    def found() -> str:
        return next(one for arn, one in statuses(scan(check), check).items() if arn.endswith(made))

    assert found() == "unknown"
    for name, value in (("ReadOps", 100), ("WriteOps", 100), ("ReadBytes", 1e6), ("WriteBytes", 1e6)):
        publish(aws("cloudwatch"), "AWS/EBS", f"Volume{name}", {"VolumeId": made}, value)
    assert found() == "fail"
    deny("GetMetricData")
    assert found() == "unknown"


# --- NAT gateways ---------------------------------------------------------------------------------------------------


def test_s3_through_a_nat_gateway(aws: Any, scan: Any, deny: Any) -> None:
    check, ec2 = "vpc-nat-s3-data-cost", aws("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
    assert status(scan, check) == "pass"  # nothing goes through it
    for name in ("BytesOutToDestination", "BytesInFromDestination"):
        publish(aws("cloudwatch"), "AWS/NATGateway", name, {"NatGatewayId": gateway}, 2**30)
    found = finding(scan, check)
    assert "processes 1,460 GB a month" in found.message
    assert "endpoint for S3 and DynamoDB" in found.message
    assert (found.saving.low, found.saving.high) == (0, round(1460 * 0.045, 2))
    deny("GetMetricData")
    assert status(scan, check) == "unknown"
    service = {"VpcId": vpc, "ServiceName": "com.amazonaws.us-east-1.s3", "RouteTableIds": [table]}
    ec2.create_vpc_endpoint(VpcEndpointType="Gateway", **service)
    assert status(scan, check) == "pass"
    deny("DescribeVpcEndpoints")
    assert status(scan, check) == "unknown"


# --- templates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "properties", "status"),
    [
        ("ec2-instance-dev-no-schedule", "{InstanceType: !Ref Any, Tags: [{Key: env, Value: dev}]}", "unknown"),
        ("ec2-instance-dev-no-schedule", "{InstanceType: m5.large, Tags: [{Key: env, Value: !Ref Any}]}", "unknown"),
        ("ec2-instance-dev-oversized", "{InstanceType: !Ref Any, Tags: [{Key: env, Value: dev}]}", "unknown"),
        ("ec2-instance-previous-generation", "{InstanceType: !Ref Any}", "unknown"),
        ("ec2-instance-previous-generation", "{InstanceType: !If [Small, t2.micro, m4.large]}", "fail"),
        ("ec2-instance-previous-generation", "{InstanceType: !If [Small, t2.micro, m5.large]}", "unknown"),
        ("ec2-gpu-trainium-candidate", "{InstanceType: p3.2xlarge, Tags: [{Key: job, Value: !Ref Any}]}", "unknown"),
        ("ec2-gpu-trainium-candidate", "{InstanceType: m5.large, Tags: [{Key: job, Value: !Ref Any}]}", "pass"),
    ],
)
def test_templates(check: str, properties: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Any: {{Type: String}}}}
Conditions: {{Small: !Equals [!Ref Any, small]}}
Resources: {{Server: {{Type: AWS::EC2::Instance, Properties: {properties}}}}}
"""
    assert statuses(template(tmp_path, text), check) == {"Server": status}


def test_a_schedule_whose_input_is_not_known(tmp_path: Path) -> None:
    text = """
Parameters: {Any: {Type: String}}
Resources:
  Server: {Type: AWS::EC2::Instance, Properties: {InstanceType: m5.large, Tags: [{Key: env, Value: dev}]}}
  Evening:
    Type: AWS::Scheduler::Schedule
    Properties: {Target: {Arn: !Sub "arn:${AWS::Partition}:scheduler:::aws-sdk:ec2:stopInstances", Input: !Ref Any}}
"""
    assert statuses(template(tmp_path, text), "ec2-instance-dev-no-schedule") == {"Server": "unknown"}


def test_tags_that_are_not_known_are_no_environment() -> None:
    instance = raw("AWS::EC2::Instance", "i-1", {"InstanceType": "m5.large", "Tags": Unknown("denied")}, **US)
    assert statuses(Collected(raws=[instance]), "ec2-instance-dev-oversized") == {"i-1": "unknown"}


@pytest.mark.parametrize(
    ("name", "image", "priced"),
    [
        ("Web", "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", True),
        ("Web", "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base", False),
        ("WindowsWeb", "/own/image", False),
    ],
)
def test_windows_has_no_linux_figure(tmp_path: Path, name: str, image: str, priced: bool) -> None:
    text = (
        f"Resources:\n  {name}:\n    Type: AWS::EC2::Instance\n"
        f"    Properties: {{InstanceType: t2.micro, ImageId: '{{{{resolve:ssm:{image}}}}}'}}\n"
    )
    (finding,) = judge(template(tmp_path, text), "ec2-instance-previous-generation")[name].findings
    assert (finding.saving is not None) is priced


@pytest.mark.parametrize("tag", ["aws:autoscaling:groupName", "aws:elasticmapreduce:job-flow-id"])
def test_a_machine_of_a_group_is_not_stopped_alone(tag: str) -> None:
    pairs = [{"Key": "environment", "Value": "dev"}, {"Key": tag, "Value": "j-1"}]
    properties = {"InstanceType": "m5.large", "State": {"Name": "running"}, "LaunchTime": OLD}
    for tags, status in ((pairs[:1], "fail"), (pairs, "pass")):
        machine = live("AWS::EC2::Instance", arn("ec2", "instance/i-1"), {**properties, "Tags": tags})
        assert judged(account(machine), "ec2-instance-dev-no-schedule")[machine.id].status.value == status
