"""Where a live resource is: its ARN, account, region, and its page in the AWS console."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from auditor.raw import Location, Path

CONSOLE_HOSTS: Mapping[str, str] = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}

# {region}, {arn}, {name}: what follows the last / or : of the ARN.
CONSOLE: Mapping[str, str] = {
    "AWS::CloudTrail::Trail": "/cloudtrailv2/home?region={region}#/trails/{arn}",
    "AWS::EC2::EIP": "/ec2/home?region={region}#ElasticIpDetails:AllocationId={name}",
    "api:EC2::Image": "/ec2/home?region={region}#ImageDetails:imageId={name}",
    "AWS::EC2::Instance": "/ec2/home?region={region}#InstanceDetails:instanceId={name}",
    "AWS::EC2::InternetGateway": "/vpcconsole/home?region={region}#InternetGateway:internetGatewayId={name}",
    "AWS::EC2::NatGateway": "/vpcconsole/home?region={region}#NatGatewayDetails:natGatewayId={name}",
    "AWS::EC2::NetworkAcl": "/vpcconsole/home?region={region}#NetworkAclDetails:networkAclId={name}",
    "AWS::EC2::RouteTable": "/vpcconsole/home?region={region}#RouteTableDetails:RouteTableId={name}",
    "AWS::EC2::SecurityGroup": "/ec2/home?region={region}#SecurityGroup:groupId={name}",
    "AWS::EC2::Snapshot": "/ec2/home?region={region}#SnapshotDetails:snapshotId={name}",
    "AWS::EC2::Subnet": "/vpcconsole/home?region={region}#SubnetDetails:subnetId={name}",
    "AWS::EC2::VPC": "/vpcconsole/home?region={region}#VpcDetails:VpcId={name}",
    "AWS::EC2::VPCEndpoint": "/vpcconsole/home?region={region}#EndpointDetails:vpcEndpointId={name}",
    "AWS::EC2::Volume": "/ec2/home?region={region}#VolumeDetails:volumeId={name}",
    "AWS::IAM::Group": "/iam/home#/groups/details/{name}",
    "AWS::IAM::ManagedPolicy": "/iam/home#/policies/details/{arn}",
    "AWS::IAM::Role": "/iam/home#/roles/details/{name}",
    "AWS::IAM::User": "/iam/home#/users/details/{name}",
    "AWS::KMS::Key": "/kms/home?region={region}#/kms/keys/{name}",
    "AWS::Logs::LogGroup": "/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{name}",
    "AWS::S3::Bucket": "/s3/buckets/{name}",
    "AWS::SageMaker::Domain": "/sagemaker/home?region={region}#/studio/{name}",
    "AWS::SageMaker::Endpoint": "/sagemaker/home?region={region}#/endpoints/{name}",
    "AWS::SageMaker::EndpointConfig": "/sagemaker/home?region={region}#/endpointConfig/{name}",
    "AWS::SageMaker::Model": "/sagemaker/home?region={region}#/models/{name}",
    "AWS::SageMaker::NotebookInstance": "/sagemaker/home?region={region}#/notebook-instances/{name}",
    "api:SageMaker::TrainingJob": "/sagemaker/home?region={region}#/jobs/{name}",
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
        return f"https://{host}" + page.format(
            region=quote(self.region), arn=quote(self.arn, safe=":"), name=quote(_name(self.type, parts[5]), safe="")
        )


def _name(type: str, resource: str) -> str:
    """The name in the last part of an ARN: `role/team/Trainer` is Trainer, `log-group:/aws/job:*` is /aws/job."""
    if type == "AWS::Logs::LogGroup":
        return resource.removeprefix("log-group:").removesuffix(":*")
    return resource.rpartition("/")[2]
