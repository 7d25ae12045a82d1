"""Lambda: functions, who may call them, and what becomes of calls that fail."""

from typing import Annotated, Any

from auditor.policy import Policy
from auditor.resources.base import Resource
from auditor.resources.fields import From
from auditor.resources.tags import Tags


class Function(Resource, cfn="AWS::Lambda::Function", tf="aws_lambda_function"):
    """A function; memory in MB, timeout in seconds."""

    function_name: str | None = None
    package_type: str = "Zip"
    runtime: str | None = None
    architectures: tuple[str, ...] = ("x86_64",)
    memory_size: int = 128
    timeout: int = 3
    layers: tuple[str, ...] = ()
    kms_key_arn: Annotated[str | None, From(live="KMSKeyArn")] = None
    code_signing_config_arn: str | None = None
    reserved_concurrent_executions: int | None = None
    zip_file: Annotated[str | None, From(cfn="Code.ZipFile", tf=None, live=None)] = None
    variables: Annotated[
        Any, From(cfn="Environment.Variables", tf="environment.variables", live="Environment.Variables")
    ] = None
    subnet_ids: Annotated[
        tuple[str, ...], From(cfn="VpcConfig.SubnetIds", tf="vpc_config.subnet_ids", live="VpcConfig.SubnetIds")
    ] = ()
    dead_letter_target: Annotated[
        str | None,
        From(cfn="DeadLetterConfig.TargetArn", tf="dead_letter_config.target_arn", live="DeadLetterConfig.TargetArn"),
    ] = None
    tracing_mode: Annotated[
        str, From(cfn="TracingConfig.Mode", tf="tracing_config.mode", live="TracingConfig.Mode")
    ] = "PassThrough"
    tags: Tags = Tags({})


class Alias(Resource, cfn="AWS::Lambda::Alias", tf="aws_lambda_alias"):
    """A name for a version of a function, as templates declare it, by which it may be called."""

    function_name: str


class EventInvokeConfig(Resource, cfn="AWS::Lambda::EventInvokeConfig", tf="aws_lambda_function_event_invoke_config"):
    """What becomes of asynchronous calls; live, those of functions themselves, not of versions and aliases."""

    function_name: Annotated[str, From(live="FunctionArn")]
    on_failure: Annotated[
        str | None,
        From(
            cfn="DestinationConfig.OnFailure.Destination",
            tf="destination_config.on_failure.destination",
            live="DestinationConfig.OnFailure.Destination",
        ),
    ] = None


class FunctionUrl(Resource, cfn="AWS::Lambda::Url", tf="aws_lambda_function_url"):
    """An HTTPS endpoint of a function."""

    function: Annotated[str, From(cfn="TargetFunctionArn", tf="function_name", live="FunctionArn")]
    auth_type: Annotated[str, From(tf="authorization_type")]
    allow_origins: Annotated[
        tuple[str, ...], From(cfn="Cors.AllowOrigins", tf="cors.allow_origins", live="Cors.AllowOrigins")
    ] = ()


class Permission(Resource, cfn="AWS::Lambda::Permission", tf="aws_lambda_permission"):
    """One statement of a function's policy, as templates declare it; live, see `ResourcePolicy`."""

    function_name: str
    principal: str
    principal_org_id: Annotated[str | None, From(cfn="PrincipalOrgID")] = None
    function_url_auth_type: str | None = None
    source_arn: str | None = None
    source_account: str | None = None


class ResourcePolicy(Resource, cfn="AWS::Lambda::ResourcePolicy"):
    """A function's policy as a whole; live, every function's that has one."""

    resource_arn: Annotated[str, From(live="FunctionArn")]
    policy_document: Policy
