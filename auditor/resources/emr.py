"""EMR: clusters."""

from auditor.resources.base import Resource
from auditor.resources.tags import Tags


class Cluster(Resource, cfn="AWS::EMR::Cluster", tf="aws_emr_cluster"):
    """A cluster."""

    tags: Tags = Tags({})
