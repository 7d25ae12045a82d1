"""Bedrock Agents: agents, prompts, flows, data sources of knowledge bases."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import From


class Agent(Resource, cfn="AWS::Bedrock::Agent", tf="aws_bedrockagent_agent"):
    """An agent; live, its working draft."""

    agent_resource_role_arn: str | None = None
    customer_encryption_key_arn: str | None = None
    guardrail_identifier: Annotated[
        str | None,
        From(
            cfn="GuardrailConfiguration.GuardrailIdentifier",
            tf="guardrail_configuration.guardrail_identifier",
            live="GuardrailConfiguration.GuardrailIdentifier",
        ),
    ] = None


class Prompt(Resource, cfn="AWS::Bedrock::Prompt", tf="aws_bedrockagent_prompt"):
    """A prompt of Prompt Management."""

    customer_encryption_key_arn: str | None = None


class Flow(Resource, cfn="AWS::Bedrock::Flow", tf="aws_bedrockagent_flow"):
    """A flow of prompts, agents and other steps."""

    customer_encryption_key_arn: str | None = None


class DataSource(Resource, cfn="AWS::Bedrock::DataSource", tf="aws_bedrockagent_data_source"):
    """What a knowledge base reads."""

    kms_key_arn: Annotated[
        str | None,
        From(
            cfn="ServerSideEncryptionConfiguration.KmsKeyArn",
            tf="server_side_encryption_configuration.kms_key_arn",
            live="ServerSideEncryptionConfiguration.KmsKeyArn",
        ),
    ] = None
