"""Bedrock AgentCore: runtimes, the browsers and code interpreters that somebody set up, gateways, memories."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

_SERVICE = "bedrock-agentcore-control"
_GONE = ("ResourceNotFoundException",)

# A runtime's description also holds its environment, which nobody reads.
regular(
    _SERVICE,
    "AWS::BedrockAgentCore::Runtime",
    Listing("ListAgentRuntimes", "AgentRuntimes[?Status!='DELETING']", tells=("AgentRuntimeName",)),
    describe=Call(
        "GetAgentRuntime",
        "{NetworkConfiguration: NetworkConfiguration}",
        {"agentRuntimeId": "{AgentRuntimeId}"},
        gone=_GONE,
    ),
    arn="{AgentRuntimeArn}",
    title="{AgentRuntimeName}",
    names=("{AgentRuntimeId}",),
    pascal=True,
)

for _kind, _id in (("Browser", "browserId"), ("CodeInterpreter", "codeInterpreterId")):
    regular(
        _SERVICE,
        f"AWS::BedrockAgentCore::{_kind}Custom",
        Listing(
            f"List{_kind}s",
            f"{_kind}Summaries[?!contains(['DELETING', 'DELETED'], Status)]",
            {"type": "CUSTOM"},
            tells=("Name",),
        ),
        describe=Call(f"Get{_kind}", "", {_id: f"{{{_kind}Id}}"}, gone=_GONE),
        arn=f"{{{_kind}Arn}}",
        title="{Name}",
        names=(f"{{{_kind}Id}}",),
        pascal=True,
    )

regular(
    _SERVICE,
    "AWS::BedrockAgentCore::Gateway",
    Listing("ListGateways", "Items[?Status!='DELETING']", tells=("Name",)),
    describe=Call("GetGateway", "", {"gatewayIdentifier": "{GatewayId}"}, gone=_GONE),
    arn="arn:{partition}:bedrock-agentcore:{region}:{account}:gateway/{GatewayId}",
    title="{Name}",
    names=("{GatewayId}",),
    pascal=True,
)

regular(
    _SERVICE,
    "AWS::BedrockAgentCore::Memory",
    Listing("ListMemories", "Memories[?Status!='DELETING']"),
    describe=Call("GetMemory", "Memory", {"memoryId": "{Id}"}, gone=_GONE),
    arn="{Arn}",
    title="{Id}",
    pascal=True,
)
