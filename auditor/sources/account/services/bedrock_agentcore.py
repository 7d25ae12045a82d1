"""Bedrock AgentCore: runtimes, the browsers and code interpreters that somebody set up, gateways, memories."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

_SERVICE = "bedrock-agentcore-control"
_GONE = ("ResourceNotFoundException",)

# A runtime's description also holds its environment, which nobody reads.
regular(
    _SERVICE,
    "AWS::BedrockAgentCore::Runtime",
    Listing("ListAgentRuntimes", "AgentRuntimes[?Status!='DELETING']"),
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

regular(
    _SERVICE,
    "AWS::BedrockAgentCore::BrowserCustom",
    Listing("ListBrowsers", "BrowserSummaries[?!contains(['DELETING', 'DELETED'], Status)]", {"type": "CUSTOM"}),
    describe=Call("GetBrowser", "", {"browserId": "{BrowserId}"}, gone=_GONE),
    arn="{BrowserArn}",
    title="{Name}",
    names=("{BrowserId}",),
    pascal=True,
)

regular(
    _SERVICE,
    "AWS::BedrockAgentCore::CodeInterpreterCustom",
    Listing(
        "ListCodeInterpreters",
        "CodeInterpreterSummaries[?!contains(['DELETING', 'DELETED'], Status)]",
        {"type": "CUSTOM"},
    ),
    describe=Call("GetCodeInterpreter", "", {"codeInterpreterId": "{CodeInterpreterId}"}, gone=_GONE),
    arn="{CodeInterpreterArn}",
    title="{Name}",
    names=("{CodeInterpreterId}",),
    pascal=True,
)

regular(
    _SERVICE,
    "AWS::BedrockAgentCore::Gateway",
    Listing("ListGateways", "Items[?Status!='DELETING']"),
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
