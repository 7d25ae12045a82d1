"""Collectors for EC2: instances and what they start from, volumes, snapshots, images, reservations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.values import ABSENT, Unknown

_NOT_GONE = [{"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}]
_FILTER_VALUES = 200  # as many as a filter takes
_DEEP_LEARNING_RELEASES = "/aws/service/deeplearning/ami"


def arn(api: Api, kind: str, name: str) -> str:
    """The ARN of a resource of EC2, whose API mostly tells only ids."""
    return f"arn:{api.partition}:ec2:{api.region}:{api.account}:{kind}/{name}"


def title(resource: Mapping[str, Any], name: str) -> str:
    """The Name tag where there is one, with the id, as names repeat."""
    given = next((tag["Value"] for tag in resource.get("Tags", ()) if tag["Key"] == "Name" and tag["Value"]), None)
    return f"{given} ({name})" if given else name


def _instances(api: Api) -> Iterator[Mapping[str, Any]]:
    """Every instance that is not terminated, asked once for all collectors."""
    return api.pages("DescribeInstances", "Reservations[].Instances[]", shared=True, Filters=_NOT_GONE)


@collector("ec2", types=("AWS::EC2::Instance",), operations=("DescribeInstances",))
def instances(api: Api) -> Iterator[Raw]:
    """Every instance that is not terminated."""
    for instance in _instances(api):
        name = instance["InstanceId"]
        properties = {
            **instance,
            "NetworkInterfaces": _interfaces(instance),
            "Monitoring": instance.get("Monitoring", {}).get("State") in ("enabled", "pending"),
            "SecurityGroupIds": group_ids(instance.get("SecurityGroups")),
        }
        properties.pop("BlockDeviceMappings", None)  # its volumes are resources of their own
        yield api.raw(
            "AWS::EC2::Instance",
            arn(api, "instance", name),
            properties,
            names=(name,),
            title=title(instance, name),
        )


def _interfaces(instance: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Its network interfaces in CloudFormation's words; there is one at least."""
    interfaces = [
        {
            "AssociatePublicIpAddress": bool(interface.get("Association", {}).get("PublicIp")),
            "NetworkInterfaceId": interface.get("NetworkInterfaceId"),
            "SubnetId": interface.get("SubnetId"),
            "GroupSet": group_ids(interface.get("Groups")),
            "Ipv6Addresses": [address.get("Ipv6Address") for address in interface.get("Ipv6Addresses", ())],
        }
        for interface in instance.get("NetworkInterfaces", ())
    ]
    public = bool(instance.get("PublicIpAddress"))
    return interfaces or [{"AssociatePublicIpAddress": public, "SubnetId": instance.get("SubnetId")}]


def group_ids(groups: Any) -> list[str]:
    """The ids of security groups, of which the API also tells the names."""
    return [group["GroupId"] for group in groups or ()]


@collector("ec2", types=("api:EC2::UserData",), operations=("DescribeInstances", "DescribeInstanceAttribute"))
def user_data(api: Api) -> Iterator[Raw]:
    """The user data of every instance that has some; a type of its own, as it costs a call for each."""

    def asked(instance: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
        gone = ("InvalidInstanceID.NotFound",)
        return instance, api.ask(
            "DescribeInstanceAttribute",
            "UserData.Value",
            gone=gone,
            Attribute="userData",
            InstanceId=instance["InstanceId"],
            resource=instance["InstanceId"],
        )

    for instance, data in api.each(asked, _instances(api)):
        if data is None or data is ABSENT:
            continue
        name = instance["InstanceId"]
        yield api.raw(
            "api:EC2::UserData",
            arn(api, "instance", name),
            {"UserData": data},
            names=(name,),
            title=title(instance, name),
        )


@collector("ec2", types=("AWS::EC2::LaunchTemplate",), operations=("DescribeLaunchTemplateVersions",))
def launch_templates(api: Api) -> Iterator[Raw]:
    """The default version of every launch template: asked without a template, EC2 tells that of all of them."""
    for version in _launch_templates(api):
        name = version["LaunchTemplateId"]
        yield api.raw(
            "AWS::EC2::LaunchTemplate",
            arn(api, "launch-template", name),
            version,
            names=(name, version["LaunchTemplateName"]),
            title=version["LaunchTemplateName"],
        )


def _launch_templates(api: Api) -> Iterator[Mapping[str, Any]]:
    return api.pages("DescribeLaunchTemplateVersions", "LaunchTemplateVersions", shared=True, Versions=["$Default"])


@collector("ec2", types=("AWS::EC2::SpotFleet",), operations=("DescribeSpotFleetRequests",))
def spot_fleets(api: Api) -> Iterator[Raw]:
    """Every spot fleet request that is not cancelled."""
    for fleet in api.pages("DescribeSpotFleetRequests", "SpotFleetRequestConfigs"):
        if fleet.get("SpotFleetRequestState") in ("cancelled", "cancelled_terminating", "failed"):
            continue
        name = fleet["SpotFleetRequestId"]
        yield api.raw(
            "AWS::EC2::SpotFleet",
            arn(api, "spot-fleet-request", name),
            fleet,
            names=(name,),
            title=title(fleet, name),
        )


@collector("ec2", types=("api:EC2::ReservedInstances",), operations=("DescribeReservedInstances",))
def reserved_instances(api: Api) -> Iterator[Raw]:
    """Reserved Instances that are active."""
    active = [{"Name": "state", "Values": ["active"]}]
    for reserved in api.pages("DescribeReservedInstances", "ReservedInstances", Filters=active):
        name = reserved["ReservedInstancesId"]
        yield api.raw(
            "api:EC2::ReservedInstances", arn(api, "reserved-instances", name), reserved, names=(name,), title=name
        )


@collector("ec2", types=("AWS::EC2::Volume",), operations=("DescribeVolumes",))
def volumes(api: Api) -> Iterator[Raw]:
    """Every EBS volume."""
    for volume in api.pages("DescribeVolumes", "Volumes"):
        name = volume["VolumeId"]
        yield api.raw("AWS::EC2::Volume", arn(api, "volume", name), volume, names=(name,), title=title(volume, name))


@collector("ec2", types=("api:EC2::Image",), operations=("DescribeImages",))
def images(api: Api) -> Iterator[Raw]:
    """The account's own images."""
    for image in api.pages("DescribeImages", "Images", Owners=["self"]):
        name = image["ImageId"]
        yield api.raw(
            "api:EC2::Image",
            arn(api, "image", name).replace(f":{api.account}:", "::"),
            image,
            names=(name,),
            title=image.get("Name") or name,
        )


@collector(
    "ec2",
    types=("api:EC2::ForeignImage",),
    operations=("DescribeInstances", "DescribeLaunchTemplateVersions", "DescribeImages"),
    details={"ssm:GetParametersByPath": ("NewestOf",)},
)
def foreign_images(api: Api) -> Iterator[Raw]:
    """The images of others that instances and launch templates use, also deprecated ones; a private one is not told."""
    instances = (instance.get("ImageId") for instance in _instances(api))
    templates = (template["LaunchTemplateData"].get("ImageId") for template in _launch_templates(api))
    used = sorted({name for name in chain(instances, templates) if name and name.startswith("ami-")})
    releases: dict[str, list[str]] | Unknown | None = None
    for start in range(0, len(used), _FILTER_VALUES):
        which = [{"Name": "image-id", "Values": used[start : start + _FILTER_VALUES]}]
        for image in api.pages("DescribeImages", "Images", Filters=which, IncludeDeprecated=True):
            if image.get("OwnerId") == api.account:
                continue
            name = image["ImageId"]
            properties = image
            if _is_deep_learning(image):
                releases = _releases(api) if releases is None else releases
                newest = releases if isinstance(releases, Unknown) else releases.get(name, [])
                properties = {**image, "NewestOf": newest}
            yield api.raw(
                "api:EC2::ForeignImage",
                f"arn:{api.partition}:ec2:{api.region}::image/{name}",
                properties,
                names=(name,),
                title=image.get("Name") or name,
            )


def _is_deep_learning(image: Mapping[str, Any]) -> bool:
    return image.get("ImageOwnerAlias") == "amazon" and (image.get("Name") or "").startswith("Deep Learning")


def _releases(api: Api) -> dict[str, list[str]] | Unknown:
    """The public parameters that name the newest Deep Learning AMIs, by image; ten a call, so asked only for these."""
    found = api.ask_all(
        "GetParametersByPath", "Parameters", service="ssm", Path=_DEEP_LEARNING_RELEASES, Recursive=True
    )
    if isinstance(found, Unknown):
        return found
    releases: dict[str, list[str]] = defaultdict(list)
    for parameter in found:
        releases[parameter["Value"]].append(parameter["Name"])
    return releases


@collector("ec2", types=("api:EC2::Snapshot",), operations=("DescribeSnapshots",))
def snapshots(api: Api) -> Iterator[Raw]:
    """The account's own snapshots. A second list, of those that everyone can restore, saves a call for each."""
    public: set[str] | Unknown | None = None
    for snapshot in api.pages("DescribeSnapshots", "Snapshots", OwnerIds=["self"]):
        public = _public_snapshots(api) if public is None else public
        name = snapshot["SnapshotId"]
        yield api.raw(
            "api:EC2::Snapshot",
            arn(api, "snapshot", name).replace(f":{api.account}:", "::"),
            {**snapshot, "Public": public if isinstance(public, Unknown) else name in public},
            names=(name,),
            title=title(snapshot, name),
        )


def _public_snapshots(api: Api) -> set[str] | Unknown:
    found = api.ask_all(
        "DescribeSnapshots",
        "Snapshots[].SnapshotId",
        OwnerIds=["self"],
        RestorableByUserIds=["all"],
        resource="public snapshots",
    )
    return found if isinstance(found, Unknown) else set(found)
