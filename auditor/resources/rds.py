"""RDS: database instances."""

from auditor.resources.base import Resource
from auditor.resources.tags import Tags


class DBInstance(Resource, cfn="AWS::RDS::DBInstance", tf="aws_db_instance"):
    """A database instance."""

    tags: Tags = Tags({})
