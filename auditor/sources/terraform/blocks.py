"""The blocks that only an author makes: where a plan does not know one of these, a dynamic block may be behind it.

A plan's configuration does not say that a block is dynamic. One that the provider makes itself where there is none
looks the same as a dynamic one over what is not known yet, and such are most of those that are unknown.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from auditor.resources.base import TYPES, Struct
from auditor.resources.fields import NOWHERE, Field, steps


@dataclass(slots=True)
class Blocks:
    """A kind of block, or a type of resource, as the outermost of its blocks.

    Attributes:
        within: the kinds of blocks within it, by name.
        authored: whether only an author makes such a block.
    """

    within: dict[str, Blocks] = field(default_factory=dict)
    authored: bool = True

    def add(self, path: Iterable[str], computed: Container[str]) -> None:
        """Add what a path leads through; `computed` are the dotted paths of the blocks that the provider makes."""
        place, name = self, ""
        for step in path:
            name = f"{name}.{step}".removeprefix(".")
            place = place.within.setdefault(step, Blocks(authored=name not in computed))


_OF_DATA: Final = {
    "aws_iam_policy_document": (
        ("statement", "principals"),
        ("statement", "not_principals"),
        ("statement", "condition"),
    )
}

_FIREHOSE: Final = " ".join(
    f"{kind}_configuration.cloudwatch_logging_options"
    for kind in (
        *("elasticsearch", "extended_s3", "http_endpoint", "iceberg", "opensearch", "opensearchserverless"),
        *("redshift", "snowflake", "splunk"),
    )
)
_OPENSEARCH: Final = (
    "advanced_security_options cluster_config domain_endpoint_options encrypt_at_rest node_to_node_encryption"
)

COMPUTED: Final = {
    "aws_ami": "ebs_block_device",
    "aws_autoscaling_group": "launch_template mixed_instances_policy traffic_source",
    "aws_config_configuration_recorder": "recording_group",
    "aws_default_route_table": "route",
    "aws_default_security_group": "egress ingress",
    "aws_dynamodb_table": "point_in_time_recovery server_side_encryption",
    "aws_ecs_cluster": "setting",
    "aws_efs_access_point": "root_directory",
    "aws_elasticsearch_domain": _OPENSEARCH,
    "aws_emr_cluster": "core_instance_fleet core_instance_group master_instance_fleet master_instance_group step",
    "aws_guardduty_detector": "datasources datasources.s3_logs",
    "aws_iam_role": "inline_policy",
    "aws_instance": "ebs_block_device enclave_options instance_market_options metadata_options network_interface "
    "root_block_device",
    "aws_kinesis_firehose_delivery_stream": f"{_FIREHOSE} http_endpoint_configuration.secrets_manager_configuration "
    "redshift_configuration.secrets_manager_configuration splunk_configuration.secrets_manager_configuration",
    "aws_kinesis_stream": "stream_mode_details",
    "aws_lakeformation_data_lake_settings": "admins create_database_default_permissions "
    "create_table_default_permissions",
    "aws_lakeformation_permissions": "table",
    "aws_lambda_function": "tracing_config",
    "aws_launch_configuration": "ebs_block_device metadata_options root_block_device",
    "aws_launch_template": "metadata_options",
    "aws_lb": "subnet_mapping",
    "aws_lb_target_group": "health_check",
    "aws_load_balancer_policy": "policy_attribute",
    "aws_msk_cluster": "broker_node_group_info.connectivity_info",
    "aws_mwaa_environment": "logging_configuration logging_configuration.dag_processing_logs "
    "logging_configuration.scheduler_logs logging_configuration.task_logs logging_configuration.webserver_logs "
    "logging_configuration.worker_logs",
    "aws_network_acl": "egress ingress",
    "aws_opensearch_domain": _OPENSEARCH,
    "aws_redshift_cluster": "logging",
    "aws_route_table": "route",
    "aws_s3_bucket": "grant lifecycle_rule logging object_lock_configuration replication_configuration "
    "server_side_encryption_configuration versioning",
    "aws_s3_bucket_acl": "access_control_policy",
    "aws_sagemaker_app": "resource_spec",
    "aws_sagemaker_model": "container.model_data_source primary_container.model_data_source",
    "aws_sagemaker_monitoring_schedule": "monitoring_schedule_config.schedule_config",
    "aws_security_group": "egress ingress",
    "aws_sfn_state_machine": "encryption_configuration logging_configuration tracing_configuration",
    "aws_spot_fleet_request": "launch_specification.ebs_block_device",
    "aws_sqs_queue": "redrive_policy",
}
"""By type, what the provider makes itself of all blocks that fields are read from; a test holds these to its plans."""


def blocks_of(kind: str) -> Blocks:
    """The blocks of a type that fields are read from."""
    return _every(len(TYPES)).get(kind) or Blocks()


@cache
def _every(count: int) -> dict[str, Blocks]:
    """Those of all types; `count` is how many classes there are, as more may be registered."""
    found: dict[str, Blocks] = {}
    for kind, path in {*read(), *((kind, path) for kind, paths in _OF_DATA.items() for path in paths)}:
        found.setdefault(kind, Blocks()).add(path, COMPUTED.get(kind, "").split())
    return found


def read() -> set[tuple[str, tuple[str, ...]]]:
    """Every block of Terraform's that a field of a resource class is read from, or leads through, with its type."""
    found = {(kind, path) for kind, cls in TYPES.items() if "::" not in kind for path in _within(cls, ())}
    for cls in TYPES.values():
        for one in cls.plan("tf").values():
            for part in one.parts:
                found |= {(part.type, path) for path in _on_the_way(one, steps(part.take), (), ())}
    return found


def _within(
    cls: type[Struct], place: tuple[str, ...], seen: tuple[type[Struct], ...] = ()
) -> Iterator[tuple[str, ...]]:
    for one in cls.plan("tf").values():
        for path in (one.path, *one.others):
            if path is not None and path != (NOWHERE,):
                yield from _on_the_way(one, path, place, (*seen, cls))


def _on_the_way(
    one: Field, path: tuple[str, ...], place: tuple[str, ...], seen: tuple[type[Struct], ...]
) -> Iterator[tuple[str, ...]]:
    """The blocks that lead to a field, and those in it where it holds some."""
    yield from ((*place, *path[:length]) for length in range(1, len(path)))
    if isinstance(one.inner, type) and issubclass(one.inner, Struct):
        if path:
            yield (*place, *path)
        if one.inner not in seen:
            yield from _within(one.inner, (*place, *path), seen)
