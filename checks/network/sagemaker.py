"""How SageMaker's notebooks, domains and models reach the internet."""

from auditor import HIGH, Findings, check
from auditor.resources.sagemaker import Domain, Model, NotebookInstance


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
