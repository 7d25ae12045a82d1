"""Redshift: clusters."""

from auditor.resources.base import Resource
from auditor.resources.tags import Tags


class Cluster(Resource, cfn="AWS::Redshift::Cluster", tf="aws_redshift_cluster"):
    """A cluster."""

    tags: Tags = Tags({})
