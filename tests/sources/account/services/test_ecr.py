"""ECR repositories, their images, and the registry's scanning."""

from __future__ import annotations

import json

from auditor.inventory import Inventory
from auditor.resources.ecr import RegistryScanningConfiguration, Repository, RepositoryImages
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}"
_URI = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/model"
_LISTED = {
    "DescribeRepositories": {
        "repositories": [
            {
                "repositoryArn": f"{_ARN}:repository/model",
                "repositoryName": "model",
                "repositoryUri": _URI,
                "imageTagMutability": "IMMUTABLE",
                "imageScanningConfiguration": {"scanOnPush": True},
                "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": "key"},
            }
        ]
    }
}
_POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*"}]})
_EXPIRY = json.dumps(
    {"rules": [{"rulePriority": 1, "selection": {"tagStatus": "untagged"}, "action": {"type": "expire"}}]}
)
_NEEDS = ("repositoryArn", "repositoryName", "encryptionType")


class TestEcr(Behaviour):
    cases = (
        Case(
            "AWS::ECR::Repository",
            f"{_ARN}:repository/model",
            "DescribeRepositories",
            {
                **_LISTED,
                "GetRepositoryPolicy": {"policyText": _POLICY},
                "GetLifecyclePolicy": {"lifecyclePolicyText": _EXPIRY},
            },
            {"RepositoryPolicyText": _POLICY, "LifecyclePolicyText": _EXPIRY},
            token="nextToken",
            gone=dict.fromkeys(("GetRepositoryPolicy", "GetLifecyclePolicy"), "RepositoryNotFoundException"),
            needs=_NEEDS,
            title="model",
        ),
        Case(
            "api:ECR::RepositoryImages",
            f"{_ARN}:repository/model",
            "DescribeRepositories",
            {
                **_LISTED,
                "DescribeImages": {
                    "imageDetails": [
                        {
                            "imageDigest": "sha256:1",
                            "imageTags": ["v1"],
                            "imageSizeInBytes": 7,
                            "imagePushedAt": "2025-01-03T20:54:22Z",
                            "imageScanStatus": {"status": "COMPLETE"},
                            "imageScanFindingsSummary": {"findingSeverityCounts": {"CRITICAL": 2}},
                        }
                    ]
                },
            },
            {"RepositoryName": "model"},
            token="nextToken",
            gone={"DescribeImages": "RepositoryNotFoundException"},
            needs=_NEEDS,
        ),
        Case(
            "AWS::ECR::RegistryScanningConfiguration",
            f"{_ARN}:registry-scanning-configuration",
            "GetRegistryScanningConfiguration",
            {
                "GetRegistryScanningConfiguration": {
                    "scanningConfiguration": {
                        "scanType": "ENHANCED",
                        "rules": [
                            {
                                "scanFrequency": "CONTINUOUS_SCAN",
                                "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}],
                            }
                        ],
                    }
                }
            },
            {"ScanType": "ENHANCED"},
            needs=("scanFrequency", "repositoryFilters", "filter", "filterType"),
        ),
    )

    def test_what_is_read(self, scripted) -> None:
        for case in self.cases:
            scripted(case.answers)
        found = scan(*(case.type for case in self.cases))
        assert found.calls["ecr:DescribeRepositories"] == 1
        inventory = Inventory(found)
        (repository,) = inventory.of(Repository)
        assert (repository.scan_on_push, repository.encryption_type, repository.kms_key) == (True, "KMS", "key")
        assert (repository.policy is not None, inventory.get(Repository, _URI)) == (True, repository)
        (images,) = inventory.of(RepositoryImages)
        (image,) = images.images
        assert (image.digest, image.tags, image.size_in_bytes) == ("sha256:1", ("v1",), 7)
        assert (image.last_recorded_pull_time, image.finding_severity_counts) == (None, {"CRITICAL": 2})
        assert (image.scan_status, image.pushed_at is not None) == ("COMPLETE", True)
        (registry,) = inventory.of(RegistryScanningConfiguration)
        assert registry.rules[0].repository_filters[0].filter == "*"


def test_what_moto_has(aws):
    ecr = aws("ecr")
    ecr.create_repository(repositoryName="plain")
    ecr.create_repository(repositoryName="whole", imageTagMutability="IMMUTABLE")
    ecr.set_repository_policy(repositoryName="whole", policyText=_POLICY.replace('"*"', '"*", "Action": "ecr:*"'))
    found = scan("AWS::ECR::Repository", "api:ECR::RepositoryImages", "AWS::ECR::RegistryScanningConfiguration")
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    repositories = {one.title: one for one in inventory.of(Repository)}
    assert (repositories["plain"].policy, repositories["plain"].lifecycle_policy) == (None, None)
    assert repositories["plain"].image_tag_mutability == "MUTABLE"
    assert repositories["whole"].policy is not None
    assert [one.images for one in inventory.of(RepositoryImages)] == [(), ()]
    assert [one.scan_type for one in inventory.of(RegistryScanningConfiguration)] == ["BASIC"]
