"""Where a live resource is, and its page in the console."""

from __future__ import annotations

import pytest

from auditor.sources.account.origin import LiveOrigin

ACCOUNT = "123456789012"


@pytest.mark.parametrize(
    ("type", "arn", "url"),
    [
        ("AWS::S3::Bucket", "arn:aws:s3:::data", "https://console.aws.amazon.com/s3/buckets/data"),
        (
            "AWS::EC2::Volume",
            f"arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/vol-1",
            "https://console.aws.amazon.com/ec2/home?region=eu-west-1#VolumeDetails:volumeId=vol-1",
        ),
        (
            "AWS::IAM::Role",
            f"arn:aws:iam::{ACCOUNT}:role/team/Trainer",
            "https://console.aws.amazon.com/iam/home#/roles/details/Trainer",
        ),
        (
            "AWS::Logs::LogGroup",
            f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/job:*",
            "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1"
            "#logsV2:log-groups/log-group/$252Faws$252Fjob",
        ),
        (
            "AWS::EC2::Instance",
            f"arn:aws-cn:ec2:cn-north-1:{ACCOUNT}:instance/i-1",
            "https://console.amazonaws.cn/ec2/home?region=cn-north-1#InstanceDetails:instanceId=i-1",
        ),
        (
            "AWS::KMS::Key",
            f"arn:aws-us-gov:kms:us-gov-west-1:{ACCOUNT}:key/1-2",
            "https://console.amazonaws-us-gov.com/kms/home?region=us-gov-west-1#/kms/keys/1-2",
        ),
        (
            "AWS::Lambda::Function",
            f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:score",
            "https://console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/score",
        ),
        (
            "AWS::ECR::Repository",
            f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/team/app",
            f"https://console.aws.amazon.com/ecr/repositories/private/{ACCOUNT}/team/app?region=eu-west-1",
        ),
        (
            "AWS::CloudWatch::Alarm",
            f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:cost: a/b",
            "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/cost%3A%20a/b",
        ),
        (
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/app/api/1f",
            "https://console.aws.amazon.com/ec2/home?region=eu-west-1#LoadBalancer:loadBalancerArn="
            f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/app/api/1f",
        ),
        (
            "AWS::IAM::ManagedPolicy",
            f"arn:aws:iam::{ACCOUNT}:policy/team/Train",
            f"https://console.aws.amazon.com/iam/home#/policies/details/arn%3Aaws%3Aiam%3A%3A{ACCOUNT}%3Apolicy%2Fteam%2FTrain",
        ),
        ("account", f"arn:aws:iam::{ACCOUNT}:root", None),
        ("AWS::EC2::Volume", "vol-1", None),
        ("AWS::EC2::Volume", f"arn:aws-iso:ec2:us-iso-east-1:{ACCOUNT}:volume/vol-1", None),
    ],
)
def test_console_links(type, arn, url):
    region = (arn.split(":") + [""] * 4)[3] or "global"
    where = LiveOrigin(type, arn, ACCOUNT, region).locate(("Any", 0, "Path"))
    assert where.url == url
    assert (where.arn, where.account, where.region, where.present) == (arn, ACCOUNT, region, True)
    assert (where.file, where.line) == (None, None)


def test_a_link_of_the_collector_wins():
    assert LiveOrigin("AWS::S3::Bucket", "arn:aws:s3:::b", ACCOUNT, "global", "https://x").locate(()).url == "https://x"


def test_a_name_is_quoted():
    arn = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model/a&b#c"
    url = LiveOrigin("AWS::SageMaker::Model", arn, ACCOUNT, "eu-west-1").locate(()).url
    assert url is not None
    assert url.endswith("#/models/a%26b%23c")
