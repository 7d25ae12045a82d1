"""Bedrock Agents: agents, prompts, flows, data sources of knowledge bases."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

_ARN = "arn:{partition}:bedrock:{region}:{account}"
_GONE = ("ResourceNotFoundException",)

regular(
    "bedrock-agent",
    "AWS::Bedrock::Agent",
    Listing("ListAgents", "AgentSummaries[?AgentStatus!='DELETING']", tells=("AgentName",)),
    describe=Call("GetAgent", "Agent", {"agentId": "{AgentId}"}, gone=_GONE),
    arn=f"{_ARN}:agent/{{AgentId}}",
    title="{AgentName}",
    names=("{AgentId}",),
    pascal=True,
)

for _kind in ("Prompt", "Flow"):
    regular(
        "bedrock-agent",
        f"AWS::Bedrock::{_kind}",
        Listing(f"List{_kind}s", f"{_kind}Summaries", tells=("Name",)),
        describe=Call(
            f"Get{_kind}",
            "{CustomerEncryptionKeyArn: CustomerEncryptionKeyArn}",
            {f"{_kind.lower()}Identifier": "{Id}"},
            gone=_GONE,
        ),
        arn="{Arn}",
        title="{Name}",
        names=("{Id}",),
        pascal=True,
    )

regular(
    "bedrock-agent",
    "AWS::Bedrock::DataSource",
    Listing(
        "ListDataSources",
        "DataSourceSummaries[?Status!='DELETING']",
        {"knowledgeBaseId": "{KnowledgeBaseId}"},
        within=Listing("ListKnowledgeBases", "KnowledgeBaseSummaries[?Status!='DELETING']"),
        gone=_GONE,
        tells=("Name",),
    ),
    describe=Call(
        "GetDataSource",
        "DataSource",
        {"knowledgeBaseId": "{KnowledgeBaseId}", "dataSourceId": "{DataSourceId}"},
        gone=_GONE,
    ),
    arn=f"{_ARN}:knowledge-base/{{KnowledgeBaseId}}/data-source/{{DataSourceId}}",  # made up: it has none
    title="{Name}",
    names=("{DataSourceId}",),
    pascal=True,
)
