"""What tags say of resources."""

from auditor import LOW, Findings, check
from auditor.config import Config
from auditor.resources.ec2 import Instance
from auditor.resources.eks import Nodegroup
from auditor.resources.emr import Cluster as EmrCluster
from auditor.resources.rds import DBInstance
from auditor.resources.redshift import Cluster as RedshiftCluster
from auditor.resources.sagemaker import Endpoint, NotebookInstance


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
