"""EC2: instances, launch templates, volumes, snapshots, images."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from auditor.knowledge.machine_images import ImageSource
from auditor.members import every, if_known, in_turn, known_first, some, those
from auditor.resources.autoscaling import AutoScalingGroup
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part
from auditor.resources.launching import BlockDevice, BlockDeviceMapping, MetadataOptions
from auditor.resources.launching import Ebs as Ebs
from auditor.resources.tags import Tags
from auditor.resources.texts import Secret, secrets_of
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


class Attachment(Struct):
    """An instance that a volume is attached to."""

    instance_id: str | None = None
    device: Annotated[str | None, From(cfn=NOWHERE, tf=NOWHERE)] = None
    delete_on_termination: bool = False


class Volume(Resource, cfn="AWS::EC2::Volume", tf="aws_ebs_volume"):
    """An EBS volume; sizes in GiB, throughput in MiB/s (EC2 DescribeVolumes)."""

    volume_type: Annotated[str, From(tf="type")] = "gp2"
    size: int | None = None
    iops: int | None = None
    throughput: int | None = None
    encrypted: bool | None = None
    kms_key_id: str | None = None
    snapshot_id: str | None = None
    state: Annotated[str, From(cfn=None, tf=None)]
    attachments: Annotated[tuple[Attachment, ...], From(cfn=None, tf=None)] = ()
    # A volume that is declared stays when an instance goes, so templates say nothing of it.
    mounts: Annotated[tuple[Attachment, ...], From(cfn=NOWHERE, tf=NOWHERE, live="Attachments")] = ()
    tags: Tags = Tags({})

    @property
    def is_temporary(self) -> bool:
        """Whether it is deleted with the instance that it is attached to."""
        return some(self.mounts, lambda mount: mount.delete_on_termination)

    @property
    def disks(self) -> "Iterator[Volume]":
        """Itself, as instances and launch templates have disks, too."""
        yield self


class NetworkInterface(Struct):
    """A network interface that an instance starts with; live, whether it has a public address."""

    associate_public_ip_address: bool | None = None
    network_interface_id: str | None = None
    subnet_id: str | None = None
    group_set: Annotated[tuple[str, ...], From(cfn="Groups", tf="security_groups", live="Groups")] = ()
    ipv6_addresses: tuple[Any, ...] = ()
    ipv6_address_count: int = 0


class InstanceInterface(NetworkInterface):
    """A network interface of an instance, with its security groups."""

    group_set: Annotated[tuple[str, ...], From(tf="vpc_security_group_ids")] = ()


class TagSpecification(Struct):
    """Tags for what a launch template creates."""

    resource_type: str | None = None
    tags: Tags = Tags({})


class LaunchTemplateSpecification(Struct):
    """Which launch template to start from."""

    launch_template_id: Annotated[str | None, From(tf="id")] = None
    launch_template_name: Annotated[str | None, From(tf="name")] = None


class LaunchTemplateProfile(Struct):
    """The instance profile that a launch template gives."""

    arn: str | None = None
    name: str | None = None


class LaunchTemplateData(Struct):
    """What a launch template says of the instances that start from it."""

    instance_type: str | None = None
    image_id: str | None = None
    image_source: Annotated[ImageSource, From(cfn="", tf="", live="")]
    iam_instance_profile: LaunchTemplateProfile | None = None
    metadata_options: MetadataOptions | None = None
    monitoring: Annotated[bool, From(cfn="Monitoring.Enabled", tf="monitoring.enabled", live="Monitoring.Enabled")] = (
        False
    )
    user_data: str | None = None
    market_type: Annotated[
        str | None,
        From(
            cfn="InstanceMarketOptions.MarketType",
            tf="instance_market_options.market_type",
            live="InstanceMarketOptions.MarketType",
        ),
    ] = None
    network_interfaces: tuple[NetworkInterface, ...] = ()
    security_group_ids: Annotated[tuple[str, ...], From(tf="vpc_security_group_ids")] = ()
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
    network_interfaces: Annotated[tuple[InstanceInterface, ...], From(tf="network_interface")] = ()
    # As version 6 of Terraform's provider has the first one where that is a resource of its own.
    primary_network_interface: Annotated[InstanceInterface | None, From(cfn=NOWHERE, live=NOWHERE)] = None
    attached_interfaces: Annotated[
        tuple[str, ...],
        From(cfn=NOWHERE, tf=NOWHERE, live=NOWHERE),
        Part("AWS::EC2::NetworkInterfaceAttachment", by="InstanceId", take="NetworkInterfaceId"),
        Part("aws_network_interface_attachment", by="instance_id", take="network_interface_id"),
    ] = ()
    # Terraform says of the first interface at the instance itself what the others have a block for.
    first_interface: Annotated[InstanceInterface | None, From(cfn=NOWHERE, tf="", live=NOWHERE)] = None
    elastic_ips: Annotated[
        tuple[str, ...],
        From(cfn=NOWHERE, tf=NOWHERE),
        Part("AWS::EC2::EIP", by="InstanceId", take="InstanceId"),
        Part("AWS::EC2::EIPAssociation", by="InstanceId", take="InstanceId"),
        Part("aws_eip", by="instance", take="instance"),
        Part("aws_eip_association", by="instance_id", take="instance_id"),
    ] = ()
    block_device_mappings: Annotated[tuple[BlockDevice, ...], From(tf="ebs_block_device")] = ()
    root_block_device: Annotated[BlockDevice | None, From(cfn=NOWHERE, live=NOWHERE)] = None
    image_id: Annotated[str | None, From(tf="ami")] = None
    image_source: Annotated[ImageSource, From(cfn="", tf="", live="")]
    iam_instance_profile: Annotated[str | None, From(live="IamInstanceProfile.Arn")] = None
    metadata_options: MetadataOptions | None = None
    monitoring: bool = False
    security_group_ids: Annotated[tuple[str, ...], From(tf="vpc_security_group_ids")] = ()
    ipv6_addresses: Annotated[tuple[Any, ...], From(live="Ipv6Address")] = ()
    ipv6_address_count: int = 0
    source_dest_check: bool = True
    enclave_enabled: Annotated[
        bool, From(cfn="EnclaveOptions.Enabled", tf="enclave_options.enabled", live="EnclaveOptions.Enabled")
    ] = False
    user_data: Annotated[str | None, From(live=None)] = None
    user_data_base64: Annotated[str | None, From(cfn=NOWHERE, live=None)] = None
    launch_time: Annotated[datetime, From(cfn=None, tf=None)]
    state_transition_reason: Annotated[str, From(cfn=None, tf=None)] = ""
    platform: Annotated[str | None, From(cfn=NOWHERE, tf=NOWHERE)] = None  # "windows", or nothing
    virtualization_type: Annotated[str | None, From(cfn=NOWHERE, tf=NOWHERE)] = None  # the image decides
    lifecycle: Annotated[
        str | None, From(cfn=NOWHERE, tf="instance_market_options.market_type", live="InstanceLifecycle")
    ] = None
    state: Annotated[str, From(cfn=NOWHERE, tf=NOWHERE, live="State.Name")] = "running"
    tags: Tags = Tags({})

    def secrets(self, inventory: "Inventory") -> tuple[Secret, ...]:
        """What looks like a secret in its user data, which an account keeps apart; undecided as `secrets_of` is."""
        if self.raw.dialect != "live":
            return secrets_of(self, "user_data", "user_data_base64")
        kept = inventory.get(UserData, self.raw.id)
        return secrets_of(kept, "user_data") if kept else ()

    def template_data(self, inventory: "Inventory") -> LaunchTemplateData | None:
        """What its launch template says, None where it has none."""
        source = self.launch_template
        if source is None:
            return None
        template = inventory.get(LaunchTemplate, source.launch_template_id or source.launch_template_name, near=self)
        return template.data if template else None

    def details(self, inventory: "Inventory") -> "InstanceType | None":
        """Its type; see `type_details`."""
        name = self.instance_type
        if name is None and (data := self.template_data(inventory)):
            name = data.instance_type
        return type_details(name)

    def interfaces(self, inventory: "Inventory") -> tuple[NetworkInterface, ...]:
        """The network interfaces that it, or else its launch template, asks for."""
        own = in_turn(self.network_interfaces, known_first((self,), lambda one: one.primary_network_interface))
        first = self.first_interface
        if not own and first and first.associate_public_ip_address is not None:
            return (first,)
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
    def is_windows(self) -> bool:
        """Whether it runs Windows, as EC2 says, or else its image's public parameter or its own name."""
        image = if_known(self, "image_source")
        said = (if_known(self, "platform"), image.parameter if image else None, self.title)
        return any("windows" in text.lower() for text in said if text)

    @property
    def disks(self) -> Iterator[Ebs]:
        """The volumes that it starts with; a live instance's volumes are resources of their own."""
        root = known_first((self,), lambda one: one.root_block_device)
        return _disks(in_turn(root, self.block_device_mappings))


class SpotInstanceRequest(Instance, tf="aws_spot_instance_request"):
    """An instance that Terraform asks for as a spot one; CloudFormation has a launch template for that."""

    lifecycle: Annotated[str | None, From(tf=NOWHERE)] = "spot"


class LaunchTemplate(Resource, cfn="AWS::EC2::LaunchTemplate", tf="aws_launch_template"):
    """A launch template; live, its default version. Of itself it runs nothing."""

    data: Annotated[LaunchTemplateData, From(cfn="LaunchTemplateData", tf="", live="LaunchTemplateData")]
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


class UserData(Resource, cfn="api:EC2::UserData"):
    """The user data of an instance that has some; named after it (EC2 DescribeInstanceAttribute)."""

    user_data: str


class ImageDisk(Struct):
    """A disk that an image brings."""

    snapshot_id: Annotated[str | None, From(cfn="Ebs.SnapshotId", tf="snapshot_id", live="Ebs.SnapshotId")] = None
    encrypted: Annotated[bool, From(cfn="Ebs.Encrypted", tf="encrypted", live="Ebs.Encrypted")] = False


class _AnyImage(Resource):
    """What there is to know of an image, whoever owns it (EC2 DescribeImages)."""

    name: str | None = None
    creation_date: Annotated[datetime, From(tf=None)]
    deprecation_time: datetime | None = None


class Image(_AnyImage, cfn="api:EC2::Image", tf="aws_ami"):
    """An image of the account's own."""

    public: Annotated[bool, From(tf=None)] = False
    shared_with: Annotated[
        tuple[str, ...],
        From(tf=NOWHERE, live=None),
        Part("aws_ami_launch_permission", by="image_id", take="group"),
        Part("aws_ami_launch_permission", by="image_id", take="account_id"),
    ] = ()
    block_device_mappings: Annotated[tuple[ImageDisk, ...], From(tf="ebs_block_device")] = ()


class ForeignImage(_AnyImage, cfn="api:EC2::ForeignImage"):
    """An image of somebody else's that an instance or a launch template uses.

    `newest_of` names the releases of Deep Learning AMIs (paths of public SSM parameters) of which it is the newest;
    it is undecided for images of another kind.
    """

    image_owner_alias: str | None = None
    owner_id: str
    newest_of: tuple[str, ...]


class Snapshot(Resource, cfn="api:EC2::Snapshot", tf="aws_ebs_snapshot"):
    """A snapshot of the account's own (EC2 DescribeSnapshots); sizes in GiB but for the full one, in bytes."""

    volume_id: str | None = None
    volume_size: int | None = None
    full_snapshot_size_in_bytes: Annotated[int | None, From(tf=None)] = None
    start_time: Annotated[datetime, From(tf=None)]
    storage_tier: str = "standard"
    encrypted: bool = False
    kms_key_id: str | None = None
    public: Annotated[bool, From(tf=None)]
    shared_with: Annotated[
        tuple[str, ...],
        From(tf=NOWHERE, live=None),
        Part("aws_snapshot_create_volume_permission", by="snapshot_id", take="account_id"),
    ] = ()
    tags: Tags = Tags({})


class SnapshotCopy(Resource, tf="aws_ebs_snapshot_copy"):
    """A copy of a snapshot, as Terraform declares it; live, it is a snapshot."""

    encrypted: bool = False
    kms_key_id: str | None = None


class ImageCopy(Resource, tf="aws_ami_copy"):
    """A copy of an image, as Terraform declares it; live, it is an image."""

    encrypted: bool = False
    kms_key_id: str | None = None


class LaunchSpecification(Struct):
    """Instances that a spot fleet starts."""

    block_device_mappings: Annotated[tuple[BlockDevice, ...], From(tf="ebs_block_device")] = ()


class SpotFleet(Resource, cfn="AWS::EC2::SpotFleet", tf="aws_spot_fleet_request"):
    """A spot fleet request that is not cancelled."""

    launch_specifications: Annotated[
        tuple[LaunchSpecification, ...],
        From(
            cfn="SpotFleetRequestConfigData.LaunchSpecifications",
            tf="launch_specification",
            live="SpotFleetRequestConfig.LaunchSpecifications",
        ),
    ] = ()


class ReservedInstances(Resource, cfn="api:EC2::ReservedInstances"):
    """Reserved Instances that are active (EC2 DescribeReservedInstances)."""

    instance_type: str
    instance_count: int
    end: datetime


def _disks(mappings: Iterable[BlockDeviceMapping]) -> Iterator[Ebs]:
    none = True
    for mapping in those(mappings, lambda mapping: mapping.ebs is not None):
        if mapping.ebs:
            none = False
            yield mapping.ebs
    if none:
        raise Undecided("it asks for no volume of its own", elsewhere=True)
