"""Bedrock AgentCore: runtimes, tools, gateways, memories."""

from typing import Annotated, Any

from auditor.resources.base import Resource
from auditor.resources.fields import From

_MODE = From(
    cfn="NetworkConfiguration.NetworkMode",
    tf="network_configuration.network_mode",
    live="NetworkConfiguration.NetworkMode",
)


class Runtime(Resource, cfn="AWS::BedrockAgentCore::Runtime", tf="aws_bedrockagentcore_agent_runtime"):
    """What an agent runs on."""

    network_mode: Annotated[str, _MODE]


class Browser(Resource, cfn="AWS::BedrockAgentCore::BrowserCustom", tf="aws_bedrockagentcore_browser"):
    """A browser for agents that somebody set up; AWS's own ones are not judged."""

    network_mode: Annotated[str, _MODE]
    recording_enabled: Annotated[
        bool, From(cfn="RecordingConfig.Enabled", tf="recording.enabled", live="Recording.Enabled")
    ] = False


class CodeInterpreter(
    Resource, cfn="AWS::BedrockAgentCore::CodeInterpreterCustom", tf="aws_bedrockagentcore_code_interpreter"
):
    """A code interpreter for agents that somebody set up; AWS's own ones are not judged."""

    network_mode: Annotated[str, _MODE]


class Gateway(Resource, cfn="AWS::BedrockAgentCore::Gateway", tf="aws_bedrockagentcore_gateway"):
    """What makes APIs and functions into tools for agents."""

    authorizer_type: str
    authorizer_configuration: Any = None
    kms_key_arn: str | None = None


class Memory(Resource, cfn="AWS::BedrockAgentCore::Memory", tf="aws_bedrockagentcore_memory"):
    """What agents remember."""

    encryption_key_arn: str | None = None
