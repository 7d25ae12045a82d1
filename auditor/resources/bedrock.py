"""Bedrock: guardrails, custom models, and what is logged of invocations."""

from typing import Annotated

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From
from auditor.resources.sagemaker import VpcConfig


class InvocationLogging(
    Resource, cfn="api:Bedrock::InvocationLogging", tf="aws_bedrock_model_invocation_logging_configuration"
):
    """What a region logs of invocations, and where: nothing where both destinations are None."""

    text_data_delivery_enabled: Annotated[
        bool,
        From(
            tf="logging_config.text_data_delivery_enabled",
            live="LoggingConfig.TextDataDeliveryEnabled",
            tf_default=True,
        ),
    ] = False
    log_group_name: Annotated[
        str | None,
        From(tf="logging_config.cloudwatch_config.log_group_name", live="LoggingConfig.CloudWatchConfig.LogGroupName"),
    ] = None
    bucket_name: Annotated[
        str | None, From(tf="logging_config.s3_config.bucket_name", live="LoggingConfig.S3Config.BucketName")
    ] = None


class ContentFilter(Struct):
    """How strictly a guardrail filters one kind of content, such as PROMPT_ATTACK."""

    type: str
    input_strength: str = "NONE"


class PiiEntity(Struct):
    """What a guardrail does with one kind of personal data."""

    type: str
    action: str | None = None


class Regex(Struct):
    """What a guardrail does with what matches a pattern."""

    name: str
    action: str | None = None


class GroundingFilter(Struct):
    """From which score an answer counts as grounded, or as relevant."""

    type: str
    threshold: float


class Guardrail(Resource, cfn="AWS::Bedrock::Guardrail", tf="aws_bedrock_guardrail"):
    """A guardrail; live, its working draft."""

    name: str
    content_filters: Annotated[
        tuple[ContentFilter, ...],
        From(
            cfn="ContentPolicyConfig.FiltersConfig",
            tf="content_policy_config.filters_config",
            live="ContentPolicy.Filters",
        ),
    ] = ()
    pii_entities: Annotated[
        tuple[PiiEntity, ...],
        From(
            cfn="SensitiveInformationPolicyConfig.PiiEntitiesConfig",
            tf="sensitive_information_policy_config.pii_entities_config",
            live="SensitiveInformationPolicy.PiiEntities",
        ),
    ] = ()
    regexes: Annotated[
        tuple[Regex, ...],
        From(
            cfn="SensitiveInformationPolicyConfig.RegexesConfig",
            tf="sensitive_information_policy_config.regexes_config",
            live="SensitiveInformationPolicy.Regexes",
        ),
    ] = ()
    grounding_filters: Annotated[
        tuple[GroundingFilter, ...],
        From(
            cfn="ContextualGroundingPolicyConfig.FiltersConfig",
            tf="contextual_grounding_policy_config.filters_config",
            live="ContextualGroundingPolicy.Filters",
        ),
    ] = ()
    kms_key_arn: str | None = None


class CustomModel(Resource, cfn="api:Bedrock::CustomModel", tf="aws_bedrock_custom_model"):
    """A customized model of this account, with the VPC of the job that made it."""

    kms_key_arn: Annotated[str | None, From(tf="custom_model_kms_key_id", live="ModelKmsKeyArn")] = None
    customization_type: str | None = None
    vpc_config: VpcConfig | None = None
