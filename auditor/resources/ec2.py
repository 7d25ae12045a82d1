"""EC2: instances, launch templates, volumes, images."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

from auditor.members import every, those
from auditor.resources.autoscaling import AutoScalingGroup
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part
from auditor.resources.tags import Tags
from auditor.values import Undecided

if TYPE_CHECKING:
    from auditor.inventory import Inventory
    from auditor.pricing.book import InstanceType


def type_details(name: str | None) -> "InstanceType | None":
    """What the price book knows of an instance type; None where no type is given.

    Raises:
        Undecided: it does not know the type.
    """
    from auditor.pricing import book

    if name is None:
        return None
    details = book.instance_type(name)
    if details is None:
        raise Undecided(f"the instance type {name} is not known here")
    return details


class Volume(Resource, cfn="AWS::EC2::Volume", tf="aws_ebs_volume"):
    """An EBS volume; sizes in GiB, throughput in MiB/s (EC2 DescribeVolumes)."""

    volume_type: Annotated[str, From(tf="type")] = "gp2"
    size: int | None = None
    iops: int | None = None
    throughput: int | None = None
    encrypted: bool | None = None
    snapshot_id: str | None = None
    state: Annotated[str, From(cfn=None, tf=None)]

    @property
    def disks(self) -> "Iterator[Volume]":
        """Itself, as instances and launch templates have disks, too."""
        yield self


class Ebs(Struct):
    """The volume that a block device mapping asks for."""

    volume_type: str | None = None
    size: Annotated[int | None, From(cfn="VolumeSize", tf="volume_size")] = None


class BlockDeviceMapping(Struct):
    """A disk of an instance."""

    ebs: Ebs | None = None


class NetworkInterface(Struct):
    """A network interface that an instance starts with; live, whether it has a public address."""

    associate_public_ip_address: bool | None = None
    network_interface_id: str | None = None
    subnet_id: str | None = None


class TagSpecification(Struct):
    """Tags for what a launch template creates."""

    resource_type: str | None = None
    tags: Tags = Tags({})


class LaunchTemplateSpecification(Struct):
    """Which launch template to start from."""

    launch_template_id: Annotated[str | None, From(tf="id")] = None
    launch_template_name: Annotated[str | None, From(tf="name")] = None


class LaunchTemplateData(Struct):
    """What a launch template says of the instances that start from it."""

    instance_type: str | None = None
    market_type: Annotated[
        str | None, From(cfn="InstanceMarketOptions.MarketType", tf="instance_market_options.market_type")
    ] = None
    network_interfaces: tuple[NetworkInterface, ...] = ()
    block_device_mappings: tuple[BlockDeviceMapping, ...] = ()
    tag_specifications: tuple[TagSpecification, ...] = ()

    @property
    def instance_tags(self) -> Iterator[Tags]:
        """The tags that its instances get."""
        return (spec.tags for spec in those(self.tag_specifications, lambda spec: spec.resource_type == "instance"))


class Instance(Resource, cfn="AWS::EC2::Instance", tf="aws_instance"):
    """An EC2 instance."""

    instance_type: str | None = None
    launch_template: LaunchTemplateSpecification | None = None
    subnet_id: str | None = None
    network_interfaces: Annotated[tuple[NetworkInterface, ...], From(tf="network_interface")] = ()
    elastic_ips: Annotated[
        tuple[str, ...],
        From(cfn=NOWHERE, tf=NOWHERE),
        Part("AWS::EC2::EIP", by="InstanceId", take="InstanceId"),
        Part("AWS::EC2::EIPAssociation", by="InstanceId", take="InstanceId"),
        Part("aws_eip", by="instance", take="instance"),
        Part("aws_eip_association", by="instance_id", take="instance_id"),
    ] = ()
    block_device_mappings: Annotated[tuple[BlockDeviceMapping, ...], From(tf="ebs_block_device")] = ()
    lifecycle: Annotated[
        str | None, From(cfn=NOWHERE, tf="instance_market_options.market_type", live="InstanceLifecycle")
    ] = None
    state: Annotated[str, From(cfn=NOWHERE, tf=NOWHERE, live="State.Name")] = "running"
    tags: Tags = Tags({})

    def template_data(self, inventory: "Inventory") -> LaunchTemplateData | None:
        """What its launch template says, None where it has none."""
        source = self.launch_template
        if source is None:
            return None
        template = inventory.get(LaunchTemplate, source.launch_template_id or source.launch_template_name)
        return template.data if template else None

    def details(self, inventory: "Inventory") -> "InstanceType | None":
        """Its type; see `type_details`."""
        name = self.instance_type
        if name is None and (data := self.template_data(inventory)):
            name = data.instance_type
        return type_details(name)

    def interfaces(self, inventory: "Inventory") -> tuple[NetworkInterface, ...]:
        """The network interfaces that it, or else its launch template, asks for."""
        own = self.network_interfaces
        data = None if own else self.template_data(inventory)
        return data.network_interfaces if data else own

    def subnets(self, inventory: "Inventory") -> "Iterator[tuple[str | None, NetworkInterface | None]]":
        """The ids of its subnets, each with the network interface that names it, None where the instance does."""
        own = self.subnet_id
        if own:
            yield own, None
            return
        some = False
        for interface in self.interfaces(inventory):
            some = True
            yield interface.subnet_id, interface
        if not some:
            yield None, None

    def on_demand(self, inventory: "Inventory") -> bool:
        """Whether it pays the on-demand price."""

        def template_leaves_it() -> bool:
            data = self.template_data(inventory)
            return data is None or data.market_type is None

        return every(lambda: self.lifecycle is None, template_leaves_it)

    def tag_sets(self, inventory: "Inventory") -> Iterable[Tags]:
        """Its own tags and those that its launch template gives it."""
        yield self.tags
        if data := self.template_data(inventory):
            yield from data.instance_tags

    @property
    def running(self) -> bool:
        """Whether it costs instance hours."""
        return self.state in ("pending", "running")

    @property
    def disks(self) -> Iterator[Ebs]:
        """The volumes that it starts with; a live instance's volumes are resources of their own."""
        return _disks(self.block_device_mappings)


class LaunchTemplate(Resource, cfn="AWS::EC2::LaunchTemplate", tf="aws_launch_template"):
    """A launch template. Of itself it runs nothing."""

    data: Annotated[LaunchTemplateData, From(cfn="LaunchTemplateData", tf="")]
    running = False

    def details(self, inventory: "Inventory") -> "InstanceType | None":
        """The type that it starts; see `type_details`."""
        return type_details(self.data.instance_type)

    def on_demand(self, inventory: "Inventory") -> bool:
        """Whether an Auto Scaling group starts it on demand; who else does so is not known."""
        if self.data.market_type is not None:
            return False
        groups = inventory.all(AutoScalingGroup, near=self)
        return any(True for _ in those(groups, lambda group: group.starts(self)))

    def tag_sets(self, inventory: "Inventory") -> Iterable[Tags]:
        """The tags that its instances get."""
        return self.data.instance_tags

    @property
    def disks(self) -> Iterator[Ebs]:
        """The volumes that its instances start with."""
        return _disks(self.data.block_device_mappings)


class Image(Resource, cfn="api:EC2::Image", tf="aws_ami"):
    """An image of the account's own (EC2 DescribeImages)."""


def _disks(mappings: Iterable[BlockDeviceMapping]) -> Iterator[Ebs]:
    none = True
    for mapping in those(mappings, lambda mapping: mapping.ebs is not None):
        if mapping.ebs:
            none = False
            yield mapping.ebs
    if none:
        raise Undecided("it asks for no volume of its own", elsewhere=True)
