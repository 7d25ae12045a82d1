"""EC2: the images that machines start from."""

from auditor import LOW, MEDIUM, Findings, Inventory, check
from auditor.clock import now
from auditor.knowledge.machine_images import ImageSource, used_image
from auditor.resources.ec2 import ForeignImage, Image, Instance, LaunchTemplate

_BASE = "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-%s/latest/ami-id"
_LINUX = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
_INSTANCE = "AWS::EC2::Instance: {InstanceType: %s, ImageId: '{{resolve:ssm:%s}}'}"
_BY_PARAMETER = """
        Parameters:
          Image: {Type: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>, Default: %s}
        Resources:
          Trainer: {Type: AWS::EC2::Instance, Properties: {InstanceType: g5.xlarge, ImageId: !Ref Image}}
        """
_TEMPLATE = "AWS::EC2::LaunchTemplate: {LaunchTemplateData: {InstanceType: g5.xlarge, ImageId: 'resolve:ssm:%s'}}"
_PYTORCH = "/aws/service/deeplearning/ami/x86_64/oss-nvidia-driver-gpu-pytorch-%s/latest/ami-id"


@check(
    "ec2-dlami-outdated",
    title="Deep Learning AMIs in use are recent and supported",
    severity=MEDIUM,
    uses=(LaunchTemplate, ForeignImage, Image),
    bad=(
        _INSTANCE % ("g5.xlarge", _PYTORCH % "2.3-ubuntu-22.04"),
        _TEMPLATE % (_PYTORCH % "1.13-amazon-linux-2"),
        _BY_PARAMETER % (_BASE % "ubuntu-20.04"),
    ),
    good=(
        _INSTANCE % ("g5.xlarge", _BASE % "amazon-linux-2023"),
        _BY_PARAMETER % (_BASE % "ubuntu-24.04"),
        _INSTANCE % ("t3.micro", _LINUX),
    ),
)
def dlami_outdated(machine: Instance | LaunchTemplate, inventory: Inventory) -> Findings:
    """An old image lacks the fixes of the driver, the framework and the system, which AWS makes for about a year.

    In an account, an image counts as outdated after 180 days if a newer one of its kind is there, or once it is
    deprecated.

    Fix: take the image from its public parameter (`/aws/service/deeplearning/ami/...`), of a framework and a system
    that AWS still patches, and replace the machines when a new one comes out.
    """
    image = used_image(_source(machine, inventory), inventory)
    if image and image.is_deep_learning and (why := image.age(now())):
        yield machine.fail(why, at=_at(machine))


@check(
    "ec2-gpu-non-dlami",
    title="GPU instances start from a Deep Learning AMI or another image with managed GPU drivers",
    severity=LOW,
    uses=(LaunchTemplate, ForeignImage, Image),
    bad=(
        _INSTANCE % ("g5.xlarge", _LINUX),
        _TEMPLATE % "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
        _BY_PARAMETER % "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
    ),
    good=(
        _INSTANCE % ("p4d.24xlarge", _BASE % "ubuntu-22.04"),
        _BY_PARAMETER % "/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id",
        _TEMPLATE % "/aws/service/bottlerocket/aws-k8s-1.33-nvidia/x86_64/latest/image_id",
        _INSTANCE % ("m7i.large", _LINUX),
        "AWS::EC2::Instance: {ImageId: ami-0abc, InstanceType: t3.micro}",
    ),
)
def gpu_non_dlami(machine: Instance | LaunchTemplate, inventory: Inventory) -> Findings:
    """A driver that each machine installs differs from one to the next, breaks with a kernel, and costs GPU time.

    Fix: start from a Deep Learning AMI, or the GPU variant of the image for ECS, EKS or Bottlerocket. An image of your
    own with the driver in it is as good: have `gpu` in its name.
    """
    details = machine.details(inventory)
    if details is None or not details.has_gpu:
        return
    image = used_image(_source(machine, inventory), inventory)
    if image and not image.has_gpu_drivers:
        yield machine.fail(f"has GPUs and starts from {image.name}, which brings no driver for them", at=_at(machine))


def _source(machine: Instance | LaunchTemplate, inventory: Inventory) -> ImageSource:
    if isinstance(machine, LaunchTemplate):
        return machine.data.image_source
    own = machine.image_source
    if own.is_named:
        return own
    data = machine.template_data(inventory)
    return data.image_source if data else own


def _at(machine: Instance | LaunchTemplate) -> str:
    return "data.image_id" if isinstance(machine, LaunchTemplate) else "image_id"
