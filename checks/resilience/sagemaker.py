"""What SageMaker does when a machine or a zone fails."""

from auditor import MEDIUM, Findings, check
from auditor.members import place, those
from auditor.resources.sagemaker import EndpointConfig, ProductionVariant


@check(
    "sagemaker-endpoint-instance-count",
    title="Production variants of real-time endpoints start with at least two instances",
    severity=MEDIUM,
    bad="""
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 1}]
        """,
    good=(
        """
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 2}]
        """,
        """
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, ServerlessConfig: {MaxConcurrency: 5}}]
        """,
        """
        AWS::SageMaker::EndpointConfig:
          AsyncInferenceConfig: {OutputConfig: {S3OutputPath: "s3://results"}}
          ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 1}]
        """,
    ),
)
def endpoint_instance_count(config: EndpointConfig) -> Findings:
    """SageMaker spreads instances over availability zones; with one, the failure of a machine or zone ends the service.

    Fix: set InitialInstanceCount to 2 or more, and the minimum of its autoscaling, too. An asynchronous endpoint keeps
    requests in a queue meanwhile, and a serverless one has no instances, so both pass.
    """
    if config.async_inference_config:
        return
    for variant in those(config.instance_variants(), _is_alone):
        count = variant.initial_instance_count
        at = place(variant, "initial_instance_count")
        yield config.fail(f"starts a variant with {count} instance{'' if count == 1 else 's'}", at=at)


def _is_alone(variant: ProductionVariant) -> bool:
    return variant.initial_instance_count is not None and variant.initial_instance_count < 2
