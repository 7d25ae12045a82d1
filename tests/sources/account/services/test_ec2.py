"""EC2: instances and what they start from, images, snapshots, fleets, reservations, and settings of a region."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

import pytest

from auditor.inventory import Inventory
from auditor.resources import ec2_settings
from auditor.resources.base import Resource
from auditor.resources.ec2 import (
    ForeignImage,
    Image,
    Instance,
    LaunchTemplate,
    ReservedInstances,
    Snapshot,
    SpotFleet,
    UserData,
    Volume,
)
from auditor.values import Undecided, Unknown
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, one, scan

_ARN = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
_SCRIPT = base64.b64encode(b"#!/bin/sh\nexport DB_PASSWORD=hunter2hunter2\n").decode()
_INSTANCE = {
    "InstanceId": "i-1",
    "InstanceType": "g5.xlarge",
    "ImageId": "ami-1",
    "LaunchTime": "2025-01-03T20:54:22Z",
    "State": {"Name": "running"},
    "Monitoring": {"State": "enabled"},
    "IamInstanceProfile": {"Arn": "arn:aws:iam::123456789012:instance-profile/p"},
    "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1},
    "EnclaveOptions": {"Enabled": True},
    "SourceDestCheck": False,
    "StateTransitionReason": "User initiated (2025-01-03 20:54:22 GMT)",
    "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "a"}],
    "NetworkInterfaces": [
        {
            "NetworkInterfaceId": "eni-1",
            "Groups": [{"GroupId": "sg-1", "GroupName": "a"}],
            "Ipv6Addresses": [{"Ipv6Address": "2600:1f16::1", "IsPrimaryIpv6": False}],
        }
    ],
}
_INSTANCES = {"DescribeInstances": {"Reservations": [{"Instances": [_INSTANCE]}]}}
_TEMPLATE = {
    "LaunchTemplateId": "lt-1",
    "LaunchTemplateName": "train",
    "VersionNumber": 3,
    "DefaultVersion": True,
    "LaunchTemplateData": {
        "ImageId": "ami-2",
        "InstanceType": "p3.2xlarge",
        "IamInstanceProfile": {"Name": "p"},
        "MetadataOptions": {"HttpTokens": "optional"},
        "Monitoring": {"Enabled": True},
        "InstanceMarketOptions": {"MarketType": "spot"},
        "UserData": _SCRIPT,
        "BlockDeviceMappings": [{"DeviceName": "/dev/sda", "Ebs": {"Encrypted": False, "VolumeSize": 100}}],
        "NetworkInterfaces": [{"DeviceIndex": 0, "Groups": ["sg-1"], "Ipv6AddressCount": 1}],
    },
}
_TEMPLATES = {"DescribeLaunchTemplateVersions": {"LaunchTemplateVersions": [_TEMPLATE]}}
_FOREIGN = {
    "ImageId": "ami-1",
    "OwnerId": "898082745236",
    "ImageOwnerAlias": "amazon",
    "Name": "Deep Learning Base OSS Nvidia Driver GPU AMI (Ubuntu 22.04) 20250101",
    "CreationDate": "2025-01-03T20:54:22.000Z",
    "DeprecationTime": "2027-01-03T20:54:22.000Z",
}
_RELEASE = "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id"


class TestEc2(Behaviour):
    cases = (
        Case(
            "AWS::EC2::Instance",
            f"{_ARN}:instance/i-1",
            "DescribeInstances",
            _INSTANCES,
            {"SecurityGroupIds": ["sg-1"], "Monitoring": True},
            token="NextToken",
            needs=("InstanceId", "GroupId"),
            title="i-1",
        ),
        Case(
            "api:EC2::UserData",
            f"{_ARN}:instance/i-1",
            "DescribeInstances",
            {**_INSTANCES, "DescribeInstanceAttribute": {"InstanceId": "i-1", "UserData": {"Value": _SCRIPT}}},
            {"UserData": "*** (looks like a secret, by its name)"},
            gone={"DescribeInstanceAttribute": "InvalidInstanceID.NotFound"},
            token="NextToken",
            needs=("InstanceId", "GroupId"),
        ),
        Case(
            "AWS::EC2::LaunchTemplate",
            f"{_ARN}:launch-template/lt-1",
            "DescribeLaunchTemplateVersions",
            _TEMPLATES,
            {"VersionNumber": 3},
            token="NextToken",
            needs=("LaunchTemplateId", "LaunchTemplateName"),
            title="train",
        ),
        Case(
            "AWS::EC2::SpotFleet",
            f"{_ARN}:spot-fleet-request/sfr-1",
            "DescribeSpotFleetRequests",
            {
                "DescribeSpotFleetRequests": {
                    "SpotFleetRequestConfigs": [
                        {
                            "SpotFleetRequestId": "sfr-1",
                            "SpotFleetRequestState": "active",
                            "SpotFleetRequestConfig": {
                                "IamFleetRole": "r",
                                "TargetCapacity": 1,
                                "LaunchSpecifications": [
                                    {"BlockDeviceMappings": [{"DeviceName": "/dev/sda", "Ebs": {"Encrypted": True}}]}
                                ],
                            },
                        }
                    ]
                }
            },
            {"SpotFleetRequestState": "active"},
            token="NextToken",
            needs=("SpotFleetRequestId", "IamFleetRole", "TargetCapacity"),
        ),
        Case(
            "api:EC2::ReservedInstances",
            f"{_ARN}:reserved-instances/r-1",
            "DescribeReservedInstances",
            {
                "DescribeReservedInstances": {
                    "ReservedInstances": [
                        {
                            "ReservedInstancesId": "r-1",
                            "InstanceType": "m5.large",
                            "InstanceCount": 2,
                            "End": "2026-01-03T20:54:22Z",
                        }
                    ]
                }
            },
            {"InstanceCount": 2},
            needs=("ReservedInstancesId",),
        ),
        Case(
            "api:EC2::ForeignImage",
            f"arn:aws:ec2:{REGION}::image/ami-1",
            "DescribeInstances",
            {
                **_INSTANCES,
                "DescribeLaunchTemplateVersions": {"LaunchTemplateVersions": []},
                "DescribeImages": {"Images": [_FOREIGN]},
                "GetParametersByPath": {"Parameters": [{"Name": _RELEASE, "Value": "ami-1"}]},
            },
            {"NewestOf": [_RELEASE]},
            token="NextToken",
            needs=("InstanceId", "ImageId", "Value", "Name"),
        ),
        Case(
            "api:EC2::Snapshot",
            f"arn:aws:ec2:{REGION}::snapshot/snap-1",
            "DescribeSnapshots",
            {
                "DescribeSnapshots": {
                    "Snapshots": [
                        {
                            "SnapshotId": "snap-1",
                            "VolumeId": "vol-1",
                            "VolumeSize": 8,
                            "Encrypted": True,
                            "StartTime": "2025-01-03T20:54:22Z",
                            "StorageTier": "archive",
                        }
                    ]
                }
            },
            {"Public": True},
            needs=("SnapshotId",),
        ),
    )

    def test_an_instance(self, scripted) -> None:
        scripted(_INSTANCES)
        (instance,) = Inventory(scan("AWS::EC2::Instance")).of(Instance)
        options = instance.metadata_options
        assert options is not None
        assert (options.http_tokens, options.http_endpoint, options.http_put_response_hop_limit) == (
            "required",
            "enabled",
            1,
        )
        assert (instance.image_id, instance.monitoring, instance.enclave_enabled) == ("ami-1", True, True)
        assert (instance.iam_instance_profile or "").endswith("/p")
        assert (instance.security_group_ids, instance.source_dest_check) == (("sg-1",), False)
        (interface,) = instance.network_interfaces
        assert (interface.group_set, interface.ipv6_addresses) == (("sg-1",), ("2600:1f16::1",))
        assert isinstance(instance.launch_time, datetime)
        assert instance.state_transition_reason.startswith("User initiated")
        with pytest.raises(Undecided):
            _ = instance.user_data

    def test_a_launch_template(self, scripted) -> None:
        scripted(_TEMPLATES)
        found = scan("AWS::EC2::LaunchTemplate")
        (template,) = Inventory(found).of(LaunchTemplate)
        data = template.data
        assert (data.instance_type, data.image_id, data.monitoring, data.market_type) == (
            "p3.2xlarge",
            "ami-2",
            True,
            "spot",
        )
        assert data.iam_instance_profile is not None
        assert (data.iam_instance_profile.name, data.iam_instance_profile.arn) == ("p", None)
        assert data.metadata_options is not None
        assert data.metadata_options.http_tokens == "optional"
        (interface,) = data.network_interfaces
        assert (interface.group_set, interface.ipv6_address_count) == (("sg-1",), 1)
        (disk,) = template.disks
        assert (disk.size, disk.encrypted) == (100, False)
        assert _SCRIPT not in repr(found.raws[0].properties)

    def test_the_rest(self, scripted) -> None:
        for case in (self.cases[1], self.cases[3], self.cases[4], self.cases[6]):
            scripted(case.answers)
        found = scan("api:EC2::UserData", "AWS::EC2::SpotFleet", "api:EC2::ReservedInstances", "api:EC2::Snapshot")
        inventory = Inventory(found)
        assert inventory.get(UserData, "i-1") is not None
        (fleet,), (reserved,), (snapshot,) = (
            inventory.of(SpotFleet),
            inventory.of(ReservedInstances),
            inventory.of(Snapshot),
        )
        (specification,) = fleet.launch_specifications
        assert [disk.ebs.encrypted for disk in specification.block_device_mappings if disk.ebs] == [True]
        assert (reserved.instance_type, reserved.instance_count, reserved.end.year) == ("m5.large", 2, 2026)
        assert (snapshot.encrypted, snapshot.public, snapshot.storage_tier) == (True, True, "archive")
        assert (snapshot.volume_id, snapshot.start_time.year) == ("vol-1", 2025)


def test_a_cancelled_fleet_is_left_out(moto, scripted):
    fleet = TestEc2.cases[3].answers["DescribeSpotFleetRequests"]["SpotFleetRequestConfigs"][0]
    cancelled = {**fleet, "SpotFleetRequestState": "cancelled"}
    scripted({"DescribeSpotFleetRequests": {"SpotFleetRequestConfigs": [cancelled]}})
    assert scan("AWS::EC2::SpotFleet").raws == []


def test_instances_are_listed_once_for_all_that_starts_with_them(moto, scripted):
    scripted({**TestEc2.cases[5].answers, **TestEc2.cases[1].answers})
    found = scan("AWS::EC2::Instance", "api:EC2::UserData", "api:EC2::ForeignImage")
    assert found.calls["ec2:DescribeInstances"] == 1


def test_foreign_images(moto, scripted):
    """Not the account's own; the releases of Deep Learning AMIs are only asked for where one is in use."""
    asked = []
    own = {**_FOREIGN, "ImageId": "ami-2", "OwnerId": ACCOUNT}
    plain = {**_FOREIGN, "Name": "al2023-ami-2023.6"}

    def images(params):
        asked.append((params["Filters"][0]["Values"], params["IncludeDeprecated"]))
        return {"Images": [own, plain]}

    scripted({**_INSTANCES, **_TEMPLATES, "DescribeImages": images})
    found = scan("api:EC2::ForeignImage")
    assert asked == [(["ami-1", "ami-2"], True)]
    assert "ssm:GetParametersByPath" not in found.calls
    (image,) = Inventory(found).of(ForeignImage)
    assert (image.raw.names, image.image_owner_alias) == (("ami-1",), "amazon")
    assert (image.creation_date.year, image.deprecation_time and image.deprecation_time.year) == (2025, 2027)
    with pytest.raises(Undecided):
        _ = image.newest_of


def test_an_outdated_deep_learning_image(moto, scripted):
    newer = {"Parameters": [{"Name": _RELEASE, "Value": "ami-9"}]}
    scripted({**TestEc2.cases[5].answers, "GetParametersByPath": newer})
    (image,) = Inventory(scan("api:EC2::ForeignImage")).of(ForeignImage)
    assert image.newest_of == ()


def test_which_snapshots_are_public(moto, scripted):
    every = [{"SnapshotId": name} for name in ("snap-1", "snap-2")]

    def snapshots(params):
        assert params["OwnerIds"] == ["self"]
        return {"Snapshots": every[1:] if params.get("RestorableByUserIds") == ["all"] else every}

    scripted({"DescribeSnapshots": snapshots})
    found = scan("api:EC2::Snapshot")
    assert {raw.title: raw.properties["Public"] for raw in found.raws} == {"snap-1": False, "snap-2": True}
    assert found.calls["ec2:DescribeSnapshots"] == 2


def test_which_snapshots_are_public_is_denied(moto, scripted):
    def snapshots(params):
        return "UnauthorizedOperation" if "RestorableByUserIds" in params else {"Snapshots": [{"SnapshotId": "snap-1"}]}

    scripted({"DescribeSnapshots": snapshots})
    found = scan("api:EC2::Snapshot")
    assert one(found, "api:EC2::Snapshot").properties["Public"] == Unknown(found.gaps[0].reason)


_SETTINGS: tuple[tuple[str, Any, type[Resource], str, Any], ...] = (
    (
        "GetEbsEncryptionByDefault",
        {"EbsEncryptionByDefault": True},
        ec2_settings.EbsEncryptionByDefault,
        "enabled",
        True,
    ),
    (
        "GetInstanceMetadataDefaults",
        {"AccountLevel": {"HttpTokens": "required"}},
        ec2_settings.InstanceMetadataDefaults,
        "http_tokens",
        "required",
    ),
    ("GetInstanceMetadataDefaults", {}, ec2_settings.InstanceMetadataDefaults, "http_tokens", None),
    (
        "GetImageBlockPublicAccessState",
        {"ImageBlockPublicAccessState": "block-new-sharing"},
        ec2_settings.ImageBlockPublicAccess,
        "state",
        "block-new-sharing",
    ),
    (
        "GetSnapshotBlockPublicAccessState",
        {"State": "unblocked"},
        ec2_settings.SnapshotBlockPublicAccess,
        "state",
        "unblocked",
    ),
    (
        "DescribeVpcBlockPublicAccessOptions",
        {"VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "off"}},
        ec2_settings.VpcBlockPublicAccess,
        "internet_gateway_block_mode",
        "off",
    ),
)


@pytest.mark.parametrize(("operation", "answer", "cls", "field", "value"), _SETTINGS)
def test_settings_of_a_region(moto, scripted, operation, answer, cls, field, value):
    scripted({operation: answer})
    found = scan(cls.cfn)
    assert (found.gaps, found.notices) == ([], [])
    (setting,) = Inventory(found).of(cls)
    assert getattr(setting, field) == value
    assert setting.title.endswith(f" in {REGION}")
    assert found.calls[f"ec2:{operation}"] == 1


@pytest.mark.parametrize(
    ("operation", "cls"), list(dict.fromkeys((operation, cls) for operation, _, cls, _, _ in _SETTINGS))
)
def test_a_denied_setting(moto, scripted, operation, cls):
    scripted({operation: "UnauthorizedOperation"})
    found = scan(cls.cfn)
    assert found.raws == []
    assert [(gap.operation, gap.types) for gap in found.gaps] == [(operation, (cls.cfn,))]


def test_what_moto_has(aws):
    ec2 = aws("ec2")
    image = ec2.register_image(Name="own", RootDeviceName="/dev/sda1")["ImageId"]
    instance = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, UserData="export DB_PASSWORD=hunter2hunter2")
    name = instance["Instances"][0]["InstanceId"]
    ec2.create_launch_template(
        LaunchTemplateName="train", LaunchTemplateData={"ImageId": image, "InstanceType": "g5.xlarge"}
    )
    volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=8)["VolumeId"]
    ec2.create_snapshot(VolumeId=volume, Description="d")
    types = ("AWS::EC2::Instance", "api:EC2::UserData", "api:EC2::Image", "AWS::EC2::Volume", "api:EC2::ForeignImage")
    found = scan(*types, "AWS::EC2::SpotFleet", "api:EC2::EbsEncryptionByDefault")
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    assert inventory.get(Instance, name) is not None
    script = inventory.get(UserData, name)
    assert script is not None
    assert script.user_data == "*** (looks like a secret, by its name)"
    (own,) = (one for one in inventory.of(Image) if one.raw.names == (image,))
    assert (own.public, own.name) == (False, "own")
    attached = {disk.raw.names[0]: [one.instance_id for one in disk.attachments] for disk in inventory.of(Volume)}
    assert attached[volume] == []
    assert [name] in attached.values()
    assert inventory.of(ForeignImage) == []
