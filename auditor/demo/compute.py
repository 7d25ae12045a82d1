"""Instances, mostly with GPUs, and their volumes."""

from __future__ import annotations

from typing import Any, NamedTuple

from auditor.demo import backdate
from auditor.demo.site import Site, tagged


class Disk(NamedTuple):
    """A volume; `key` is its KMS key, None where it is not encrypted."""

    gigabytes: int
    kind: str
    key: str | None


class Instance(NamedTuple):
    """An instance with its root volume."""

    name: str
    type: str
    image: str
    subnet: str
    group: str
    root: Disk
    launched: int  # days ago
    work: str | None = None  # the tags Workload and Environment
    environment: str | None = None
    public: bool = False
    spot: bool = False
    stopped: bool = False


class Volume(NamedTuple):
    """A volume beside the root ones; attached to an instance, or to none."""

    name: str
    zone: str
    disk: Disk
    created: int  # days ago
    instance: str | None


PROD, DEV = "production", "development"
DLAMI, BASE, OLD = "larkspur-dlami-pytorch-v14", "larkspur-base-al2023-v31", "larkspur-analytics-ubuntu18-v2"

IMAGES = {
    "us-east-1": {
        DLAMI: "Deep Learning OSS Nvidia Driver AMI GPU PyTorch 2.7 (Ubuntu 22.04), hardened",
        BASE: "Amazon Linux 2023, hardened",
        OLD: "Ubuntu 18.04 of the analytics team",
    },
    "eu-west-1": {DLAMI: "Deep Learning OSS Nvidia Driver AMI GPU PyTorch 2.7 (Ubuntu 22.04), hardened"},
}

SMALL, GOOD, BIG = (Disk(size, "gp3", "ml-volumes") for size in (8, 100, 300))
OLD_100, OLD_250, OLD_500 = (Disk(size, "gp2", None) for size in (100, 250, 500))
GP2_200 = Disk(200, "gp2", "ml-volumes")
EU_GOOD = Disk(100, "gp3", "eu-inference")

# Two with a story: train-vision-01 has everything at once (a V100 on demand, on the internet, on an unencrypted gp2
# volume); workshop-jupyter is of a workshop three months ago. What each of them does all day is in `metrics`.
INSTANCES = {
    "us-east-1": [
        # name, type, image, subnet, group, root, days, work, environment
        Instance(
            "train-vision-01", "p3.2xlarge", OLD, "ml-public-a", "gpu-debug", OLD_500, 47, "training", DEV, public=True
        ),
        Instance("train-recsys-01", "g5.12xlarge", DLAMI, "ml-private-a", "training-nodes", GOOD, 12, "training", PROD),
        Instance(
            "train-sweep-01", "g5.2xlarge", DLAMI, "ml-private-b", "training-nodes", GOOD, 1, "training", DEV, spot=True
        ),
        Instance("train-speech-01", "p3.8xlarge", DLAMI, "ml-private-b", "training-nodes", BIG, 88, "training"),
        Instance("train-nlp-01", "p3.8xlarge", DLAMI, "ml-private-a", "training-nodes", BIG, 24, "training", PROD),
        Instance("label-video-01", "g4dn.xlarge", DLAMI, "ml-private-b", "training-nodes", GOOD, 62, None, DEV),
        Instance(
            "serve-vision-01", "g4dn.xlarge", DLAMI, "ml-private-b", "training-nodes", GOOD, 240, "inference", PROD
        ),
        Instance("batch-scoring-01", "c6i.2xlarge", BASE, "ml-private-a", "training-nodes", GOOD, 33, "batch", PROD),
        Instance("feature-builder-01", "r6i.2xlarge", BASE, "ml-private-a", "training-nodes", GOOD, 61, "etl", PROD),
        Instance("mlflow-01", "m6i.large", BASE, "ml-private-a", "mlflow", GOOD, 190, None, PROD),
        Instance("bastion", "t3.micro", BASE, "ml-public-a", "bastion", SMALL, 300, public=True),
        Instance("workshop-jupyter", "m5.xlarge", BASE, "ml-public-b", "jupyter-shared", OLD_100, 96, public=True),
        Instance(
            "experiment-vit",
            "g4dn.2xlarge",
            OLD,
            "ml-private-a",
            "training-nodes",
            GP2_200,
            140,
            None,
            DEV,
            stopped=True,
        ),
        Instance("legacy-etl", "m5.2xlarge", OLD, "legacy-private-a", "legacy-emr", OLD_250, 820),
    ],
    "eu-west-1": [
        Instance("eu-serve-01", "g5.xlarge", DLAMI, "eu-private-a", "eu-inference", EU_GOOD, 70, "inference", PROD),
        Instance("eu-debug", "t3.medium", DLAMI, "eu-public-a", "eu-debug", OLD_100, 20, None, DEV, public=True),
    ],
}

VOLUMES = {
    "us-east-1": [
        Volume("recsys-dataset-cache", "a", Disk(1000, "gp3", "ml-volumes"), 12, "train-recsys-01"),
        Volume("speech-corpus", "b", Disk(2000, "gp2", "ml-volumes"), 88, "train-speech-01"),
        Volume("imagenet-copy", "a", Disk(500, "gp2", None), 410, None),
        Volume("sweep-scratch", "b", Disk(100, "gp3", "ml-volumes"), 65, None),
    ],
    "eu-west-1": [],
}


def build(site: Site) -> None:
    """Make the region's images, instances and volumes. Needs the network, keys and roles."""
    ec2 = site.client("ec2")
    for name, what in IMAGES[site.region].items():
        made = ec2.register_image(Name=name, Description=what, RootDeviceName="/dev/sda1")
        site.ids[name] = made["ImageId"]
        ec2.create_tags(Resources=[made["ImageId"]], Tags=[{"Key": "Name", "Value": name}])
    for instance in INSTANCES[site.region]:
        _instance(site, instance)
    for volume in VOLUMES[site.region]:
        made = ec2.create_volume(
            AvailabilityZone=site.region + volume.zone,
            TagSpecifications=tagged("volume", Name=volume.name),
            **_disk(site, volume.disk, "Size"),
        )
        if volume.instance:
            ec2.attach_volume(VolumeId=made["VolumeId"], InstanceId=site.ids[volume.instance], Device="/dev/sdf")
        site.ids[volume.name] = made["VolumeId"]
        backdate.age_volume(site.region, made["VolumeId"], created=volume.created)


def _instance(site: Site, wanted: Instance) -> None:
    ec2 = site.client("ec2")
    said = {"Name": wanted.name, "Workload": wanted.work, "Environment": wanted.environment}
    made = ec2.run_instances(
        ImageId=site.ids[wanted.image],
        InstanceType=wanted.type,
        MinCount=1,
        MaxCount=1,
        NetworkInterfaces=[
            {
                "DeviceIndex": 0,
                "SubnetId": site.ids[wanted.subnet],
                "Groups": [site.ids[wanted.group]],
                "AssociatePublicIpAddress": wanted.public,
            }
        ],
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": _disk(site, wanted.root, "VolumeSize")}],
        MetadataOptions={"HttpTokens": "optional" if wanted.image == OLD else "required", "HttpEndpoint": "enabled"},
        TagSpecifications=[
            *tagged("instance", **{key: value for key, value in said.items() if value}),
            *tagged("volume", Name=f"{wanted.name}-root"),
        ],
        **({"IamInstanceProfile": {"Name": "gpu-nodes"}} if wanted.work == "training" else {}),
        **({"InstanceMarketOptions": {"MarketType": "spot"}} if wanted.spot else {}),
    )
    instance = site.ids[wanted.name] = made["Instances"][0]["InstanceId"]
    backdate.age_instance(site.region, instance, launched=wanted.launched)
    if wanted.stopped:
        ec2.stop_instances(InstanceIds=[instance])


def _disk(site: Site, disk: Disk, size: str) -> dict[str, Any]:
    encryption = {"Encrypted": True, "KmsKeyId": site.ids[disk.key]} if disk.key else {"Encrypted": False}
    return {size: disk.gigabytes, "VolumeType": disk.kind, **encryption}
