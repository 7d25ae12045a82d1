"""ECS tasks: what their definitions give away, and how they mount file systems."""

from auditor import CRITICAL, HIGH, Findings, check
from auditor.members import flat, known_first, place, those
from auditor.resources.ecs import TaskDefinition
from auditor.resources.texts import plaintext, secrets_of

_TASK = "AWS::ECS::TaskDefinition: {ContainerDefinitions: [{Name: train, Image: trainer, %s}]}"


@check(
    "ecs-task-env-secrets",
    title="ECS container environment variables hold no credentials",
    severity=CRITICAL,
    bad=(
        _TASK % "Environment: [{Name: DB_PASSWORD, Value: hunter2}]",
        _TASK % "Environment: [{Name: STAGE, Value: prod}, {Name: DB, Value: 'postgres://app:hunter2@db/app'}]",
        _TASK % "Command: [mlflow, server, '--db-password', hunter2]",
    ),
    good=(
        _TASK % "Environment: [{Name: STAGE, Value: prod}, {Name: DB_SECRET_ARN, Value: 'arn:aws:secretsmanager:x'}]",
        _TASK % "Secrets: [{Name: DB_PASSWORD, ValueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db'}]",
        _TASK % "Command: [sh, -c, 'train --password $DB_PASSWORD']",
    ),
)
def task_env_secrets(task: TaskDefinition) -> Findings:
    """Everybody who may describe a task definition reads its variables, and every old revision keeps them.

    Commands of its containers are looked at as well.

    Fix: put the value in Secrets Manager or a SecureString parameter and name it under Secrets, with ValueFrom. Then
    change the secret, and deregister the revisions that show the old one.
    """
    secrets = flat(task.container_definitions, lambda one: secrets_of(one, "environment", "command", "entry_point"))
    yield from plaintext(task, secrets, "its container definitions")


_VOLUME = "AWS::ECS::TaskDefinition: {Volumes: [{Name: data, %s}]}"


@check(
    "ecs-task-efs-transit-encryption",
    title="EFS volumes of ECS tasks are mounted with TLS",
    severity=HIGH,
    fixable=True,
    bad=(
        _VOLUME % "EFSVolumeConfiguration: {FilesystemId: fs-1}",
        _VOLUME % "EFSVolumeConfiguration: {FilesystemId: fs-1, TransitEncryption: DISABLED}",
        _VOLUME % "EFSVolumeConfiguration: {FilesystemId: fs-1}}, {Name: scratch, Host: {SourcePath: /tmp}",
    ),
    good=(
        _VOLUME % "EFSVolumeConfiguration: {FilesystemId: fs-1, TransitEncryption: ENABLED}",
        _VOLUME % "Host: {SourcePath: /data}",
        "AWS::ECS::TaskDefinition: {Family: train}",
    ),
)
def task_efs_transit_encryption(task: TaskDefinition) -> Findings:
    """NFS by itself sends files, and so training data, in the clear through the network.

    Fix: set TransitEncryption to ENABLED in the volume's EFSVolumeConfiguration; IAM authorization needs it, too.
    """
    mounted = known_first(task.volumes, lambda volume: volume.efs_volume_configuration)
    for efs in those(mounted, lambda one: one.transit_encryption != "ENABLED"):
        at = place(efs, "transit_encryption")
        yield task.fail("mounts an EFS file system without TLS", at=at, expected="ENABLED")
