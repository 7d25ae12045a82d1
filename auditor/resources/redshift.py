"""Redshift: clusters."""

from auditor.resources.base import Resource, Tags


class Cluster(Resource, cfn="AWS::Redshift::Cluster", tf="aws_redshift_cluster"):
    """A cluster."""

    tags: Tags = Tags({})
