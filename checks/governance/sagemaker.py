"""SageMaker: where models come from, and which of them are served."""

import re

from auditor import HIGH, LOW, MEDIUM, Findings, Inventory, Undecided, check
from auditor.definitions import Block, PipelineDefinition, StateMachineDefinition, Training
from auditor.definitions.blocks import setting
from auditor.knowledge.provenance import is_from_code
from auditor.members import every, flat, in_turn, known_first, place, some, those
from auditor.resources.cloudformation import Stack
from auditor.resources.sagemaker import (
    Association,
    Container,
    Endpoint,
    EndpointConfig,
    Model,
    Pipeline,
    TrainingJob,
    TrialComponent,
)
from auditor.resources.sagemaker_models import ModelPackage
from auditor.resources.stepfunctions import StateMachine
from auditor.values import Partial

_PENDING = "PendingManualApproval"
_OF_AWS = re.compile(r"s3://(sagemaker-)?jumpstart-")
_OF_A_PIPELINE = re.compile(r"pipelines-[a-z0-9]{12}-.+")
_TRACKED = re.compile(r":(context|action|experiment-trial|experiment)/")
_VERSION_TAGS = ("version", "git-commit", "git-sha", "commit", "commit-sha", "commit-id", "revision", "release")


@check(
    "sagemaker-training-lineage-missing",
    title="SageMaker training jobs run from a pipeline, a state machine or a tracked experiment",
    severity=LOW,
    uses=(StateMachine, TrialComponent, Association),
    inputs=("live",),
)
def training_lineage_missing(job: TrainingJob, inventory: Inventory) -> Findings:
    """When a model goes wrong, one must find what it was trained on; a job that was started by hand tells little.

    SageMaker itself notes the artifacts of every job, so these do not count. A state machine counts if it trains with
    the job's role.

    Fix: run the training as a step of a SageMaker pipeline or a state machine, or give the job an ExperimentConfig.
    """
    if _OF_A_PIPELINE.fullmatch(job.title):
        return
    if every(
        lambda: job.experiment_name is None,
        lambda: not some(_training_roles(job, inventory), lambda role: role == job.role_arn),
        lambda: not _is_tracked(job, inventory),
    ):
        yield job.fail("was started by no pipeline, state machine or experiment")


def _training_roles(job: TrainingJob, inventory: Inventory) -> tuple[str, ...]:
    """The roles that state machines train with, each once."""

    def roles() -> tuple[str, ...]:
        machines = inventory.beside(StateMachine, job)
        found = flat(machines, lambda machine: known_first(machine.trainings, _role))
        once = tuple(dict.fromkeys(tuple.__iter__(found)))
        return Partial(once, found.undecided) if isinstance(found, Partial) else once

    return inventory.remembered(job, _training_roles, roles)


def _role(training: Training) -> str | None:
    role: str | None = setting(training.settings, "RoleArn")
    return role


def _is_tracked(job: TrainingJob, inventory: Inventory) -> bool:
    components = inventory.referring(TrialComponent, lambda component: component.source_arn, job)

    def has_context(component: TrialComponent) -> bool:
        edges = in_turn(
            inventory.referring(Association, lambda edge: edge.source_arn, component),
            inventory.referring(Association, lambda edge: edge.destination_arn, component),
        )
        return some(edges, lambda edge: _TRACKED.search(edge.other_end(component.raw.id)) is not None)

    return some(components, has_context)


_SERVED = """
Resources:
  Model: {Type: AWS::SageMaker::Model, Properties: {ModelName: churn, ExecutionRoleArn: role, %s}}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - {ModelName: %s, VariantName: a, InstanceType: ml.m7i.large, InitialInstanceCount: 2}
"""
_BY_MODEL = "!GetAtt Model.ModelName"


@check(
    "sagemaker-model-registry-in-use",
    title="Deployed models are registered as model packages in the Model Registry",
    severity=MEDIUM,
    uses=(EndpointConfig,),
    bad=(
        _SERVED % ("PrimaryContainer: {Image: xgboost, ModelDataUrl: s3://models/churn.tar.gz}", _BY_MODEL),
        _SERVED % ("Containers: [{ModelPackageName: prepare}, {Image: x, ModelDataUrl: s3://models/a}]", "churn"),
        _SERVED
        % (
            "PrimaryContainer: {Image: x, ModelDataSource: {S3DataSource: {S3Uri: s3://models/a/, "
            "S3DataType: S3Prefix, CompressionType: None}}}",
            _BY_MODEL,
        ),
    ),
    good=(
        _SERVED
        % ("PrimaryContainer: {ModelPackageName: arn:aws:sagemaker:eu-west-1:1:model-package/churn/3}", _BY_MODEL),
        _SERVED % ("PrimaryContainer: {Image: x, ModelDataUrl: s3://jumpstart-cache-prod-eu-west-1/a}", "churn"),
        _SERVED % ("PrimaryContainer: {Image: x, Environment: {HF_MODEL_ID: acme/small}}", "churn"),
    ),
)
def model_registry_in_use(model: Model, inventory: Inventory) -> Findings:
    """The registry says which data, code and metrics a served model has, and who approved it; a file in S3 does not.

    Models that no endpoint configuration names are left out, and those that bring no artifact of their own.

    Fix: register the model as a version in a model package group, and deploy that version (ModelPackageName).
    """
    if not inventory.referring(EndpointConfig, _served, model):
        raise Undecided("no endpoint configuration names it", elsewhere=True)
    for container in those(model.all_containers, _is_unregistered):
        yield model.fail("is served and is no version of the model registry", at=place(container, "model_package_name"))


def _served(config: EndpointConfig) -> tuple[str, ...]:
    return known_first(config.production_variants, lambda variant: variant.model_name)


def _is_unregistered(container: Container) -> bool:
    if container.model_package_name is not None:
        return False
    artifact = container.model_data_url or container.model_data_source_uri
    return artifact is not None and not _OF_AWS.match(artifact)


@check(
    "sagemaker-endpoint-unapproved-model",
    title="SageMaker endpoints serve only model versions approved in the Model Registry",
    severity=HIGH,
    uses=(EndpointConfig, Model, ModelPackage),
    inputs=("live",),
)
def endpoint_unapproved_model(endpoint: Endpoint, inventory: Inventory) -> Findings:
    """A version that waits for approval, or was rejected, was not found fit by anybody, and still answers customers.

    Models outside of the registry are sagemaker-model-registry-in-use's to report.

    Fix: deploy an approved version; start deployments from the event of its approval.
    """
    config = inventory.get(EndpointConfig, endpoint.endpoint_config_name, near=endpoint)
    models = known_first(_served(config), lambda name: inventory.get(Model, name, near=endpoint)) if config else ()
    for container in flat(models, lambda model: model.all_containers):
        if container.model_package_name is None:
            continue
        package = inventory.get(ModelPackage, container.model_package_name)
        if package is None:
            yield endpoint.fail("serves a model version that is no longer in the registry")
        elif package.model_package_group_name is not None and package.model_approval_status != "Approved":
            status = "was rejected" if package.model_approval_status == "Rejected" else "waits for approval"
            yield endpoint.fail(f"serves the model version {package.title}, which {status}")


_PIPELINE = """
AWS::SageMaker::Pipeline:
  PipelineName: churn
  RoleArn: role
  PipelineDefinition:
    PipelineDefinitionBody: |
      {"Version": "2020-12-01", "Parameters": [{"Name": "Status", "Type": "String", "DefaultValue": "%s"}],
       "Steps": [{"Name": "Register", "Type": "RegisterModel", "Arguments": {
         "ModelPackageGroupName": "churn", "ModelApprovalStatus": %s}}]}
"""
_MACHINE = """
AWS::StepFunctions::StateMachine:
  RoleArn: role
  Definition:
    StartAt: Register
    States:
      Register:
        Type: Task
        Resource: arn:aws:states:::aws-sdk:sagemaker:createModelPackage
        Parameters: {ModelPackageGroupName: churn, ModelApprovalStatus: %s}
        End: true
"""


@check(
    "sagemaker-model-package-hardcoded-approval",
    title="Templates and pipelines register models as pending, not as already approved",
    severity=MEDIUM,
    bad=(
        "AWS::SageMaker::ModelPackage: {ModelPackageGroupName: churn, ModelApprovalStatus: Approved}",
        _PIPELINE % ("x", '"Approved"'),
        _PIPELINE % ("Approved", '{"Get": "Parameters.Status"}'),
        _MACHINE % "Approved",
    ),
    good=(
        f"AWS::SageMaker::ModelPackage: {{ModelPackageGroupName: churn, ModelApprovalStatus: {_PENDING}}}",
        "AWS::SageMaker::ModelPackage: {ModelPackageName: churn, ModelApprovalStatus: Approved}",
        _PIPELINE % (_PENDING, '{"Get": "Parameters.Status"}'),
        _MACHINE % _PENDING,
    ),
)
def model_package_hardcoded_approval(source: ModelPackage | Pipeline | StateMachine) -> Findings:
    """A model that is approved as it is registered was approved by nobody: the gate before production stands open.

    In an account, a version counts that was approved as it was made. A pipeline's parameter counts by its default.

    Fix: register with ModelApprovalStatus PendingManualApproval, and let a person, or a step that checks the metrics,
    approve the version afterwards.
    """
    if isinstance(source, ModelPackage):
        if source.approved_at_once:
            yield source.fail("is approved as it is made", at="model_approval_status", expected=_PENDING)
        return
    definition = source.definition
    for call in _registrations(definition):
        if _status(call, definition) == "Approved":
            at = call.at("ModelApprovalStatus")
            yield source.fail("registers models as already approved", at=at, expected=_PENDING if call.exact else None)


def _registrations(definition: PipelineDefinition | StateMachineDefinition) -> tuple[Block, ...]:
    """What it registers model versions with."""
    if isinstance(definition, PipelineDefinition):
        return known_first(
            definition.steps, lambda step: step.arguments if step.type.startswith("RegisterModel") else None
        )
    calls = flat(definition.states, lambda state: [(state, call) for call in state.integrations])
    registers = ("sagemaker", "createmodelpackage")
    return known_first(
        calls, lambda one: one[0].arguments if (one[1].service, one[1].action.lower()) == registers else None
    )


def _status(call: Block, definition: PipelineDefinition | StateMachineDefinition) -> str:
    given = call.values.get("ModelApprovalStatus")
    name = given.get("Get") if isinstance(given, dict) else None
    if isinstance(name, str) and name.startswith("Parameters."):
        parameters = definition.block.blocks("Parameters")
        for parameter in those(parameters, lambda one: f"Parameters.{one.text('Name')}" == name):
            return parameter.text("DefaultValue")
    return call.text("ModelApprovalStatus")


_FROM_S3 = """
AWS::SageMaker::Pipeline:
  PipelineName: churn
  RoleArn: role
  PipelineDefinition: {PipelineDefinitionS3Location: {Bucket: pipelines, Key: churn.json%s}}
"""


@check(
    "sagemaker-pipeline-definition-unversioned",
    title="SageMaker pipeline definitions are deployed from a versioned source",
    severity=LOW,
    uses=(Stack,),
    bad=_FROM_S3 % "",
    good=(
        _FROM_S3 % ", Version: abc123",
        """
        AWS::SageMaker::Pipeline:
          RoleArn: role
          PipelineDefinition: {PipelineDefinitionBody: '{"Version": "2020-12-01", "Steps": []}'}
        """,
    ),
)
def pipeline_definition_unversioned(pipeline: Pipeline, inventory: Inventory) -> Findings:
    """A definition that nobody can look up as it was then cannot be rolled back, and its models cannot be explained.

    In an account, a pipeline passes whose tags say the stack, tool, version or commit that made it.

    Fix: deploy the pipeline from a repository, by a template or by a job that tags it with `git-commit`. In a template,
    name the Version of the S3 object.
    """
    location = pipeline.definition_s3_location
    if location:
        if location.version is None:
            at = "definition_s3_location.version"
            yield pipeline.fail("takes whatever definition is in S3 when it is deployed", at=at)
    elif every(lambda: not is_from_code(pipeline, pipeline, inventory), lambda: not pipeline.tags.get(*_VERSION_TAGS)):
        yield pipeline.fail("does not say which version of which source it was made from", at="tags")
