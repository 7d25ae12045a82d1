"""EC2 Auto Scaling: as much as says how instances are bought."""

from typing import TYPE_CHECKING, Annotated

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From

if TYPE_CHECKING:
    from auditor.resources.ec2 import LaunchTemplate


class GroupTemplate(Struct):
    """Which launch template a group starts from."""

    launch_template_id: Annotated[str | None, From(tf="id")] = None
    launch_template_name: Annotated[str | None, From(tf="name")] = None


class AutoScalingGroup(Resource, cfn="AWS::AutoScaling::AutoScalingGroup", tf="aws_autoscaling_group"):
    """An Auto Scaling group."""

    launch_template: GroupTemplate | None = None

    def starts(self, template: "LaunchTemplate") -> bool:
        """Whether it starts instances of `template` as that says; a mixed instances policy would decide otherwise."""
        source = self.launch_template
        return source is not None and template.answers_to(source.launch_template_id or source.launch_template_name)
