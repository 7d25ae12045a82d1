"""Containers: which image they run."""

from auditor import LOW, Findings, check
from auditor.members import place, those
from auditor.resources import batch, ecs, sagemaker

Container = ecs.ContainerDefinition | batch.Container | batch.PodContainer | sagemaker.Container

_TASK = "AWS::ECS::TaskDefinition: {Family: train, ContainerDefinitions: [{Name: train, Image: %s}]}"
_MODEL = "AWS::SageMaker::Model: {ExecutionRoleArn: role, PrimaryContainer: {Image: %s, ModelDataUrl: s3://m/a}}"
_JOB = "AWS::Batch::JobDefinition: {Type: container, ContainerProperties: {Image: %s}}"


@check(
    "container-image-mutable-tag",
    title="Task, job and model containers pin their image by digest or version",
    severity=LOW,
    bad=(
        _TASK % "nginx",
        _TASK % '!Sub "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/train:latest"',
        _JOB % "public.ecr.aws/acme/train:main",
        _MODEL % "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:prod",
        """
        AWS::Batch::JobDefinition:
          Type: multinode
          NodeProperties:
            NumNodes: 4
            MainNode: 0
            NodeRangeProperties: [{TargetNodes: "0:3", Container: {Image: "acme/train:latest"}}]
        """,
        """
        AWS::Batch::JobDefinition:
          Type: container
          EksProperties: {PodProperties: {Containers: [{Image: "acme/train:latest"}]}}
        """,
        """
        Resources:
          Images: {Type: AWS::ECR::Repository}
          Model:
            Type: AWS::SageMaker::Model
            Properties: {Containers: [{Image: !GetAtt Images.RepositoryUri}]}
        """,
    ),
    good=(
        _TASK % '"nginx:1.29"',
        _TASK % "nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        _JOB % '!Sub "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/train:2026-11-02"',
        _MODEL % "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.6-gpu-py312",
        "AWS::SageMaker::Model: {Containers: [{ModelPackageName: churn}]}",
    ),
)
def image_mutable_tag(runner: ecs.TaskDefinition | batch.JobDefinition | sagemaker.Model) -> Findings:
    """A tag that moves, such as `latest`, runs other code tomorrow than was tested today: no result can be repeated.

    Fix: name the image by its digest (`repository@sha256:...`), or by a tag that is never moved, such as a version or
    a commit.
    """
    for container in those(_containers(runner), lambda one: one.image_reference.moving_tag is not None):
        tag = container.image_reference.moving_tag
        yield runner.fail(f"runs an image by the tag {tag}, which moves", at=place(container, "image"))


def _containers(runner: ecs.TaskDefinition | batch.JobDefinition | sagemaker.Model) -> tuple[Container, ...]:
    if isinstance(runner, ecs.TaskDefinition):
        return runner.container_definitions
    if isinstance(runner, sagemaker.Model):
        return runner.all_containers
    return runner.containers
