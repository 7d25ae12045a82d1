"""Where a live resource is: its ARN, account, region, and its page in the AWS console."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from auditor.raw import Location, Path

CONSOLE_HOSTS: Mapping[str, str] = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}

# {region}, {account}; {arn} as it is, and {quoted}: all of it quoted, whichever the console itself has on that page;
# {name}: what follows the last / or : of the ARN, {rest}: what follows its resource type; {twice}: the name as
# CloudWatch writes it, quoted twice with $ for %.
CONSOLE: Mapping[str, str] = {
    "AWS::Athena::WorkGroup": "/athena/home?region={region}#/workgroups/details/{name}",
    "AWS::AutoScaling::AutoScalingGroup": "/ec2/home?region={region}#AutoScalingGroupDetails:id={name}",
    "AWS::Backup::BackupPlan": "/backup/home?region={region}#/backupplan/details/{name}",
    "AWS::Backup::BackupVault": "/backup/home?region={region}#/backupvaults/details/{name}",
    "AWS::Batch::ComputeEnvironment": "/batch/home?region={region}#compute-environments/detail/{arn}",
    "AWS::Batch::JobQueue": "/batch/home?region={region}#queues/detail/{arn}",
    "AWS::Bedrock::Agent": "/bedrock/home?region={region}#/agents/{name}",
    "AWS::Bedrock::Guardrail": "/bedrock/home?region={region}#/guardrails/{name}",
    "AWS::CloudFormation::Stack": "/cloudformation/home?region={region}#/stacks/stackinfo?stackId={quoted}",
    "AWS::CloudTrail::Trail": "/cloudtrailv2/home?region={region}#/trails/{arn}",
    "AWS::CloudWatch::Alarm": "/cloudwatch/home?region={region}#alarmsV2:alarm/{rest}",
    "AWS::CloudWatch::CompositeAlarm": "/cloudwatch/home?region={region}#alarmsV2:alarm/{rest}",
    "AWS::CloudWatch::Dashboard": "/cloudwatch/home#dashboards/dashboard/{name}",
    "AWS::DynamoDB::Table": "/dynamodbv2/home?region={region}#table?name={name}",
    "AWS::EC2::EIP": "/ec2/home?region={region}#ElasticIpDetails:AllocationId={name}",
    "api:EC2::Image": "/ec2/home?region={region}#ImageDetails:imageId={name}",
    "AWS::EC2::Instance": "/ec2/home?region={region}#InstanceDetails:instanceId={name}",
    "AWS::EC2::InternetGateway": "/vpcconsole/home?region={region}#InternetGateway:internetGatewayId={name}",
    "AWS::EC2::LaunchTemplate": "/ec2/home?region={region}#LaunchTemplateDetails:launchTemplateId={name}",
    "AWS::EC2::NatGateway": "/vpcconsole/home?region={region}#NatGatewayDetails:natGatewayId={name}",
    "AWS::EC2::NetworkAcl": "/vpcconsole/home?region={region}#NetworkAclDetails:networkAclId={name}",
    "AWS::EC2::NetworkInterface": "/ec2/home?region={region}#NetworkInterface:networkInterfaceId={name}",
    "AWS::EC2::RouteTable": "/vpcconsole/home?region={region}#RouteTableDetails:RouteTableId={name}",
    "AWS::EC2::SecurityGroup": "/ec2/home?region={region}#SecurityGroup:groupId={name}",
    "AWS::EC2::Snapshot": "/ec2/home?region={region}#SnapshotDetails:snapshotId={name}",
    "AWS::EC2::Subnet": "/vpcconsole/home?region={region}#SubnetDetails:subnetId={name}",
    "AWS::EC2::TransitGateway": "/vpcconsole/home?region={region}#TransitGatewayDetails:transitGatewayId={name}",
    "AWS::EC2::VPC": "/vpcconsole/home?region={region}#VpcDetails:VpcId={name}",
    "AWS::EC2::VPCEndpoint": "/vpcconsole/home?region={region}#EndpointDetails:vpcEndpointId={name}",
    "AWS::EC2::VPCPeeringConnection": "/vpcconsole/home?region={region}"
    "#PeeringConnectionDetails:VpcPeeringConnectionId={name}",
    "AWS::EC2::VPNConnection": "/vpcconsole/home?region={region}#VpnConnectionDetails:VpnConnectionId={name}",
    "AWS::EC2::Volume": "/ec2/home?region={region}#VolumeDetails:volumeId={name}",
    "AWS::ECR::Repository": "/ecr/repositories/private/{account}/{rest}?region={region}",
    "AWS::ECS::Cluster": "/ecs/v2/clusters/{name}?region={region}",
    "AWS::EFS::FileSystem": "/efs/home?region={region}#/file-systems/{name}",
    "AWS::EKS::Cluster": "/eks/home?region={region}#/clusters/{name}",
    "AWS::EMR::Cluster": "/emr/home?region={region}#/clusterDetails/{name}",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "/ec2/home?region={region}#LoadBalancer:loadBalancerArn={arn}",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "/ec2/home?region={region}#TargetGroup:targetGroupArn={arn}",
    "AWS::Glue::Crawler": "/glue/home?region={region}#/v2/data-catalog/crawlers/view/{name}",
    "AWS::Glue::Database": "/glue/home?region={region}#/v2/data-catalog/databases/view/{name}",
    "AWS::Glue::Job": "/gluestudio/home?region={region}#/editor/job/{name}/details",
    "AWS::IAM::Group": "/iam/home#/groups/details/{name}",
    "AWS::IAM::ManagedPolicy": "/iam/home#/policies/details/{quoted}",
    "AWS::IAM::OIDCProvider": "/iam/home#/identity_providers/details/OPENID/{quoted}",
    "AWS::IAM::Role": "/iam/home#/roles/details/{name}",
    "AWS::IAM::SAMLProvider": "/iam/home#/identity_providers/details/SAML/{quoted}",
    "AWS::IAM::User": "/iam/home#/users/details/{name}",
    "api:KMS::AwsManagedKey": "/kms/home?region={region}#/kms/defaultKeys/{name}",
    "AWS::KMS::Key": "/kms/home?region={region}#/kms/keys/{name}",
    "AWS::KMS::ReplicaKey": "/kms/home?region={region}#/kms/keys/{name}",
    "AWS::Kinesis::Stream": "/kinesis/home?region={region}#/streams/details/{name}/monitoring",
    "AWS::KinesisFirehose::DeliveryStream": "/firehose/home?region={region}#/details/{name}/monitoring",
    "AWS::Lambda::Function": "/lambda/home?region={region}#/functions/{name}",
    "AWS::Logs::LogGroup": "/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{twice}",
    "AWS::MSK::Cluster": "/msk/home?region={region}#/cluster/{quoted}/view",
    "AWS::MWAA::Environment": "/mwaa/home?region={region}#environments/{name}",
    "AWS::OpenSearchService::Domain": "/aos/home?region={region}#opensearch/domains/{name}",
    "AWS::RDS::DBCluster": "/rds/home?region={region}#database:id={name};is-cluster=true",
    "AWS::RDS::DBInstance": "/rds/home?region={region}#database:id={name};is-cluster=false",
    "AWS::Redshift::Cluster": "/redshiftv2/home?region={region}#cluster-details?cluster={name}",
    "AWS::S3::Bucket": "/s3/buckets/{name}",
    "api:S3::BucketContents": "/s3/buckets/{name}",
    "AWS::SNS::Topic": "/sns/v3/home?region={region}#/topic/{arn}",
    "AWS::SageMaker::Domain": "/sagemaker/home?region={region}#/studio/{name}",
    "AWS::SageMaker::Endpoint": "/sagemaker/home?region={region}#/endpoints/{name}",
    "AWS::SageMaker::EndpointConfig": "/sagemaker/home?region={region}#/endpointConfig/{name}",
    "api:SageMaker::HyperParameterTuningJob": "/sagemaker/home?region={region}#/hyper-tuning-jobs/{name}",
    "AWS::SageMaker::Model": "/sagemaker/home?region={region}#/models/{name}",
    "AWS::SageMaker::NotebookInstance": "/sagemaker/home?region={region}#/notebook-instances/{name}",
    "AWS::SageMaker::ProcessingJob": "/sagemaker/home?region={region}#/processing-jobs/{name}",
    "api:SageMaker::TrainingJob": "/sagemaker/home?region={region}#/jobs/{name}",
    "api:SageMaker::TransformJob": "/sagemaker/home?region={region}#/transform-jobs/{name}",
    "AWS::StepFunctions::StateMachine": "/states/home?region={region}#/statemachines/view/{arn}",
}
"""Path of a resource's page, by type. A type that is not here has no link rather than a wrong one."""


@dataclass(frozen=True, slots=True)
class LiveOrigin:
    """The origin of a live resource; every property of it is at the same place.

    Attributes:
        region: where it is, `global` for IAM and the like.
        console: its page, where the collector knows better than `CONSOLE`.
    """

    type: str
    arn: str
    account: str
    region: str
    console: str | None = None

    def locate(self, path: Path) -> Location:
        """The resource, whatever the path."""
        return Location(arn=self.arn, account=self.account, region=self.region, url=self.console or self._url())

    def _url(self) -> str | None:
        """The resource's page in the console of its partition, where both are known."""
        parts = self.arn.split(":", 5)
        page, host = CONSOLE.get(self.type), CONSOLE_HOSTS.get(parts[1] if len(parts) == 6 else "")
        if page is None or host is None:
            return None
        name, rest = _names(self.type, parts[5])
        return f"https://{host}" + page.format(
            region=quote(self.region),
            account=quote(self.account),
            arn=quote(self.arn, safe=":/"),
            quoted=quote(self.arn, safe=""),
            name=quote(name, safe=""),
            rest=quote(rest),
            twice=quote(quote(name, safe=""), safe="").replace("%", "$"),
        )


def _names(type: str, resource: str) -> tuple[str, str]:
    """Two names in the last part of an ARN: `role/team/Trainer` is Trainer and team/Trainer.

    A log group's name may hold both separators: `log-group:/aws/job:*` is /aws/job.
    """
    if type == "AWS::Logs::LogGroup":
        group = resource.removeprefix("log-group:").removesuffix(":*")
        return group, group
    return re.split("[/:]", resource)[-1], re.split("[/:]", resource, maxsplit=1)[-1]
