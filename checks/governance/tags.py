"""What tags say of resources."""

from auditor import LOW, Findings, Inventory, check
from auditor.config import Config
from auditor.knowledge.provenance import is_from_code
from auditor.resources.cloudformation import Stack
from auditor.resources.ec2 import Instance
from auditor.resources.eks import Nodegroup
from auditor.resources.emr import Cluster as EmrCluster
from auditor.resources.glue import Job
from auditor.resources.rds import DBInstance
from auditor.resources.redshift import Cluster as RedshiftCluster
from auditor.resources.sagemaker import Endpoint, NotebookInstance, Pipeline
from auditor.resources.stepfunctions import StateMachine


@check(
    "tags-environment-missing",
    title="Resources say whether they are development or production",
    severity=LOW,
    bad=(
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium}",
        "AWS::SageMaker::Endpoint: {EndpointConfigName: a, Tags: [{Key: owner, Value: ml}]}",
        'AWS::EC2::Instance: {InstanceType: t3.micro, Tags: [{Key: environment, Value: ""}]}',
        "AWS::EKS::Nodegroup: {ClusterName: ml, Tags: {team: ml}}",
    ),
    good=(
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium, Tags: [{Key: Environment, Value: dev}]}",
        "AWS::EKS::Nodegroup: {ClusterName: ml, Tags: {env: prod}}",
    ),
)
def environment_missing(
    resource: Instance | DBInstance | Endpoint | NotebookInstance | EmrCluster | RedshiftCluster | Nodegroup,
    config: Config,
) -> Findings:
    """Schedules, sizes and spending limits differ for development and production, so somebody must be able to tell.

    Fix: tag the resource with `environment` (the accepted keys are set with environment-tags). Where every deployment
    sets it as a stack tag, ignore this check for templates.
    """
    if not (resource.tags.get(*config.environment_tags) or "").strip():
        yield resource.fail(f"has none of the tags {', '.join(config.environment_tags)}", at="tags")


@check(
    "tags-not-managed-as-code",
    title="Pipelines, jobs, endpoints and state machines are deployed from code",
    severity=LOW,
    uses=(Stack,),
    inputs=("live",),
)
def not_managed_as_code(
    resource: Pipeline | Endpoint | Job | StateMachine | EmrCluster, inventory: Inventory
) -> Findings:
    """What somebody made by hand is not reviewed, cannot be made again, and differs from one environment to the next.

    A stack of CloudFormation counts, a SageMaker project, and a tag that names the tool, such as `managed-by`. EMR
    clusters that end with their steps are left out.

    Fix: put it into a template or Terraform; with Terraform, set default_tags with `managed-by = "terraform"`.
    """
    if isinstance(resource, EmrCluster) and not resource.keep_job_flow_alive_when_no_steps:
        return
    if not is_from_code(resource, resource, inventory):
        yield resource.fail("has no tag, and is in no stack, that says which code made it", at="tags")
