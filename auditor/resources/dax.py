"""DAX: caches in front of DynamoDB."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import From


class Cluster(Resource, cfn="AWS::DAX::Cluster", tf="aws_dax_cluster"):
    """A cluster (DAX DescribeClusters)."""

    encrypted: Annotated[
        bool,
        From(
            cfn="SSESpecification.SSEEnabled", tf="server_side_encryption.enabled", live="SSESpecification.SSEEnabled"
        ),
    ] = False
    cluster_endpoint_encryption_type: str = "NONE"
    replication_factor: int
    availability_zones: tuple[str, ...] = ()
