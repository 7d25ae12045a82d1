"""Bedrock: guardrails, custom models, and what is logged of invocations."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

_GONE = ("ResourceNotFoundException",)

# One for each region, also where nothing is logged.
regular(
    "bedrock",
    "api:Bedrock::InvocationLogging",
    Listing("GetModelInvocationLoggingConfiguration", "{LoggingConfig: LoggingConfig}"),
    arn="arn:{partition}:bedrock:{region}:{account}:model-invocation-logging",  # made up: it has none
    title="model invocation logging in {region}",
    pascal=True,
)

regular(
    "bedrock",
    "AWS::Bedrock::Guardrail",
    Listing("ListGuardrails", "Guardrails[?Status!='DELETING']"),
    describe=Call("GetGuardrail", "", {"guardrailIdentifier": "{Id}"}, gone=_GONE),
    arn="{Arn}",
    title="{Name}",
    names=("{Id}",),
    pascal=True,
)

# A model that was imported was made by no customization job.
regular(
    "bedrock",
    "api:Bedrock::CustomModel",
    Listing("ListCustomModels", "ModelSummaries", {"isOwned": True}),
    describe=Call("GetCustomModel", "", {"modelIdentifier": "{ModelArn}"}, gone=_GONE),
    more=(
        Call(
            "GetModelCustomizationJob",
            "VpcConfig.{Subnets: SubnetIds, SecurityGroupIds: SecurityGroupIds}",
            {"jobIdentifier": "{JobArn}"},
            into="VpcConfig",
            when="JobArn && CustomizationType!='IMPORTED'",
        ),
    ),
    arn="{ModelArn}",
    title="{ModelName}",
    pascal=True,
)
