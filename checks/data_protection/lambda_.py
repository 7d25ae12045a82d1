"""What Lambda functions give away."""

from auditor import CRITICAL, Findings, check
from auditor.resources.lambda_ import Function
from auditor.resources.texts import plaintext, secrets_of

_FUNCTION = "AWS::Lambda::Function: {Environment: {Variables: {%s}}}"


@check(
    "lambda-env-secrets",
    title="Lambda environment variables hold no credentials",
    severity=CRITICAL,
    bad=(
        _FUNCTION % "STAGE: prod, DB_PASSWORD: hunter2",
        _FUNCTION % "STORE: 'AKIAIOSFODNN7EXAMPLE'",
        _FUNCTION % "QUEUE: 'amqps://worker:hunter2@mq.example.com:5671'",
        """
        Resources:
          Uploader: {Type: AWS::IAM::AccessKey, Properties: {UserName: uploader}}
          Example:
            Type: AWS::Lambda::Function
            Properties: {Environment: {Variables: {UPLOADS: !GetAtt Uploader.SecretAccessKey}}}
        """,
    ),
    good=(
        "AWS::Lambda::Function: {Handler: index.handler}",
        _FUNCTION % "STAGE: prod, DB_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db'",
        _FUNCTION % "DB_SECRET: prod/database, PASSWORD_PARAMETER: /prod/db/password, TOKEN_TTL: '3600'",
    ),
)
def env_secrets(function: Function) -> Findings:
    """Everybody who may read the function's configuration reads its variables; so do logs of a crash, and old versions.

    Fix: put the value in Secrets Manager, give the function the secret's ARN, and fetch it at start (the AWS Parameters
    and Secrets extension caches it). Then change the secret.
    """
    yield from plaintext(function, secrets_of(function, "variables"), "its environment")
