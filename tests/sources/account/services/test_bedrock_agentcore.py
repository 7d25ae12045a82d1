"""Bedrock AgentCore, which moto does not have."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources.account.services.reading import Reading, Reads, noting
from tests.sources.account.services.support import ACCOUNT, REGION, scan

_ARN = f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/agent"
_THEN = "2024-05-01T00:00:00Z"
_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"
_RUNTIME = {
    "agentRuntimeArn": f"{_ARN}:runtime/helper-abcdefghij",
    "agentRuntimeId": "helper-abcdefghij",
    "agentRuntimeVersion": "1",
    "agentRuntimeName": "helper",
    "lastUpdatedAt": _THEN,
    "status": "READY",
}
_BROWSER = {
    "browserId": "web-abcdefghij",
    "browserArn": f"{_ARN}:browser-custom/web-abcdefghij",
    "name": "web",
    "status": "READY",
    "createdAt": _THEN,
}
_INTERPRETER = {
    "codeInterpreterId": "py-abcdefghij",
    "codeInterpreterArn": f"{_ARN}:code-interpreter-custom/py-abcdefghij",
    "name": "py",
    "status": "READY",
    "createdAt": _THEN,
}
_GATEWAY = {
    "gatewayId": "tools-abcdefghij",
    "name": "tools",
    "status": "READY",
    "createdAt": _THEN,
    "updatedAt": _THEN,
    "authorizerType": "CUSTOM_JWT",
    "protocolType": "MCP",
}
_MEMORY = {
    "arn": f"{_ARN}:memory/notes-abcdefghij",
    "id": "notes-abcdefghij",
    "status": "ACTIVE",
    "createdAt": _THEN,
    "updatedAt": _THEN,
}
_GONE = "ResourceNotFoundException"


class TestAgentCore(Reads):
    cases = (
        Reading(
            "AWS::BedrockAgentCore::Runtime",
            _RUNTIME["agentRuntimeArn"],
            "ListAgentRuntimes",
            {
                "ListAgentRuntimes": {"agentRuntimes": [{**_RUNTIME, "description": "x"}]},
                "GetAgentRuntime": {
                    **_RUNTIME,
                    "createdAt": _THEN,
                    "roleArn": _ROLE,
                    "networkConfiguration": {"networkMode": "PUBLIC"},
                    "lifecycleConfiguration": {},
                    "environmentVariables": {"API_KEY": "correct-horse"},
                },
            },
            {},
            empty={"agentRuntimes": []},
            token="nextToken",
            gone={"GetAgentRuntime": _GONE},
            title="helper",
            service="bedrock-agentcore-control",
            reads={"network_mode": "PUBLIC"},
        ),
        Reading(
            "AWS::BedrockAgentCore::BrowserCustom",
            _BROWSER["browserArn"],
            "ListBrowsers",
            {
                "ListBrowsers": {"browserSummaries": [_BROWSER]},
                "GetBrowser": {
                    **_BROWSER,
                    "networkConfiguration": {"networkMode": "VPC"},
                    "recording": {"enabled": True},
                    "lastUpdatedAt": _THEN,
                },
            },
            {},
            empty={"browserSummaries": []},
            token="nextToken",
            gone={"GetBrowser": _GONE},
            title="web",
            service="bedrock-agentcore-control",
            reads={"network_mode": "VPC", "recording_enabled": True},
        ),
        Reading(
            "AWS::BedrockAgentCore::CodeInterpreterCustom",
            _INTERPRETER["codeInterpreterArn"],
            "ListCodeInterpreters",
            {
                "ListCodeInterpreters": {"codeInterpreterSummaries": [_INTERPRETER]},
                "GetCodeInterpreter": {
                    **_INTERPRETER,
                    "networkConfiguration": {"networkMode": "SANDBOX"},
                    "lastUpdatedAt": _THEN,
                },
            },
            {},
            empty={"codeInterpreterSummaries": []},
            token="nextToken",
            gone={"GetCodeInterpreter": _GONE},
            title="py",
            service="bedrock-agentcore-control",
            reads={"network_mode": "SANDBOX"},
        ),
        Reading(
            "AWS::BedrockAgentCore::Gateway",
            f"{_ARN}:gateway/tools-abcdefghij",
            "ListGateways",
            {
                "ListGateways": {"items": [_GATEWAY]},
                "GetGateway": {
                    **_GATEWAY,
                    "gatewayArn": f"{_ARN}:gateway/tools-abcdefghij",
                    "kmsKeyArn": _KEY,
                    "authorizerConfiguration": {
                        "customJWTAuthorizer": {
                            "discoveryUrl": "https://login.example.com/.well-known/openid-configuration"
                        }
                    },
                },
            },
            {},
            empty={"items": []},
            token="nextToken",
            gone={"GetGateway": _GONE},
            needs=("customJWTAuthorizer",),
            title="tools",
            service="bedrock-agentcore-control",
            reads={"authorizer_type": "CUSTOM_JWT", "kms_key_arn": _KEY},
        ),
        Reading(
            "AWS::BedrockAgentCore::Memory",
            _MEMORY["arn"],
            "ListMemories",
            {
                "ListMemories": {"memories": [_MEMORY]},
                "GetMemory": {
                    "memory": {**_MEMORY, "name": "notes", "eventExpiryDuration": 30, "encryptionKeyArn": _KEY}
                },
            },
            {},
            empty={"memories": []},
            token="nextToken",
            gone={"GetMemory": _GONE},
            needs=("arn", "id"),
            title="notes-abcdefghij",
            service="bedrock-agentcore-control",
            reads={"encryption_key_arn": _KEY},
        ),
    )


@pytest.mark.usefixtures("moto")
def test_a_runtimes_environment_is_not_kept(scripted):
    scripted(TestAgentCore.cases[0].answers)
    found = scan("AWS::BedrockAgentCore::Runtime")
    assert "API_KEY" not in repr(found)


@pytest.mark.usefixtures("moto")
def test_tools_of_aws_are_not_asked_for(scripted):
    asked: list[Any] = []
    scripted(
        {
            "ListBrowsers": noting(asked, {"browserSummaries": []}),
            "ListCodeInterpreters": noting(asked, {"codeInterpreterSummaries": []}),
        }
    )
    scan("AWS::BedrockAgentCore::BrowserCustom", "AWS::BedrockAgentCore::CodeInterpreterCustom")
    assert [params["type"] for params in asked] == ["CUSTOM", "CUSTOM"]
