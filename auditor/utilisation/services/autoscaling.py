"""How Auto Scaling groups are used, as a whole.

Sources: EC2 user guide, "CloudWatch metrics that are available for your instances", by group; EC2 Auto Scaling user
guide, "Amazon CloudWatch metrics for Amazon EC2 Auto Scaling", which have to be switched on for a group.
"""

from typing import Annotated

from auditor.utilisation import Metric, Series, Usage

_GROUP = {"AutoScalingGroupName": "AutoScalingGroupName"}
_TYPE = "AWS::AutoScaling::AutoScalingGroup"


class GroupLoad(Usage, cfn="usage:AutoScaling::GroupLoad", measures=_TYPE):
    """How busy the processors of a group's instances are on average, in percent."""

    cpu: Annotated[Series, Metric("AWS/EC2", "CPUUtilization", "Average", _GROUP)]


class GroupCapacity(Usage, cfn="usage:AutoScaling::GroupCapacity", measures=_TYPE):
    """How many instances of a group are in service, where its metrics are switched on."""

    in_service: Annotated[Series, Metric("AWS/AutoScaling", "GroupInServiceInstances", "Average", _GROUP)]
