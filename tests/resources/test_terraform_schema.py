"""Every resource class against the schema of Terraform's AWS provider (tools/build_terraform_schema.py)."""

from __future__ import annotations

import gzip
import importlib
import json
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import auditor.resources
from auditor.registry import load_checks
from auditor.resources.base import TYPES, Resource, Struct
from auditor.resources.fields import NOWHERE, Field, steps

for _module in pkgutil.iter_modules(auditor.resources.__path__):
    importlib.import_module(f"auditor.resources.{_module.name}")

SCHEMA: dict[str, Any] = json.loads(gzip.decompress(Path(__file__).with_name("terraform_schema.json.gz").read_bytes()))
"""A tree of attributes and blocks for each type, of version 5.100.0 of the provider."""

CLASSES = {cls.tf: cls for cls in TYPES.values() if cls.tf and cls.__module__.startswith(auditor.resources.__name__)}

LATER_TYPES = {
    "aws_bedrockagent_flow",
    "aws_bedrockagentcore_agent_runtime",
    "aws_bedrockagentcore_browser",
    "aws_bedrockagentcore_code_interpreter",
    "aws_bedrockagentcore_gateway",
    "aws_bedrockagentcore_memory",
}
"""What version 6 of the provider added."""

LATER = {
    "aws_athena_workgroup.configuration.managed_query_results_configuration.enabled",
    "aws_budgets_budget.filter_expression",
    "aws_dlm_lifecycle_policy.default_policy",
    "aws_eks_cluster.deletion_protection",
    "aws_emrserverless_application.monitoring_configuration.cloudwatch_logging_configuration.enabled",
    "aws_emrserverless_application.monitoring_configuration.managed_persistence_monitoring_configuration.enabled",
    "aws_emrserverless_application.monitoring_configuration.s3_monitoring_configuration.log_uri",
    "aws_glue_connection.authentication_configuration.secret_arn",
    "aws_iam_service_specific_credential.create_date",
    "aws_instance.primary_network_interface",
    "aws_sagemaker_monitoring_schedule.monitoring_schedule_config.monitoring_job_definition",
    "aws_spot_instance_request.primary_network_interface",
}
"""The same, of resources that version 5 has."""

EARLIER = {
    "aws_kinesis_firehose_delivery_stream.s3_configuration",
    "aws_redshift_cluster.cluster_security_groups",
}
"""What version 5 removed."""

ONLY_BESIDE = {
    # Only the other groups scale.
    "aws_emr_cluster.master_instance_group.autoscaling_policy",
    # The block names an interface that is a resource of its own; the instance itself has the settings of a new one.
    *(
        f"{instance}.{setting}"
        for instance in ("aws_instance", "aws_spot_instance_request")
        for setting in (
            "network_interface.associate_public_ip_address",
            "network_interface.ipv6_address_count",
            "network_interface.ipv6_addresses",
            "network_interface.subnet_id",
            "network_interface.vpc_security_group_ids",
            "network_interface_id",
        )
    ),
    # The main route table is never one of an Outpost or of a Wavelength zone.
    "aws_default_route_table.route.carrier_gateway_id",
    "aws_default_route_table.route.local_gateway_id",
    # What is within `ingress` or `egress` has no other direction.
    "aws_default_network_acl.ingress.egress",
    "aws_network_acl.ingress.egress",
    # Aurora has these for the whole cluster, or not at all.
    "aws_rds_cluster_instance.backup_retention_period",
    "aws_rds_cluster_instance.deletion_protection",
    "aws_rds_cluster_instance.enabled_cloudwatch_logs_exports",
    "aws_rds_cluster_instance.engine_lifecycle_support",
    "aws_rds_cluster_instance.iam_database_authentication_enabled",
    "aws_rds_cluster_instance.manage_master_user_password",
    "aws_rds_cluster_instance.multi_az",
    "aws_rds_cluster_instance.password",
    "aws_rds_cluster_instance.replicate_source_db",
    "aws_rds_cluster_instance.snapshot_identifier",
    "aws_rds_cluster_instance.storage_type",
    "aws_rds_cluster_instance.username",
    "aws_rds_cluster_instance.vpc_security_group_ids",
    # Deleting the resource switches it off.
    "aws_redshift_logging.enable",
    # Within a bucket, a grant has a list of `permissions`, which no check reads.
    "aws_s3_bucket.grant.permission",
    # Within a bucket, a rule has its criteria itself; apart from it, in `filter`, where several are within `and`.
    "aws_s3_bucket.lifecycle_rule.filter",
    "aws_s3_bucket_lifecycle_configuration.rule.filter.tags",
    "aws_s3_bucket_lifecycle_configuration.rule.tags",
}
"""What one of several blocks, or types, that a class is read from lacks: there, the default holds."""

WITHOUT_TERRAFORM = {
    "AWS::DynamoDB::GlobalTable",  # replicas are part of aws_dynamodb_table
    "AWS::Glue::MLTransform",
    "AWS::IAM::Policy",  # an inline policy of several identities: aws_iam_role_policy and its like have one
    "AWS::Lambda::ResourcePolicy",
    "AWS::RDS::DBSecurityGroup",
    "AWS::SageMaker::Cluster",
    "AWS::SageMaker::InferenceComponent",
    "AWS::SageMaker::InferenceExperiment",
    "AWS::SageMaker::ModelBiasJobDefinition",
    "AWS::SageMaker::ModelExplainabilityJobDefinition",
    "AWS::SageMaker::ModelPackage",
    "AWS::SageMaker::ModelQualityJobDefinition",
    "AWS::SageMaker::ProcessingJob",
    "AWS::StepFunctions::StateMachineVersion",
}
"""What CloudFormation has a type for and the provider has none."""


def step(node: Any, name: str) -> Any:
    """What `name` leads to: a block's tree, None for what has nothing within, `...` where there is no such thing.

    Camel case is within a text: some attributes hold JSON.
    """
    if node is None and not name.islower():
        return None
    return node.get(name, node.get("*", ...)) if isinstance(node, dict) else ...


def at(node: Any, path: Iterable[str]) -> Any:
    for name in path:
        node = step(node, name)
    return node


def places(node: Any, field: Field) -> Iterator[tuple[str, Any]]:
    """The places of a field that the schema has, with what is there; the first one where it has none."""
    every = [path for path in (field.path, *field.others) if path is not None]
    found = [(".".join(path), at(node, path)) for path in every]
    yield from [one for one in found if one[1] is not ...] or found[:1]


def missing_paths(node: Any, cls: type[Struct], where: str) -> Iterator[str]:
    for field in cls.plan("tf").values():
        if field.path is None or field.path == (NOWHERE,):
            continue
        for place, found in places(node, field):
            path = f"{where}.{place}".removesuffix(".")
            if found is ...:
                yield path
            elif isinstance(field.inner, type) and issubclass(field.inner, Struct) and isinstance(found, dict):
                yield from missing_paths(found, field.inner, path)


def missing_of_parts(cls: type[Resource]) -> Iterator[str]:
    for field in cls.plan("tf").values():
        for part in field.parts:
            tree = SCHEMA[part.type]
            for path in filter(None, (part.by, part.take, part.only and part.only[0])):
                if at(tree, steps(path)) is ...:
                    yield f"{part.type}.{path}"
            taken = at(tree, steps(part.take))
            if isinstance(field.inner, type) and issubclass(field.inner, Struct) and isinstance(taken, dict):
                yield from missing_paths(taken, field.inner, f"{part.type}.{part.take}".removesuffix("."))


def test_types_exist() -> None:
    assert set(CLASSES) - set(SCHEMA) == LATER_TYPES


@pytest.mark.parametrize("type_name", sorted(CLASSES.keys() & SCHEMA.keys()))
def test_arguments_exist(type_name: str) -> None:
    cls = CLASSES[type_name]
    missing = {*missing_paths(SCHEMA[type_name], cls, type_name), *missing_of_parts(cls)}
    assert missing <= LATER | EARLIER | ONLY_BESIDE


def test_exceptions_are_exceptions() -> None:
    classes = [(name, cls) for name, cls in CLASSES.items() if name in SCHEMA]
    missing = {path for name, cls in classes for path in missing_paths(SCHEMA[name], cls, name)}
    missing |= {path for _, cls in classes for path in missing_of_parts(cls)}
    assert missing == LATER | EARLIER | ONLY_BESIDE


def test_every_place_is_used() -> None:
    """A place that no version or type has would hide a wrong name behind the others."""
    used: set[tuple[int, tuple[str, ...]]] = set()
    named: dict[tuple[int, tuple[str, ...]], str] = {}

    def visit(node: Any, cls: type[Struct]) -> None:
        for field in cls.plan("tf").values():
            for path in (field.path, *field.others) if field.others else ():
                key = (id(cls._fields[field.name]), path or ())
                named[key] = f"{cls.__name__}.{field.name}: {'.'.join(path or ())}"
                if at(node, path or ()) is not ...:
                    used.add(key)
            follow(node, field)

    def follow(node: Any, field: Field) -> None:
        if not (isinstance(field.inner, type) and issubclass(field.inner, Struct)):
            return
        nodes = [found for _, found in places(node, field)] if field.path != (NOWHERE,) else []
        for found in (*nodes, *(at(SCHEMA[part.type], steps(part.take)) for part in field.parts)):
            if isinstance(found, dict):
                visit(found, field.inner)

    for name, cls in CLASSES.items():
        if name in SCHEMA:
            visit(SCHEMA[name], cls)
    assert [text for key, text in named.items() if key not in used] == []


def test_what_terraform_lacks() -> None:
    """Each class that a check judges or uses has its type, but for those that the provider has none for."""
    checks = [check for check in load_checks().values() if "terraform" in check.inputs]
    needed = {cls for check in checks for cls in (*check.types, *check.uses)}
    lacking = {cls.cfn for cls in needed if cls.cfn.startswith("AWS::") and not cls.tf}
    assert lacking <= WITHOUT_TERRAFORM
    assert {name for name in WITHOUT_TERRAFORM if TYPES[name].tf} == set()
