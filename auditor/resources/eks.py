"""EKS: node groups."""

from auditor.resources.base import Resource
from auditor.resources.tags import Tags


class Nodegroup(Resource, cfn="AWS::EKS::Nodegroup", tf="aws_eks_node_group"):
    """A managed node group."""

    tags: Tags = Tags({})
