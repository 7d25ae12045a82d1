"""How SageMaker encrypts what it stores."""

from auditor import HIGH, MEDIUM, Findings, check
from auditor.resources.sagemaker import EndpointConfig, NotebookInstance


@check(
    "sagemaker-notebook-kms-encryption",
    title="Notebook instances encrypt their storage with a customer managed key",
    severity=HIGH,
    bad="AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium, RoleArn: role}",
    good="AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium, KmsKeyId: alias/ml}",
)
def notebook_kms_encryption(notebook: NotebookInstance) -> Findings:
    """Notebooks keep copies of training data; with a key of your own you decide who can read them, and can shut it off.

    Fix: set KmsKeyId to a customer managed key; this needs a new notebook instance.
    """
    if not notebook.kms_key_id:
        yield notebook.fail("has no KMS key for its storage", at="kms_key_id")


@check(
    "sagemaker-endpoint-kms-encryption",
    title="Endpoints encrypt their instances' storage with a KMS key",
    severity=MEDIUM,
    bad="""
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 2}]
        """,
    good=(
        """
        AWS::SageMaker::EndpointConfig:
          KmsKeyId: alias/ml
          ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 2}]
        """,
        """
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.g5.xlarge, InitialInstanceCount: 2}]
        """,
        """
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, ServerlessConfig: {MaxConcurrency: 5}}]
        """,
    ),
)
def endpoint_kms_encryption(config: EndpointConfig) -> Findings:
    """The volumes of an endpoint hold the model and what is captured of requests; your own key decides who reads them.

    Fix: set KmsKeyId. Types with local storage, such as ml.g5, take no key: they encrypt it in hardware.
    """
    if config.kms_key_id:
        return
    variants = list(config.instance_variants())
    if variants and not any(variant.has_local_storage for variant in variants):
        yield config.fail("has no KMS key for its instances' storage", at="kms_key_id")
