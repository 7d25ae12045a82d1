"""Data sources: what Terraform reads at deployment, of which little is known before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.raw import Scope
from auditor.sources.pseudo_parameters import pseudo_parameters
from auditor.sources.terraform.policies import document
from auditor.sources.terraform.properties import Properties
from auditor.sources.terraform.values import Encoded, each
from auditor.values import Reference, Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.module import Instance

_IDENTITIES: Final = ("arn", "bucket", "id", "name")
_ELSEWHERE: Final = frozenset(
    f"aws_{kind}"
    for kind in ("iam_group", "iam_role", "iam_user", "route_table", "s3_bucket", "security_group", "subnet", "vpc")
)
"""Things of which an id says nothing but which one it is, so that a reference to one is as good as its id."""

_PSEUDO: Final = {
    ("aws_caller_identity", "account_id"): "AWS::AccountId",
    ("aws_caller_identity", "id"): "AWS::AccountId",
    ("aws_region", "name"): "AWS::Region",
    ("aws_region", "id"): "AWS::Region",
    ("aws_region", "region"): "AWS::Region",
    ("aws_partition", "partition"): "AWS::Partition",
    ("aws_partition", "id"): "AWS::Partition",
    ("aws_partition", "dns_suffix"): "AWS::URLSuffix",
}


def data_value(instance: Instance, name: str) -> Any:
    """An attribute of a data source."""
    kind = instance.type
    scope = instance.scope
    if kind == "aws_iam_policy_document" and name in ("json", "minified_json"):
        return _policy(instance)
    if (kind, name) in _PSEUDO:
        return _pseudo(scope, _PSEUDO[kind, name], instance.address)
    if name in instance.block.body.attributes:
        return instance.written(name)
    if kind in _ELSEWHERE and name in _IDENTITIES:
        return Reference(instance.address, name, scope.name)
    if kind == "aws_ssm_parameter" and isinstance(parameter := instance.written("name"), str):
        source = f"resolve:ssm:{parameter}" if name in ("value", "insecure_value") else None
        reason = f"{instance.address} is read from the SSM parameter {parameter} at deployment"
        return Unknown(reason, taken_from=source)
    return Unknown(f"{instance.address} is read at deployment")


def _policy(instance: Instance) -> Any:
    def make() -> Any:
        return each(Encoded, document(Properties(instance).all()))

    where = instance.block.file.header(instance.block)
    return instance.module.world.once((instance.address, "json"), instance.address, where, make)


def _pseudo(scope: Scope, name: str, address: str) -> Any:
    value = pseudo_parameters(scope)[name]
    if type(value) is not Unknown:
        return value
    setting = "account" if name == "AWS::AccountId" else "region"
    return Unknown(f"{address} is known only when the scan is given the {setting}", taken_from=name)
