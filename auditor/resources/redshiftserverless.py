"""Redshift Serverless: namespaces hold the data, workgroups the compute."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import From
from auditor.resources.parameters import Parameters


class Namespace(Resource, cfn="AWS::RedshiftServerless::Namespace", tf="aws_redshiftserverless_namespace"):
    """Databases, users and their encryption (Redshift Serverless ListNamespaces)."""

    admin_username: str | None = None
    db_name: str = "dev"
    kms_key_id: str | None = None
    log_exports: tuple[str, ...] = ()


class Workgroup(Resource, cfn="AWS::RedshiftServerless::Workgroup", tf="aws_redshiftserverless_workgroup"):
    """Compute and its network (Redshift Serverless ListWorkgroups)."""

    namespace_name: str | None = None
    publicly_accessible: bool = False
    enhanced_vpc_routing: bool = False
    config_parameters: Annotated[Parameters, From(tf="config_parameter")] = Parameters({})
