"""Collectors for EC2: instances, volumes, the account's own images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector

_NOT_GONE = [{"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}]


def arn(api: Api, kind: str, name: str) -> str:
    """The ARN of a resource of EC2, whose API mostly tells only ids."""
    return f"arn:{api.partition}:ec2:{api.region}:{api.account}:{kind}/{name}"


def title(resource: Mapping[str, Any], name: str) -> str:
    """The Name tag where there is one, with the id, as names repeat."""
    given = next((tag["Value"] for tag in resource.get("Tags", ()) if tag["Key"] == "Name" and tag["Value"]), None)
    return f"{given} ({name})" if given else name


@collector("ec2", types=("AWS::EC2::Instance",), operations=("DescribeInstances",))
def instances(api: Api) -> Iterator[Raw]:
    """Every instance that is not terminated."""
    for instance in api.pages("DescribeInstances", "Reservations[].Instances[]", Filters=_NOT_GONE):
        name = instance["InstanceId"]
        properties = {**instance, "NetworkInterfaces": _interfaces(instance)}
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
        }
        for interface in instance.get("NetworkInterfaces", ())
    ]
    public = bool(instance.get("PublicIpAddress"))
    return interfaces or [{"AssociatePublicIpAddress": public, "SubnetId": instance.get("SubnetId")}]


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
