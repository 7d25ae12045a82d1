"""What EC2 instances may do."""

from auditor import MEDIUM, Findings, check
from auditor.inventory import Inventory
from auditor.members import some
from auditor.resources.autoscaling import AutoScalingGroup
from auditor.resources.ec2 import Instance, LaunchTemplate
from auditor.values import Undecided


@check(
    "ec2-instance-profile-missing",
    title="EC2 instances use an IAM role through an instance profile",
    severity=MEDIUM,
    uses=(LaunchTemplate, AutoScalingGroup),
    bad=(
        "AWS::EC2::Instance: {InstanceType: g5.xlarge}",
        """
Resources:
  Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {InstanceType: g5.xlarge}}}
  Instance:
    Type: AWS::EC2::Instance
    Properties: {LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: "1"}}
""",
        """
Resources:
  Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {InstanceType: g5.xlarge}}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {MinSize: "1", MaxSize: "2", LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: "1"}}
""",
        """
Resources:
  Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {InstanceType: g5.xlarge}}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: "1"
      MaxSize: "2"
      MixedInstancesPolicy:
        LaunchTemplate:
          LaunchTemplateSpecification: {LaunchTemplateId: !Ref Template, Version: "1"}
          Overrides: [{InstanceType: g5.xlarge}, {InstanceType: g6.xlarge}]
""",
    ),
    good=(
        "AWS::EC2::Instance: {InstanceType: g5.xlarge, IamInstanceProfile: training}",
        """
Resources:
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {IamInstanceProfile: {Name: training}}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {MinSize: "1", MaxSize: "2", LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: "1"}}
  Instance:
    Type: AWS::EC2::Instance
    Properties: {LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: "1"}}
""",
    ),
)
def instance_profile_missing(instance: Instance | LaunchTemplate, inventory: Inventory) -> Findings:
    """Without a role, programs on it need access keys, which stay on the disk and in its images.

    A launch template is judged where an Auto Scaling group starts instances from it: EKS node groups and Batch bring a
    profile of their own.

    Fix: make an instance profile of a role with what the work needs, and set IamInstanceProfile.
    """
    if isinstance(instance, LaunchTemplate):
        if instance.data.iam_instance_profile is None and _is_started(instance, inventory):
            yield instance.fail("gives its instances no instance profile", at="data")
    elif instance.iam_instance_profile is None:
        data = instance.template_data(inventory)
        if data is None or data.iam_instance_profile is None:
            yield instance.fail("has no instance profile", at="iam_instance_profile")


def _is_started(template: LaunchTemplate, inventory: Inventory) -> bool:
    groups = inventory.declared(AutoScalingGroup, near=template)
    if some(groups, lambda group: group.launches(template)):
        return True
    raise Undecided("no Auto Scaling group in sight starts it", elsewhere=True)
