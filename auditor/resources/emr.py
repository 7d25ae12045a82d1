"""EMR: clusters."""

from auditor.resources.base import Resource, Tags


class Cluster(Resource, cfn="AWS::EMR::Cluster", tf="aws_emr_cluster"):
    """A cluster."""

    tags: Tags = Tags({})
