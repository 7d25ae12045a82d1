"""How the nodes of EKS are used (EC2 user guide, "CloudWatch metrics that are available for your instances")."""

from typing import Annotated

from auditor.utilisation import Metric, Series, Usage

_GROUPS = {"AutoScalingGroupName": "Resources.AutoScalingGroups[].Name"}


class NodeCpu(Usage, cfn="usage:EKS::NodeCpu", measures="AWS::EKS::Nodegroup"):
    """How busy the processors of a group's nodes are on average, in percent, by its Auto Scaling groups."""

    average: Annotated[tuple[Series, ...], Metric("AWS/EC2", "CPUUtilization", "Average", _GROUPS)]
