from __future__ import annotations

from dataclasses import replace

import pytest

from reports.services import Calls, service
from tests.reports import sample


@pytest.mark.parametrize(
    ("type_name", "name"),
    [
        ("AWS::S3::Bucket", "S3"),
        ("aws_sagemaker_notebook_instance", "SageMaker"),
        ("aws_nobody_knows", "nobody"),
        ("api:SageMaker::TrainingJob", "SageMaker"),
        ("account", "account"),
        ("made_up", "made_up"),
        ("Custom::Thing", "Thing"),
        ("", ""),
        ("AWS::", "AWS::"),
    ],
)
def test_the_service_of_a_type(type_name: str, name: str) -> None:
    assert service(type_name) == name


def test_only_calls_that_were_made_are_named() -> None:
    made = {"s3:ListBuckets": 1, "s3:GetBucketVersioning": 3, "ec2:DescribeInstances": 1}
    calls = Calls(replace(sample.account_report(), calls=made))
    assert calls.told("AWS::S3::Bucket", "VersioningConfiguration.Status") == "s3:GetBucketVersioning"
    assert calls.told("AWS::S3::Bucket", "") == "s3:ListBuckets"
    assert calls.told("AWS::S3::Bucket", "PublicAccessBlockConfiguration") == "", "it was not asked for"
    assert calls.told("AWS::EC2::Instance", "InstanceType") == "ec2:DescribeInstances"
    assert calls.told("AWS::Nobody::Knows", "Name") == ""


def test_a_template_has_no_calls() -> None:
    assert Calls(sample.template_report()).told("AWS::S3::Bucket", "VersioningConfiguration") == ""
