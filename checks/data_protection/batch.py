"""What Batch job definitions give away."""

from auditor import HIGH, Findings, check
from auditor.members import flat, in_turn
from auditor.resources.batch import JobDefinition
from auditor.resources.texts import plaintext, secrets_of

_JOB = "AWS::Batch::JobDefinition: {Type: container, ContainerProperties: {Image: trainer, %s}}"


@check(
    "batch-job-secrets",
    title="Batch job definitions hold no credentials in environment or command",
    severity=HIGH,
    bad=(
        _JOB % "Environment: [{Name: HF_TOKEN, Value: hunter2}]",
        _JOB % "Command: [train, '--api-key=hunter2']",
        _JOB % "Command: [train, '--api-key', hunter2]",
        "AWS::Batch::JobDefinition: {Type: container, Parameters: {password: hunter2}}",
        """
        AWS::Batch::JobDefinition:
          Type: multinode
          NodeProperties:
            NodeRangeProperties:
              - {TargetNodes: "0:", Container: {Image: trainer, Environment: [{Name: API_KEY, Value: hunter2}]}}
        """,
    ),
    good=(
        _JOB % "Environment: [{Name: STAGE, Value: prod}], Command: [train, '--api-key', 'Ref::key']",
        _JOB % "Secrets: [{Name: HF_TOKEN, ValueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:hf'}]",
        "AWS::Batch::JobDefinition: {Type: container, Parameters: {epochs: '3'}}",
    ),
)
def job_secrets(job: JobDefinition) -> Findings:
    """Everybody who may describe a job definition reads what it passes to its containers, in old revisions, too.

    Fix: put the value in Secrets Manager or a SecureString parameter and name it under Secrets, with ValueFrom. Then
    change the secret, and deregister the revisions that show the old one.
    """
    passed = flat(job.containers, lambda one: secrets_of(one, *one.passed))
    yield from plaintext(job, in_turn(passed, secrets_of(job, "parameters")), "what it passes to its containers")
