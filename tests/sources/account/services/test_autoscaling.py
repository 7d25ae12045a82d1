"""Auto Scaling groups, launch configurations, policies and scheduled actions."""

from __future__ import annotations

from typing import Any

from auditor.inventory import Inventory
from auditor.resources.autoscaling import AutoScalingGroup, LaunchConfiguration, ScalingPolicy, ScheduledAction
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}"
_GROUP: dict[str, Any] = {
    "AutoScalingGroupName": "workers",
    "AutoScalingGroupARN": f"{_ARN}:autoScalingGroup:1:autoScalingGroupName/workers",
    "MinSize": 1,
    "MaxSize": 4,
    "DesiredCapacity": 2,
    "DefaultCooldown": 300,
    "AvailabilityZones": ["us-east-1a"],
    "HealthCheckType": "ELB",
    "CreatedTime": "2025-01-03T20:54:22Z",
    "TargetGroupARNs": ["tg"],
    "LoadBalancerNames": [],
    "VPCZoneIdentifier": "subnet-1,subnet-2",
    "CapacityRebalance": True,
    "MixedInstancesPolicy": {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1", "Version": "$Latest"},
            "Overrides": [{"InstanceType": "g5.xlarge"}, {"InstanceType": "g6.xlarge"}],
        },
        "InstancesDistribution": {
            "OnDemandBaseCapacity": 1,
            "OnDemandPercentageAboveBaseCapacity": 0,
            "SpotAllocationStrategy": "price-capacity-optimized",
        },
    },
    "Tags": [{"Key": "team", "Value": "ml", "PropagateAtLaunch": False}],
}
_REQUIRED = (
    "AutoScalingGroupName",
    "AutoScalingGroupARN",
    "MinSize",
    "MaxSize",
    "DesiredCapacity",
    "DefaultCooldown",
    "AvailabilityZones",
    "HealthCheckType",
    "CreatedTime",
    "Key",
)


class TestAutoScaling(Behaviour):
    cases = (
        Case(
            "AWS::AutoScaling::AutoScalingGroup",
            _GROUP["AutoScalingGroupARN"],
            "DescribeAutoScalingGroups",
            {"DescribeAutoScalingGroups": {"AutoScalingGroups": [_GROUP]}},
            {"VPCZoneIdentifier": ["subnet-1", "subnet-2"]},
            empty={"AutoScalingGroups": []},
            token="NextToken",
            needs=("AutoScalingGroups", *_REQUIRED),
            title="workers",
        ),
        Case(
            "AWS::AutoScaling::LaunchConfiguration",
            f"{_ARN}:launchConfiguration:1:launchConfigurationName/old",
            "DescribeLaunchConfigurations",
            {
                "DescribeLaunchConfigurations": {
                    "LaunchConfigurations": [
                        {
                            "LaunchConfigurationName": "old",
                            "LaunchConfigurationARN": f"{_ARN}:launchConfiguration:1:launchConfigurationName/old",
                            "ImageId": "ami-1",
                            "InstanceType": "m5.large",
                            "CreatedTime": "2025-01-03T20:54:22Z",
                            "AssociatePublicIpAddress": True,
                            "BlockDeviceMappings": [{"DeviceName": "/dev/sda", "Ebs": {"Encrypted": True}}],
                            "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 2},
                        }
                    ]
                }
            },
            {"ImageId": "ami-1"},
            empty={"LaunchConfigurations": []},
            token="NextToken",
            needs=(
                "LaunchConfigurations",
                "LaunchConfigurationName",
                "LaunchConfigurationARN",
                "ImageId",
                "InstanceType",
                "CreatedTime",
                "DeviceName",
            ),
            title="old",
        ),
        Case(
            "AWS::AutoScaling::ScalingPolicy",
            f"{_ARN}:scalingPolicy:1:autoScalingGroupName/workers:policyName/cpu",
            "DescribePolicies",
            {
                "DescribePolicies": {
                    "ScalingPolicies": [
                        {
                            "AutoScalingGroupName": "workers",
                            "PolicyName": "cpu",
                            "PolicyARN": f"{_ARN}:scalingPolicy:1:autoScalingGroupName/workers:policyName/cpu",
                            "PolicyType": "TargetTrackingScaling",
                        }
                    ]
                }
            },
            {"PolicyType": "TargetTrackingScaling"},
            token="NextToken",
            needs=("PolicyARN",),
            title="cpu",
        ),
        Case(
            "AWS::AutoScaling::ScheduledAction",
            f"{_ARN}:scheduledUpdateGroupAction:1:autoScalingGroupName/workers:scheduledActionName/night",
            "DescribeScheduledActions",
            {
                "DescribeScheduledActions": {
                    "ScheduledUpdateGroupActions": [
                        {
                            "AutoScalingGroupName": "workers",
                            "ScheduledActionName": "night",
                            "ScheduledActionARN": f"{_ARN}:scheduledUpdateGroupAction:1:"
                            "autoScalingGroupName/workers:scheduledActionName/night",
                            "Recurrence": "0 20 * * *",
                        }
                    ]
                }
            },
            {"Recurrence": "0 20 * * *"},
            token="NextToken",
            needs=("ScheduledActionARN",),
            title="night",
        ),
    )

    def test_what_is_read(self, scripted) -> None:
        for case in self.cases:
            scripted(case.answers)
        inventory = Inventory(scan(*(case.type for case in self.cases)))
        (group,), (policy,), (action,) = (
            inventory.of(AutoScalingGroup),
            inventory.of(ScalingPolicy),
            inventory.of(ScheduledAction),
        )
        assert (group.min_size, group.max_size, group.desired_capacity) == (1, 4, 2)
        assert (group.health_check_type, group.target_group_arns, group.load_balancer_names) == ("ELB", ("tg",), ())
        assert (group.vpc_zone_identifier, group.capacity_rebalance) == (("subnet-1", "subnet-2"), True)
        assert [(tag.key, tag.propagate_at_launch) for tag in group.tags] == [("team", False)]
        mixed = group.mixed_instances_policy
        assert mixed is not None
        assert mixed.launch_template is not None
        assert mixed.launch_template.launch_template_id == "lt-1"
        assert [one.instance_type for one in mixed.overrides] == ["g5.xlarge", "g6.xlarge"]
        spread = mixed.instances_distribution
        assert spread is not None
        assert (spread.on_demand_base_capacity, spread.on_demand_percentage_above_base_capacity) == (1, 0)
        assert spread.spot_allocation_strategy == "price-capacity-optimized"
        assert group.answers_to(policy.auto_scaling_group_name)
        assert group.answers_to(action.auto_scaling_group_name)

    def test_a_launch_configuration(self, scripted) -> None:
        scripted(self.cases[1].answers)
        (old,) = Inventory(scan(self.cases[1].type)).of(LaunchConfiguration)
        assert old.associate_public_ip_address is True
        assert [disk.ebs.encrypted for disk in old.block_device_mappings if disk.ebs] == [True]
        assert old.metadata_options is not None
        assert (old.metadata_options.http_tokens, old.metadata_options.http_put_response_hop_limit) == ("required", 2)


def test_a_group_on_its_way_out_is_left_out(moto, scripted):
    scripted({"DescribeAutoScalingGroups": {"AutoScalingGroups": [{**_GROUP, "Status": "Delete in progress"}]}})
    assert scan("AWS::AutoScaling::AutoScalingGroup").raws == []


def test_what_moto_has(aws):
    image = aws("ec2").register_image(Name="own")["ImageId"]
    autoscaling = aws("autoscaling")
    autoscaling.create_launch_configuration(
        LaunchConfigurationName="old",
        ImageId=image,
        InstanceType="m5.large",
        UserData="export DB_PASSWORD=hunter2hunter2",
    )
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="workers",
        LaunchConfigurationName="old",
        MinSize=0,
        MaxSize=2,
        AvailabilityZones=["us-east-1a"],
    )
    autoscaling.put_scaling_policy(
        AutoScalingGroupName="workers", PolicyName="up", AdjustmentType="ChangeInCapacity", ScalingAdjustment=1
    )
    found = scan(*(case.type for case in TestAutoScaling.cases))
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    (group,), (configuration,), (policy,) = (
        inventory.of(AutoScalingGroup),
        inventory.of(LaunchConfiguration),
        inventory.of(ScalingPolicy),
    )
    assert inventory.get(LaunchConfiguration, group.launch_configuration_name) is configuration
    assert (group.availability_zones, policy.policy_type) == (("us-east-1a",), "SimpleScaling")
    assert "hunter2" not in str(configuration.user_data)
