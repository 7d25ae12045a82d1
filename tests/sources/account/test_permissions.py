"""The printed policy allows what the collectors declare, in names that IAM knows."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import botocore.session
import pytest

from auditor.sources.account.collector import Collector, collectors_of, load_collectors
from auditor.sources.account.guard import CORE_OPERATIONS
from auditor.sources.account.permissions import (
    _ACTIONS,
    _ACTIONS_FOR_TYPES,
    _ALSO,
    _PREFIXES,
    action,
    actions,
    policy,
)


@cache
def iam_actions() -> dict[str, set[str]]:
    """IAM's actions by prefix, in small letters, as cfn-lint ships them."""
    text = files("cfnlint").joinpath("data/AdditionalSpecs/Policies.json").read_text(encoding="utf-8")
    return {prefix: set(service["Actions"]) for prefix, service in json.loads(text).items()}


def made(service: str, *operations: str) -> Collector:
    return Collector(service, (), operations, lambda api: iter(()))


def test_a_policy():
    assert policy(
        [
            made("s3", "ListBuckets", "GetBucketEncryption", "GetBucketPolicy", "s3control:GetPublicAccessBlock"),
            made("ec2", "DescribeVolumes"),
            made("accessanalyzer", "ListAnalyzers"),
            made("resourcegroupstaggingapi", "GetResources"),
        ]
    ) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AuditorAccessAnalyzer",
                "Effect": "Allow",
                "Action": ["access-analyzer:ListAnalyzers"],
                "Resource": "*",
            },
            {
                "Sid": "AuditorEc2",
                "Effect": "Allow",
                "Action": ["ec2:DescribeRegions", "ec2:DescribeVolumes"],
                "Resource": "*",
            },
            {
                "Sid": "AuditorS3",
                "Effect": "Allow",
                "Action": [
                    "s3:GetAccountPublicAccessBlock",
                    "s3:GetBucketPolicy",
                    "s3:GetEncryptionConfiguration",
                    "s3:ListAllMyBuckets",
                ],
                "Resource": "*",
            },
            {"Sid": "AuditorTag", "Effect": "Allow", "Action": ["tag:GetResources"], "Resource": "*"},
        ],
    }


def test_the_core_alone():
    assert [statement["Action"] for statement in policy([])["Statement"]] == [["ec2:DescribeRegions"]]


@pytest.mark.parametrize("operation", sorted({*_ACTIONS, *CORE_OPERATIONS} - {"sts:GetCallerIdentity"}))
def test_named_operations_and_actions_exist(operation):
    _exists(operation)


def test_declared_operations_and_their_actions_exist():
    for one in load_collectors():
        for operation in one.declared:
            _exists(operation)


def test_prefixes_exist():
    services = botocore.session.get_session().get_available_services()
    assert set(_PREFIXES) <= set(services)
    assert set(_PREFIXES.values()) <= set(iam_actions())


@pytest.mark.parametrize(("operation", "type"), sorted(_ACTIONS_FOR_TYPES))
def test_actions_for_types_exist(operation, type):
    allowed = _ACTIONS_FOR_TYPES[operation, type]
    assert actions(Collector("s3", (type,), (operation,), lambda api: iter(()))) == {allowed}
    prefix, _, name = allowed.partition(":")
    assert name.lower() in iam_actions()[prefix]


@pytest.mark.parametrize("operation", sorted(_ALSO))
def test_what_iam_checks_besides_is_allowed_too(operation):
    service, _, name = operation.partition(":")
    assert actions(made(service, name)) >= {operation, *_ALSO[operation]}
    assert operation in {declared for one in load_collectors() for declared in one.declared}
    for allowed in _ALSO[operation]:
        prefix, _, act = allowed.partition(":")
        assert act.lower() in iam_actions()[prefix], f"IAM knows no {allowed}"


def test_only_what_is_wanted_is_allowed():
    wanted = {"AWS::S3::Bucket": {"VersioningConfiguration"}}
    (statement,) = (one for one in policy(collectors_of(wanted))["Statement"] if one["Sid"] == "AuditorS3")
    assert statement["Action"] == ["s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListAllMyBuckets"]


def _exists(operation: str) -> None:
    service, _, name = operation.partition(":")
    assert name in _operations(service), f"botocore knows no {operation}"
    allowed = action(operation)
    if allowed:
        prefix, _, act = allowed.partition(":")
        assert act.lower() in iam_actions()[prefix], f"IAM knows no {allowed}"


@cache
def _operations(service: str) -> frozenset[str]:
    return frozenset(botocore.session.get_session().get_service_model(service).operation_names)
