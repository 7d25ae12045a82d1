"""Bedrock."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.resources.bedrock import CustomModel, InvocationLogging
from tests.sources.account.services.reading import Reading, Reads, noting
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_ARN = f"arn:aws:bedrock:{REGION}:{ACCOUNT}"
_THEN = "2024-05-01T00:00:00Z"
_MODEL = {
    "modelArn": f"{_ARN}:custom-model/amazon.titan-text-express-v1/abcdefghijkl",
    "modelName": "support",
    "creationTime": _THEN,
}
_JOB = f"{_ARN}:model-customization-job/amazon.titan-text-express-v1/abcdefghijkl"
_BASE = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-text-express-v1"
_GUARDRAIL = {"name": "chat", "version": "DRAFT", "status": "READY", "createdAt": _THEN, "updatedAt": _THEN}


class TestBedrock(Reads):
    cases = (
        Reading(
            "api:Bedrock::InvocationLogging",
            f"{_ARN}:model-invocation-logging",
            "GetModelInvocationLoggingConfiguration",
            {
                "GetModelInvocationLoggingConfiguration": {
                    "loggingConfig": {
                        "cloudWatchConfig": {
                            "logGroupName": "/bedrock",
                            "roleArn": f"arn:aws:iam::{ACCOUNT}:role/log",
                        },
                        "s3Config": {"bucketName": "bedrock-logs"},
                        "textDataDeliveryEnabled": True,
                    }
                }
            },
            {},
            empty=None,
            title=f"model invocation logging in {REGION}",
            service="bedrock",
            reads={
                "text_data_delivery_enabled": True,
                "log_group_name": "/bedrock",
                "bucket_name": "bedrock-logs",
            },
        ),
        Reading(
            "AWS::Bedrock::Guardrail",
            f"{_ARN}:guardrail/abcdefghijkl",
            "ListGuardrails",
            {
                "ListGuardrails": {
                    "guardrails": [{**_GUARDRAIL, "id": "abcdefghijkl", "arn": f"{_ARN}:guardrail/abcdefghijkl"}]
                },
                "GetGuardrail": {
                    **_GUARDRAIL,
                    "guardrailId": "abcdefghijkl",
                    "guardrailArn": f"{_ARN}:guardrail/abcdefghijkl",
                    "blockedInputMessaging": "no",
                    "blockedOutputsMessaging": "no",
                    "contentPolicy": {
                        "filters": [{"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE"}]
                    },
                    "sensitiveInformationPolicy": {
                        "piiEntities": [{"type": "EMAIL", "action": "ANONYMIZE"}],
                        "regexes": [{"name": "ticket", "pattern": "T-[0-9]+", "action": "BLOCK"}],
                    },
                    "contextualGroundingPolicy": {"filters": [{"type": "GROUNDING", "threshold": 0.75}]},
                    "kmsKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012",
                },
            },
            {},
            empty={"guardrails": []},
            token="nextToken",
            gone={"GetGuardrail": "ResourceNotFoundException"},
            title="chat",
            service="bedrock",
            reads={
                "name": "chat",
                "content_filters.0.type": "PROMPT_ATTACK",
                "content_filters.0.input_strength": "HIGH",
                "pii_entities.0.type": "EMAIL",
                "pii_entities.0.action": "ANONYMIZE",
                "regexes.0.name": "ticket",
                "grounding_filters.0.threshold": 0.75,
                "kms_key_arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012",
            },
        ),
        Reading(
            "api:Bedrock::CustomModel",
            _MODEL["modelArn"],
            "ListCustomModels",
            {
                "ListCustomModels": {"modelSummaries": [{**_MODEL, "baseModelArn": _BASE, "baseModelName": "titan"}]},
                "GetCustomModel": {
                    **_MODEL,
                    "jobArn": _JOB,
                    "baseModelArn": _BASE,
                    "customizationType": "FINE_TUNING",
                    "modelKmsKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012",
                    "trainingDataConfig": {"s3Uri": "s3://train"},
                    "outputDataConfig": {"s3Uri": "s3://out"},
                },
                "GetModelCustomizationJob": {
                    "jobArn": _JOB,
                    "jobName": "tune",
                    "outputModelName": "support",
                    "roleArn": f"arn:aws:iam::{ACCOUNT}:role/tune",
                    "creationTime": _THEN,
                    "baseModelArn": _BASE,
                    "trainingDataConfig": {"s3Uri": "s3://train"},
                    "validationDataConfig": {"validators": []},
                    "outputDataConfig": {"s3Uri": "s3://out"},
                    "vpcConfig": {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]},
                },
            },
            {},
            empty={"modelSummaries": []},
            token="nextToken",
            gone={"GetCustomModel": "ResourceNotFoundException"},
            title="support",
            service="bedrock",
            reads={
                "kms_key_arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012",
                "customization_type": "FINE_TUNING",
                "vpc_config.subnets": ("subnet-1",),
                "vpc_config.security_group_ids": ("sg-1",),
            },
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")


def test_nothing_is_logged_in_a_new_account():
    found = scan("api:Bedrock::InvocationLogging")
    read = InvocationLogging(one(found, "api:Bedrock::InvocationLogging"))
    assert (read.text_data_delivery_enabled, read.log_group_name, read.bucket_name) == (False, None, None)
    assert found.gaps == []


def test_an_imported_model_was_made_by_no_job(scripted):
    case = TestBedrock.cases[2]
    imported = {**case.answers["GetCustomModel"], "customizationType": "IMPORTED"}
    scripted({**case.answers, "GetCustomModel": imported})
    found = scan("api:Bedrock::CustomModel")
    assert "bedrock:GetModelCustomizationJob" not in found.calls
    assert CustomModel(one(found, "api:Bedrock::CustomModel")).customization_type == "IMPORTED"


def test_only_own_models_are_asked_for(scripted):
    asked: list[Any] = []
    scripted({"ListCustomModels": noting(asked, {"modelSummaries": []})})
    scan("api:Bedrock::CustomModel")
    assert asked[0]["isOwned"] is True


def test_models_in_a_simulated_account(aws):
    for number in range(3):
        aws("s3").create_bucket(Bucket=f"bucket{number}")
        aws("bedrock").create_model_customization_job(
            jobName=f"job{number}",
            customModelName=f"model{number}",
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/tune",
            baseModelIdentifier="amazon.titan-text-express-v1",
            trainingDataConfig={"s3Uri": f"s3://bucket{number}"},
            outputDataConfig={"s3Uri": f"s3://bucket{number}"},
            hyperParameters={"epochCount": "1"},
        )
    found = scan("api:Bedrock::CustomModel")
    assert found.notices == []
    assert sorted(raw.title for raw in found.raws) == ["model0", "model1", "model2"]
