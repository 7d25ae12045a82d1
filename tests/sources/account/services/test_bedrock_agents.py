"""Bedrock Agents."""

from __future__ import annotations

import pytest

from auditor.resources.bedrock_agents import Agent
from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, scan

_ARN = f"arn:aws:bedrock:{REGION}:{ACCOUNT}"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/AmazonBedrockExecutionRoleForAgents_x"
_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"
_THEN = "2024-05-01T00:00:00Z"
_AGENT = {"agentId": "ABCDEFGHIJ", "agentName": "helper", "agentStatus": "PREPARED", "updatedAt": _THEN}
_BASE = {"knowledgeBaseId": "KBABCDEFGH", "name": "manuals", "status": "ACTIVE", "updatedAt": _THEN}
_SOURCE = {
    "knowledgeBaseId": "KBABCDEFGH",
    "dataSourceId": "DSABCDEFGH",
    "name": "pdfs",
    "status": "AVAILABLE",
    "updatedAt": _THEN,
}
_PROMPT = {
    "name": "greeting",
    "id": "PABCDEFGHI",
    "arn": f"{_ARN}:prompt/PABCDEFGHI",
    "version": "DRAFT",
    "createdAt": _THEN,
    "updatedAt": _THEN,
}
_FLOW = {
    "name": "triage",
    "id": "FABCDEFGHI",
    "arn": f"{_ARN}:flow/FABCDEFGHI",
    "status": "Prepared",
    "version": "DRAFT",
    "createdAt": _THEN,
    "updatedAt": _THEN,
}


class TestAgents(Reads):
    cases = (
        Reading(
            "AWS::Bedrock::Agent",
            f"{_ARN}:agent/ABCDEFGHIJ",
            "ListAgents",
            {
                "ListAgents": {"agentSummaries": [_AGENT]},
                "GetAgent": {
                    "agent": {
                        **_AGENT,
                        "agentArn": f"{_ARN}:agent/ABCDEFGHIJ",
                        "agentVersion": "DRAFT",
                        "idleSessionTTLInSeconds": 600,
                        "agentResourceRoleArn": _ROLE,
                        "createdAt": _THEN,
                        "customerEncryptionKeyArn": _KEY,
                        "guardrailConfiguration": {"guardrailIdentifier": "abcdefghijkl", "guardrailVersion": "1"},
                    }
                },
            },
            {},
            empty={"agentSummaries": []},
            token="nextToken",
            gone={"GetAgent": "ResourceNotFoundException"},
            title="helper",
            service="bedrock-agent",
            reads={
                "agent_resource_role_arn": _ROLE,
                "customer_encryption_key_arn": _KEY,
                "guardrail_identifier": "abcdefghijkl",
            },
        ),
        Reading(
            "AWS::Bedrock::Prompt",
            _PROMPT["arn"],
            "ListPrompts",
            {"ListPrompts": {"promptSummaries": [_PROMPT]}, "GetPrompt": {**_PROMPT, "customerEncryptionKeyArn": _KEY}},
            {},
            empty={"promptSummaries": []},
            token="nextToken",
            gone={"GetPrompt": "ResourceNotFoundException"},
            title="greeting",
            service="bedrock-agent",
            reads={"customer_encryption_key_arn": _KEY},
        ),
        Reading(
            "AWS::Bedrock::Flow",
            _FLOW["arn"],
            "ListFlows",
            {
                "ListFlows": {"flowSummaries": [_FLOW]},
                "GetFlow": {**_FLOW, "executionRoleArn": _ROLE, "customerEncryptionKeyArn": _KEY},
            },
            {},
            empty={"flowSummaries": []},
            token="nextToken",
            gone={"GetFlow": "ResourceNotFoundException"},
            title="triage",
            service="bedrock-agent",
            reads={"customer_encryption_key_arn": _KEY},
        ),
        Reading(
            "AWS::Bedrock::DataSource",
            f"{_ARN}:knowledge-base/KBABCDEFGH/data-source/DSABCDEFGH",
            "ListKnowledgeBases",
            {
                "ListKnowledgeBases": {"knowledgeBaseSummaries": [_BASE]},
                "ListDataSources": {"dataSourceSummaries": [_SOURCE]},
                "GetDataSource": {
                    "dataSource": {
                        **_SOURCE,
                        "dataSourceConfiguration": {"type": "S3"},
                        "createdAt": _THEN,
                        "serverSideEncryptionConfiguration": {"kmsKeyArn": _KEY},
                    }
                },
            },
            {},
            empty={"knowledgeBaseSummaries": []},
            gone={"ListDataSources": "ResourceNotFoundException", "GetDataSource": "ResourceNotFoundException"},
            title="pdfs",
            service="bedrock-agent",
            reads={"kms_key_arn": _KEY},
        ),
    )


@pytest.mark.usefixtures("moto")
def test_agents_in_a_simulated_account(aws):
    for number in range(12):  # more than the default page
        aws("bedrock-agent").create_agent(agentName=f"agent{number:02}", agentResourceRoleArn=_ROLE)
    found = scan("AWS::Bedrock::Agent")
    assert (found.gaps, found.notices) == ([], [])
    assert [raw.title for raw in found.raws] == [f"agent{number:02}" for number in range(12)]
    assert {Agent(raw).agent_resource_role_arn for raw in found.raws} == {_ROLE}
