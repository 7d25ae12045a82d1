"""How SageMaker's notebooks, domains, trainings and models reach the internet."""

from auditor import HIGH, MEDIUM, Findings, Inventory, Undecided, check
from auditor.definitions import Training
from auditor.members import known_first, those
from auditor.resources.base import Resource
from auditor.resources.sagemaker import (
    Domain,
    HyperParameterTuningJob,
    Model,
    NotebookInstance,
    Pipeline,
    TrainingJob,
)
from auditor.resources.stepfunctions import StateMachine
from auditor.resources.vpc import Subnet


@check(
    "sagemaker-notebook-direct-internet",
    title="Notebook instances have no direct internet access",
    severity=HIGH,
    bad=(
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium, RoleArn: role}",
        "AWS::SageMaker::NotebookInstance: {DirectInternetAccess: Enabled, SubnetId: subnet-1}",
    ),
    good="AWS::SageMaker::NotebookInstance: {DirectInternetAccess: Disabled, SubnetId: subnet-1}",
)
def notebook_direct_internet(notebook: NotebookInstance) -> Findings:
    """A notebook with direct internet access can send training data anywhere, past every control of your own network.

    Fix: set DirectInternetAccess to Disabled and give the notebook a private subnet; reach AWS through VPC endpoints.
    """
    if notebook.direct_internet_access == "Enabled":
        yield notebook.fail("has direct internet access", at="direct_internet_access", expected="Disabled")


@check(
    "sagemaker-notebook-custom-vpc",
    title="Notebook instances run in a subnet of your own VPC",
    severity=HIGH,
    bad=(
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium, RoleArn: role}",
        "AWS::SageMaker::NotebookInstance: {SecurityGroupIds: [sg-1]}",
    ),
    good="AWS::SageMaker::NotebookInstance: {SubnetId: subnet-1, SecurityGroupIds: [sg-1]}",
)
def notebook_custom_vpc(notebook: NotebookInstance) -> Findings:
    """Outside of your VPC no security group, network ACL, endpoint policy or flow log of yours applies to a notebook.

    Fix: give the notebook a private SubnetId and SecurityGroupIds; this needs a new notebook instance.
    """
    if not notebook.subnet_id:
        yield notebook.fail("runs outside of your VPC", at="subnet_id")


@check(
    "sagemaker-domain-public-internet",
    title="Studio domains reach the network only through your VPC",
    severity=HIGH,
    bad=(
        "AWS::SageMaker::Domain: {AuthMode: IAM, DomainName: studio}",
        "AWS::SageMaker::Domain: {AppNetworkAccessType: PublicInternetOnly}",
    ),
    good="AWS::SageMaker::Domain: {AppNetworkAccessType: VpcOnly, VpcId: vpc-1, SubnetIds: [subnet-1]}",
)
def domain_public_internet(domain: Domain) -> Findings:
    """With public internet access, everyone in the domain can move data in and out past your network's controls.

    Fix: set AppNetworkAccessType to VpcOnly, with private subnets and VPC endpoints for SageMaker, S3 and STS.
    """
    if domain.app_network_access_type != "VpcOnly":
        yield domain.fail("reaches the public internet directly", at="app_network_access_type", expected="VpcOnly")


@check(
    "sagemaker-model-network-isolation",
    title="Models run with network isolation",
    severity=HIGH,
    bad=(
        "AWS::SageMaker::Model: {ExecutionRoleArn: role}",
        "AWS::SageMaker::Model: {ExecutionRoleArn: role, EnableNetworkIsolation: false}",
    ),
    good="AWS::SageMaker::Model: {ExecutionRoleArn: role, EnableNetworkIsolation: true}",
)
def model_network_isolation(model: Model) -> Findings:
    """A model container without isolation can call out, so code hidden in a model or library can leak what it is sent.

    Fix: set EnableNetworkIsolation to true; SageMaker itself still brings model and data. Where the container must
    reach something, suppress the check with that as the reason.
    """
    if not model.enable_network_isolation:
        yield model.fail("runs without network isolation", at="enable_network_isolation", expected="true")


_STATE = """
        AWS::StepFunctions::StateMachine:
          Definition:
            StartAt: Train
            States:
              Train:
                Type: Task
                Resource: arn:aws:states:::sagemaker:createTrainingJob.sync
                Parameters: {EnableNetworkIsolation: %s, VpcConfig: {Subnets: [%s], SecurityGroupIds: [sg-1]}}
                End: true
        """
_STEP = """
        AWS::SageMaker::Pipeline:
          PipelineDefinition:
            PipelineDefinitionBody: '{"Steps": [{"Name": "Train", "Type": "Training", "Arguments": {%s}}]}'
        """
_ISOLATED = '"EnableNetworkIsolation": true'
_IN_VPC = '"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}'


def _step(training: Training, work: Resource) -> str:
    return "" if training.name == work.title else f" in {training.name}"


@check(
    "sagemaker-training-network-isolation",
    title="Training jobs run with network isolation",
    severity=HIGH,
    bad=(_STATE % ("false", "subnet-1"), _STEP % _IN_VPC),
    good=(_STATE % ("true", "subnet-1"), _STEP % _ISOLATED),
)
def training_network_isolation(work: TrainingJob | HyperParameterTuningJob | StateMachine | Pipeline) -> Findings:
    """Training code and the packages it installs see all of the data; with a network, any of them can send it away.

    Fix: set EnableNetworkIsolation to true; SageMaker itself still brings the data and takes the model. Training on
    several instances is isolated too, but for the network among them.
    """
    for training in those(work.trainings, lambda training: not training.is_isolated):
        at = training.at("EnableNetworkIsolation")
        yield work.fail(f"trains without network isolation{_step(training, work)}", at=at, expected="true")


@check(
    "sagemaker-training-vpc",
    title="Training jobs run in a VPC of your own",
    severity=HIGH,
    bad=(_STEP % _ISOLATED, _STEP % '"VpcConfig": {"Subnets": []}'),
    good=(_STATE % ("false", "subnet-1"), _STEP % _IN_VPC),
)
def training_vpc(work: TrainingJob | HyperParameterTuningJob | StateMachine | Pipeline) -> Findings:
    """Outside of your VPC no security group, endpoint policy or flow log of yours applies to what a training job does.

    Fix: give the job a VpcConfig with private subnets and a security group, and the VPC an endpoint for S3.
    """
    for training in those(work.trainings, lambda training: not training.is_in_vpc):
        yield work.fail(f"trains outside of your VPC{_step(training, work)}", at=training.at("VpcConfig"))


_ZONES = """
        Resources:
          One: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, AvailabilityZone: eu-west-1a}}
          Two: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, AvailabilityZone: eu-west-1%s}}
          Serving:
            Type: AWS::SageMaker::Model
            Properties: {VpcConfig: {Subnets: [!Ref One, !Ref Two], SecurityGroupIds: [sg-1]}}
        """


@check(
    "sagemaker-model-vpc",
    title="Models run in a VPC of your own, with subnets in two Availability Zones at least",
    severity=MEDIUM,
    uses=(Subnet,),
    bad=(
        "AWS::SageMaker::Model: {ExecutionRoleArn: role}",
        "AWS::SageMaker::Model: {VpcConfig: {Subnets: [subnet-1], SecurityGroupIds: [sg-1]}}",
        _ZONES % "a",
    ),
    good=_ZONES % "b",
)
def model_vpc(model: Model, inventory: Inventory) -> Findings:
    """Outside of your VPC none of your controls applies to a model's containers; in one zone only, they stop with it.

    Fix: give the model a VpcConfig with private subnets in two Availability Zones or more.
    """
    config = model.vpc_config
    if config is None or not config.subnets:
        yield model.fail("runs outside of your VPC", at="vpc_config")
    elif len(set(config.subnets)) == 1:
        yield model.fail("runs in one subnet, and so in one Availability Zone", at="vpc_config.subnets")
    else:
        subnets = known_first(config.subnets, lambda reference: inventory.get(Subnet, reference))
        zones = known_first(subnets, lambda subnet: subnet.availability_zone)
        if len(set(tuple.__iter__(zones))) > 1:
            return
        if not zones or len(zones) < len(config.subnets):
            raise Undecided("the Availability Zones of its subnets are not known")
        yield model.fail(f"runs in the Availability Zone {zones[0]} only", at="vpc_config.subnets")
