"""What Terraform's provider puts into a plan where nothing is written, against what fields say of a configuration.

`terraform_defaults.plan.json.gz` is a real plan (Terraform 1.11.4, hashicorp/aws 5.100.0) of every type that a class or
a `Part` names, as empty as the provider takes it, and of each with one of its blocks: empty, or with all it may hold.
"""

from __future__ import annotations

import gzip
import importlib
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import auditor.resources
from auditor.inventory import Inventory
from auditor.raw import Collected, Raw
from auditor.resources.base import Resource, Struct
from auditor.sources.terraform import collect_plans
from auditor.sources.terraform.blocks import COMPUTED, read
from auditor.values import Undecided

for _module in pkgutil.iter_modules(auditor.resources.__path__):
    importlib.import_module(f"auditor.resources.{_module.name}")

FILE = Path(__file__).with_name("terraform_defaults.plan.json.gz")

MEANS_THE_SAME = {
    "aws_cloudwatch_log_group.retention_in_days": (0, None),
    "aws_ecs_service.assign_public_ip": ("false", "DISABLED"),
    "aws_ecs_task_set.assign_public_ip": ("false", "DISABLED"),
    "aws_elasticsearch_domain.cluster_config.instance_type": ("m3.medium.elasticsearch", "m3.medium.search"),
    "aws_kinesis_firehose_delivery_stream.encryption.enabled": (False, None),
    "aws_kinesis_firehose_delivery_stream.s3_destination.buffering_interval": (300, None),
    "aws_kinesis_firehose_delivery_stream.s3_destination.buffering_size": (5, None),
    "aws_lakeformation_permissions.table_wildcard": (False, None),
    "aws_lambda_function.reserved_concurrent_executions": (-1, None),
    "aws_lb_target_group.health_check_enabled": (True, None),
    "aws_lb_target_group.health_check_protocol": ("HTTP", None),
    "aws_s3_bucket.mfa_delete": ("Disabled", None),
    "aws_s3_bucket.versioning": ("Disabled", None),
    "aws_s3_bucket_lifecycle_configuration.lifecycle_rules.expiration_in_days": (0, None),
    "aws_s3_bucket_lifecycle_configuration.lifecycle_rules.filter.all_of.object_size_greater_than": (0, None),
    "aws_s3_bucket_lifecycle_configuration.lifecycle_rules.filter.all_of.object_size_less_than": (0, None),
    "aws_s3_bucket_lifecycle_configuration.lifecycle_rules.transitions.days": (0, None),
}
"""What a plan and a configuration say, where no check that reads it makes a difference."""

PLAIN = (str, bool, int, float, type(None))


@cache
def planned() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(gzip.decompress(FILE.read_bytes()))
    return data


def written(value: Any, expressions: Any) -> Any:
    """Of a plan's properties, what the author wrote."""
    if isinstance(value, list) and isinstance(expressions, list) and len(value) == len(expressions):
        return [written(*pair) for pair in zip(value, expressions, strict=True)]
    if isinstance(value, dict) and isinstance(expressions, dict):
        if expressions.keys() <= {"constant_value", "references"} and expressions:
            return value
        return {name: written(member, expressions[name]) for name, member in value.items() if name in expressions}
    return value


def values(struct: Struct, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """What every field says, those of nested blocks too."""
    for name in type(struct).plan("tf"):
        try:
            value = getattr(struct, name)
        except Undecided:
            continue
        members = tuple(tuple.__iter__(value)) if isinstance(value, tuple) else (value,)
        blocks = [member for member in members if isinstance(member, Struct)]
        for block in blocks:
            yield from values(block, f"{prefix}{name}.")
        if not blocks:
            yield f"{prefix}{name}", members if isinstance(value, tuple) else value


def alone(raw: Raw) -> Resource | None:
    """A resource, or the owner of a part, with nothing beside it."""
    return next(iter(Inventory(Collected(raws=[raw])).resources), None)


def test_what_is_not_written(tmp_path: Path) -> None:
    """A default of the provider's that a class does not know would make a plan and its configuration differ."""
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(planned()))
    expressions = {one["address"]: one["expressions"] for one in planned()["configuration"]["root_module"]["resources"]}
    compared: set[str] = set()
    differs: dict[str, Any] = {}
    for raw in collect_plans([str(file)]).raws:
        found = alone(raw)
        other = alone(replace(raw, properties=written(dict(raw.properties), expressions[raw.id])))
        meant = dict(values(other)) if other else {}
        for name, value in values(found) if found else ():
            if name in meant and isinstance(value, PLAIN):
                compared.add(f"{raw.type}.{name}")
                if value != meant[name]:
                    differs[f"{raw.type}.{name}"] = (value, meant[name])
    assert len(compared) > 800
    assert differs == MEANS_THE_SAME


def computed() -> Iterator[tuple[str, str]]:
    """The types and dotted paths of what the provider makes where nothing is written."""

    def of_block(unknown: Any, expressions: Any, path: tuple[str, ...]) -> Iterator[str]:
        for name, inner in unknown.items() if isinstance(unknown, dict) else ():
            place = (*path, name)
            if name not in expressions:
                yield from [".".join(place)] if inner is True else []
            elif isinstance(inner, list) and isinstance(expressions[name], list):
                for pair in zip(inner, expressions[name], strict=False):
                    yield from of_block(*pair, place)

    expressions = {one["address"]: one["expressions"] for one in planned()["configuration"]["root_module"]["resources"]}
    for change in planned()["resource_changes"]:
        for path in of_block(change["change"]["after_unknown"], expressions[change["address"]], ()):
            yield change["type"], path


def test_blocks_that_the_provider_makes() -> None:
    """Any other that a plan does not know is an author's: a dynamic one."""
    blocks = {(kind, ".".join(path)) for kind, path in read()}
    known = {(kind, path) for kind, paths in COMPUTED.items() for path in paths.split()}
    # Nobody declares a prefix list without entries there, so that those of one are unknown rather than none.
    assert blocks & set(computed()) - known == {("aws_ec2_managed_prefix_list", "entry")}
    assert known <= blocks & set(computed())
