"""How SageMaker encrypts what it stores and sends, and what its scripts and jobs give away."""

from collections.abc import Callable

from auditor import HIGH, MEDIUM, Findings, Inventory, Undecided, check
from auditor.definitions import Training
from auditor.members import every, flat, in_turn, known_first, some, those
from auditor.resources.account import Account
from auditor.resources.base import Resource
from auditor.resources.kms import AwsManagedKey
from auditor.resources.s3 import Bucket
from auditor.resources.sagemaker import (
    Container,
    Domain,
    EndpointConfig,
    HyperParameterTuningJob,
    Model,
    NotebookInstance,
    Pipeline,
    TrainingJob,
    has_local_storage,
)
from auditor.resources.sagemaker_studio import NotebookLifecycleConfig, StudioLifecycleConfig
from auditor.resources.stepfunctions import StateMachine
from auditor.resources.texts import Secret, plaintext, secrets_of, secrets_within
from checks.data_protection.kms import is_customer_managed


@check(
    "sagemaker-notebook-kms-encryption",
    title="Notebook instances encrypt their storage with a customer managed key",
    severity=HIGH,
    uses=(AwsManagedKey,),
    bad=(
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium, RoleArn: role}",
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium, KmsKeyId: alias/aws/sagemaker}",
    ),
    good="AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium, KmsKeyId: alias/ml}",
)
def notebook_kms_encryption(notebook: NotebookInstance, inventory: Inventory) -> Findings:
    """Notebooks keep copies of training data; with a key of your own you decide who can read them, and can shut it off.

    Fix: set KmsKeyId to a customer managed key; this needs a new notebook instance.
    """
    if not notebook.kms_key_id or not is_customer_managed(notebook.kms_key_id, notebook, inventory):
        yield notebook.fail("has no KMS key of its own for its storage", at="kms_key_id")


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


@check(
    "sagemaker-domain-kms-encryption",
    title="SageMaker Studio domain home volumes are encrypted with a customer managed KMS key",
    severity=MEDIUM,
    uses=(AwsManagedKey,),
    bad=(
        "AWS::SageMaker::Domain: {DomainName: studio, AuthMode: IAM}",
        "AWS::SageMaker::Domain: {DomainName: studio, AuthMode: IAM, KmsKeyId: alias/aws/elasticfilesystem}",
    ),
    good="AWS::SageMaker::Domain: {DomainName: studio, AuthMode: IAM, KmsKeyId: alias/studio}",
)
def domain_kms_encryption(domain: Domain, inventory: Inventory) -> Findings:
    """The domain's file system holds everybody's notebooks and copies of data; your own key decides who can read them.

    Fix: set KmsKeyId to a customer managed key; this needs a new domain.
    """
    if not domain.kms_key_id or not is_customer_managed(domain.kms_key_id, domain, inventory):
        yield domain.fail("has no KMS key of its own for its home volumes", at="kms_key_id")


_STEP = """
        AWS::SageMaker::Pipeline:
          PipelineDefinition:
            PipelineDefinitionBody: '{"Steps": [{"Name": "Train", "Type": "Training", "Arguments": {%s}}]}'
        """
_STATE = """
        AWS::StepFunctions::StateMachine:
          Definition:
            StartAt: Train
            States:
              Train:
                Type: Task
                Resource: arn:aws:states:::sagemaker:createTrainingJob.sync
                Parameters: {%s}
                End: true
        """
_RESOURCES = '"ResourceConfig": {"InstanceType": "%s", "InstanceCount": %d%s}'
_ENCRYPTS = '"EnableInterContainerTrafficEncryption": %s'


def _where(training: Training, work: Resource) -> str:
    return "" if training.name == work.title else f" in {training.name}"


@check(
    "sagemaker-training-intercontainer-encryption",
    title="Distributed SageMaker training jobs encrypt traffic between containers",
    severity=MEDIUM,
    bad=(
        _STEP % _RESOURCES % ("ml.p4d.24xlarge", 4, ""),
        _STATE % (_RESOURCES % ("ml.m5.large", 2, "") + ", " + _ENCRYPTS % "false"),
        _STATE % '"ResourceConfig": {"InstanceGroups": [{"InstanceType": "ml.m5.large", "InstanceCount": 1}, '
        '{"InstanceType": "ml.g5.xlarge", "InstanceCount": 1}]}',
    ),
    good=(
        _STEP % _RESOURCES % ("ml.p4d.24xlarge", 1, ""),
        _STATE % (_RESOURCES % ("ml.m5.large", 2, "") + ", " + _ENCRYPTS % "true"),
    ),
)
def training_intercontainer_encryption(
    work: TrainingJob | HyperParameterTuningJob | StateMachine | Pipeline,
) -> Findings:
    """The containers of a distributed training send each other weights and data in the clear unless told otherwise.

    Fix: set EnableInterContainerTrafficEncryption to true. Training may take longer, deep learning most of all.
    """
    for training in those(work.trainings, _sends_in_the_clear):
        at = training.at("EnableInterContainerTrafficEncryption")
        why = f"trains on several instances without encryption between them{_where(training, work)}"
        yield work.fail(why, at=at, expected="true")


def _sends_in_the_clear(training: Training) -> bool:
    return every(lambda: not training.encrypts_between_containers, lambda: training.is_distributed)


_OUTPUT = '"OutputDataConfig": {"S3OutputPath": "s3://models/"%s}'


@check(
    "sagemaker-training-kms-encryption",
    title="SageMaker training job volumes and model output are encrypted with a KMS key",
    severity=HIGH,
    bad=(
        _STEP % (_RESOURCES % ("ml.m5.large", 1, "") + ", " + _OUTPUT % ""),
        _STEP % (_RESOURCES % ("ml.m5.large", 1, "") + ", " + _OUTPUT % ', "KmsKeyId": "alias/ml"'),
        _STATE % (_RESOURCES % ("ml.m5.large", 1, ', "VolumeKmsKeyId": "alias/ml"') + ", " + _OUTPUT % ""),
        _STATE % (_RESOURCES % ("ml.g5.xlarge", 1, "") + ", " + _OUTPUT % ', "KmsKeyId": ""'),
    ),
    good=(
        _STEP
        % (_RESOURCES % ("ml.m5.large", 1, ', "VolumeKmsKeyId": "k"') + ", " + _OUTPUT % ', "KmsKeyId": "alias/ml"'),
        _STATE % (_RESOURCES % ("ml.g5.xlarge", 1, "") + ", " + _OUTPUT % ', "KmsKeyId": "alias/ml"'),
    ),
)
def training_kms_encryption(work: TrainingJob | HyperParameterTuningJob | StateMachine | Pipeline) -> Findings:
    """The volume holds the training data and the output is the model; with your own key you decide who can read them.

    Fix: set ResourceConfig.VolumeKmsKeyId and OutputDataConfig.KmsKeyId. Instances with local storage, such as
    ml.g5, take no key for the volume: they encrypt it in hardware.
    """
    for training, what, setting in in_turn(
        known_first(work.trainings, lambda one: None if one.output_key else (one, "model", "OutputDataConfig")),
        known_first(work.trainings, lambda one: (one, "volume", "ResourceConfig") if _lacks_volume_key(one) else None),
    ):
        yield work.fail(f"has no KMS key for its {what}{_where(training, work)}", at=training.at(setting))


def _lacks_volume_key(training: Training) -> bool:
    return every(
        lambda: not training.volume_key,
        lambda: some(training.instance_types, lambda one: not has_local_storage(one)),
    )


_MODEL = "AWS::SageMaker::Model: {ExecutionRoleArn: role, PrimaryContainer: {Image: serve, Environment: {%s}}}"


@check(
    "sagemaker-training-secrets",
    title="Hyperparameters and environment variables of training jobs and models contain no credentials",
    severity=HIGH,
    bad=(
        _MODEL % "HF_TOKEN: hunter2",
        "AWS::SageMaker::Model: {Containers: [{Image: serve, Environment: {STORE: AKIAIOSFODNN7EXAMPLE}}]}",
        _STEP % '"HyperParameters": {"wandb_api_key": "hunter2"}',
        _STEP % '"Environment": {"TRACKING_URI": "https://ml:hunter2@mlflow.example.com"}',
    ),
    good=(
        _MODEL % "HF_MODEL_ID: bert, MMS_DEFAULT_WORKERS_PER_MODEL: '1', SECRET_ARN: 'arn:aws:secretsmanager:x'",
        _STEP % '"HyperParameters": {"max_tokens": "512", "tokenizer": "bert"}',
        "AWS::SageMaker::Model: {ExecutionRoleArn: role}",
    ),
)
def training_secrets(work: TrainingJob | HyperParameterTuningJob | Pipeline | Model) -> Findings:
    """Hyperparameters and variables stay readable for ever with the job or model, also in experiments and lineage.

    What state machines start is judged by stepfunctions-definition-secrets.

    Fix: pass the ARN of a secret, and let the script fetch it with the execution role. Then change the secret.
    """
    yield from plaintext(work, _given(work), "what it gives its containers")


def _given(work: TrainingJob | HyperParameterTuningJob | Pipeline | Model) -> tuple[Secret, ...]:
    """What looks like a secret in the parameters and variables of a job, a pipeline or a model."""
    if isinstance(work, TrainingJob):
        return secrets_of(work, "hyper_parameters", "environment")
    if isinstance(work, HyperParameterTuningJob):
        return secrets_of(work, "training_job_definition", "training_job_definitions")
    if isinstance(work, Pipeline):
        return secrets_within(work.definition.block)
    return flat(_containers(work), lambda container: secrets_of(container, "environment"))


def _containers(model: Model) -> tuple[Container, ...]:
    def primary(one: Model) -> Container | None:
        return one.primary_container

    return in_turn(known_first([model], primary), model.containers)


_SCRIPT = "AWS::SageMaker::NotebookInstanceLifecycleConfig: {%s: [{Content: %s}]}"
_STUDIO = """
        AWS::SageMaker::StudioLifecycleConfig:
          StudioLifecycleConfigName: start
          StudioLifecycleConfigAppType: JupyterLab
          StudioLifecycleConfigContent: %s
        """


@check(
    "sagemaker-lifecycle-config-secrets",
    title="Notebook and Studio lifecycle scripts contain no credentials",
    severity=HIGH,
    bad=(
        _SCRIPT % ("OnStart", '!Base64 "git clone https://bot:hunter2@git.example.com/ml.git"'),
        _SCRIPT % ("OnCreate", "ZXhwb3J0IERCX1BBU1NXT1JEPWh1bnRlcjI="),
        _STUDIO % '!Base64 "pip config set global.password=hunter2"',
    ),
    good=(
        _SCRIPT % ("OnStart", '!Base64 "export HF_TOKEN=$(aws secretsmanager get-secret-value --secret-id hf)"'),
        _STUDIO % '!Base64 "jupyter lab --version"',
        "AWS::SageMaker::NotebookInstanceLifecycleConfig: {NotebookInstanceLifecycleConfigName: none}",
    ),
)
def lifecycle_config_secrets(config: NotebookLifecycleConfig | StudioLifecycleConfig) -> Findings:
    """Everybody who may describe the configuration reads its scripts, and they are not meant to be secret.

    Fix: keep the secret in Secrets Manager and let the script fetch it with the execution role. Then change the secret.
    """
    if isinstance(config, StudioLifecycleConfig):
        secrets = secrets_of(config, "studio_lifecycle_config_content")
    else:
        secrets = secrets_of(config, "on_create", "on_start")
    yield from plaintext(config, secrets, "its script")


_ARTIFACTS = """
        Resources:
          Artifacts:
            Type: AWS::S3::Bucket
            Properties: {%s}
          Served:
            Type: AWS::SageMaker::Model
            Properties: {PrimaryContainer: {Image: serve, %s}}
        """
_URL = 'ModelDataUrl: !Sub "s3://${Artifacts}/churn/model.tar.gz"'
_SOURCE = 'ModelDataSource: {S3DataSource: {S3Uri: !Sub "s3://${Artifacts}/llm/", S3DataType: S3Prefix}}'
_VERSIONED = "VersioningConfiguration: {Status: Enabled}"
_ALL_ON = (
    "PublicAccessBlockConfiguration: "
    "{BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}"
)


@check(
    "sagemaker-model-artifact-bucket",
    title="Buckets holding model artifacts are private, encrypted and versioned",
    severity=HIGH,
    uses=(Bucket, Account),
    bad=(
        _ARTIFACTS % (_ALL_ON, _URL),
        _ARTIFACTS % (f"{_ALL_ON}, VersioningConfiguration: {{Status: Suspended}}", _SOURCE),
        _ARTIFACTS % (f"{_VERSIONED}, AccessControl: PublicRead", _URL),
        _ARTIFACTS % (_VERSIONED, _URL),
    ),
    good=(
        _ARTIFACTS % (f"{_ALL_ON}, {_VERSIONED}", _URL),
        _ARTIFACTS % (f"{_ALL_ON}, {_VERSIONED}", _SOURCE),
        "AWS::SageMaker::Model: {PrimaryContainer: {Image: serve, ModelPackageName: churn}}",
    ),
)
def model_artifact_bucket(model: Model, inventory: Inventory) -> Findings:
    """Whoever can write where a model lies decides what it predicts; without versions the right one is gone then.

    S3 encrypts all objects since January 2023; a key of one's own is the subject of s3-bucket-kms-encryption.

    Fix: set all four properties of PublicAccessBlockConfiguration to true on the bucket, and VersioningConfiguration to
    Enabled.
    """
    names = flat(_containers(model), lambda container: container.artifact_buckets)
    buckets = known_first(names, lambda name: _bucket(name, inventory))
    accounts = [account for account in inventory.of(Account) if account.scope.account == model.scope.account]
    told = set()
    for bucket, lack in flat(buckets, lambda one: _lacks(one, (one, *accounts))):
        if (bucket.address, lack) not in told:
            told.add((bucket.address, lack))
            yield model.fail(f"has its artifacts in the bucket {bucket.title}, which {lack}", at=bucket)


def _lacks(bucket: Bucket, owners: tuple[Bucket | Account, ...]) -> tuple[tuple[Bucket, str], ...]:
    asked: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("is not versioned", lambda: bucket.versioning != "Enabled"),
        ("may be made public", lambda: not some(owners, _blocks_the_public)),
    )
    return known_first(asked, lambda one: (bucket, one[0]) if one[1]() else None)


def _bucket(name: str, inventory: Inventory) -> Bucket | None:
    found = inventory.get(Bucket, name)
    if found is None and not name.startswith("jumpstart-"):  # AWS's own models
        raise Undecided(f"the bucket {name} belongs to another account")
    return found


def _blocks_the_public(owner: Bucket | Account) -> bool:
    return owner.public_access_block is not None and not owner.public_access_block.off()
