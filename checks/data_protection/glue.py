"""Glue: the catalog, connections, and what jobs are given."""

import re

from auditor import CRITICAL, HIGH, MEDIUM, Findings, check
from auditor.members import every, flat, some
from auditor.resources.glue import Crawler, DevEndpoint, Job
from auditor.resources.glue_catalog import CatalogEncryption, CatalogPolicy, Connection
from auditor.resources.texts import plaintext, secrets_of

_SETTINGS = "AWS::Glue::DataCatalogEncryptionSettings: {CatalogId: !Ref AWS::AccountId, %s}"
_CATALOG = _SETTINGS % "DataCatalogEncryptionSettings: {EncryptionAtRest: {CatalogEncryptionMode: %s}}"
_CONNECTION = "AWS::Glue::Connection: {ConnectionInput: {ConnectionType: %s, ConnectionProperties: {%s}}}"

# What makes a driver use TLS in a JDBC URL: PostgreSQL and Redshift, MySQL, SQL Server, Oracle.
_TLS_IN_URL = re.compile(
    r"(?i)sslmode=(?:require|verify)|ssl=true|usessl=true|encrypt=true|:oracle:thin:.*protocol=tcps|://tcps:"
)


@check(
    "glue-catalog-metadata-encryption",
    title="Glue Data Catalog metadata is encrypted with KMS",
    severity=MEDIUM,
    bad=(
        _CATALOG % "DISABLED",
        _SETTINGS % "DataCatalogEncryptionSettings: {EncryptionAtRest: {SseAwsKmsKeyId: alias/catalog}}",
        _SETTINGS % "DataCatalogEncryptionSettings: "
        "{ConnectionPasswordEncryption: {ReturnConnectionPasswordEncrypted: true}}",
    ),
    good=(_CATALOG % "SSE-KMS, SseAwsKmsKeyId: alias/catalog", _CATALOG % "SSE-KMS-WITH-SERVICE-ROLE"),
)
def catalog_metadata_encryption(catalog: CatalogEncryption) -> Findings:
    """Metadata tells what data there is and where; with a key, reading it takes a permission that can be taken away.

    Fix: set CatalogEncryptionMode to SSE-KMS with the id of a key. It holds for what is written from then on.
    """
    if catalog.catalog_encryption_mode == "DISABLED":
        yield catalog.fail("does not encrypt its metadata", at="catalog_encryption_mode", expected="SSE-KMS")


@check(
    "glue-catalog-policy-public",
    title="The Glue Data Catalog resource policy grants no public access",
    severity=HIGH,
    inputs=("live", "terraform"),
)
def catalog_policy_public(catalog: CatalogPolicy) -> Findings:
    """Anybody with an AWS account can then list databases and tables, and change or delete what the grant allows.

    Fix: name the accounts or roles in Principal, or add a condition on aws:PrincipalOrgID; share tables with Lake
    Formation instead.
    """
    for statement in flat(catalog.policies, lambda policy: policy.public()):
        yield catalog.fail("has a policy that grants access to everyone", at=statement)


@check(
    "glue-connection-ssl",
    title="Glue connections to databases require TLS",
    severity=HIGH,
    bad=(
        _CONNECTION % ("JDBC", "JDBC_CONNECTION_URL: 'jdbc:mysql://db:3306/app'"),
        _CONNECTION % ("JDBC", "JDBC_CONNECTION_URL: 'jdbc:mysql://db:3306/app', JDBC_ENFORCE_SSL: 'false'"),
        _CONNECTION % ("KAFKA", "KAFKA_BOOTSTRAP_SERVERS: 'b-1:9092', KAFKA_SSL_ENABLED: 'false'"),
    ),
    good=(
        _CONNECTION % ("JDBC", "JDBC_CONNECTION_URL: 'jdbc:mysql://db:3306/app', JDBC_ENFORCE_SSL: 'true'"),
        _CONNECTION % ("JDBC", "JDBC_CONNECTION_URL: 'jdbc:postgresql://db:5432/app?sslmode=verify-full'"),
        _CONNECTION % ("KAFKA", "KAFKA_BOOTSTRAP_SERVERS: 'b-1:9094'"),
        _CONNECTION % ("NETWORK", ""),
    ),
)
def connection_ssl(connection: Connection) -> Findings:
    """Without TLS whoever is on the way between Glue and the database reads the login and the data.

    Fix: set JDBC_ENFORCE_SSL to "true" in ConnectionProperties; for Kafka leave KAFKA_SSL_ENABLED at its default.
    """
    properties = connection.connection_properties
    if connection.connection_type == "KAFKA":
        encrypted = (properties.get("KAFKA_SSL_ENABLED") or "true").lower() == "true"
    elif connection.connection_type == "JDBC":
        enforced = (properties.get("JDBC_ENFORCE_SSL") or "false").lower() == "true"
        encrypted = enforced or bool(_TLS_IN_URL.search(properties.get("JDBC_CONNECTION_URL") or ""))
    else:
        return
    if not encrypted:
        yield connection.fail("does not require TLS", at="connection_properties")


@check(
    "glue-connection-secrets",
    title="Glue connections hold no passwords and use Secrets Manager",
    severity=HIGH,
    bad=(
        _CONNECTION % ("JDBC", "USERNAME: etl, PASSWORD: hunter2"),
        _CONNECTION % ("JDBC", "USERNAME: etl, ENCRYPTED_PASSWORD: AQICAHh"),
        _CONNECTION % ("MONGODB", "CONNECTION_URL: 'mongodb://etl:hunter2@db:27017/app'"),
        _CONNECTION % ("KAFKA", "KAFKA_SASL_SCRAM_USERNAME: etl, KAFKA_SASL_SCRAM_PASSWORD: hunter2"),
    ),
    good=(
        _CONNECTION % ("JDBC", "JDBC_CONNECTION_URL: 'jdbc:mysql://db/app', SECRET_ID: prod/db"),
        """
        AWS::Glue::Connection:
          ConnectionInput:
            ConnectionType: JDBC
            ConnectionProperties: {JDBC_CONNECTION_URL: "jdbc:mysql://db/app"}
            AuthenticationConfiguration: {SecretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"}
        """,
        _CONNECTION % ("NETWORK", ""),
    ),
)
def connection_secrets(connection: Connection) -> Findings:
    """A password in a connection is read by everybody who may get connections, is in the template, and is not rotated.

    Fix: put user name and password into a secret of Secrets Manager and name it: AuthenticationConfiguration with
    SecretArn, or SECRET_ID in ConnectionProperties. Then change the password.
    """
    # Live, passwords are not asked for: a user name without a secret comes with one.
    properties = connection.connection_properties
    kept = [name for name in properties.names if name.endswith("PASSWORD") or name == "USERNAME"]
    keeps = every(
        lambda: some(kept, properties.has),
        lambda: not properties.has("SECRET_ID"),
        lambda: not connection.secret_arn,
    )
    if keeps:
        yield connection.fail("keeps a password of its own", at="connection_properties")
    elif len(kept) < len(properties.names):
        yield from plaintext(connection, secrets_of(connection, "connection_properties"), "its properties")


@check(
    "glue-security-configuration-missing",
    title="Glue jobs, crawlers and development endpoints have a security configuration",
    severity=MEDIUM,
    bad=(
        "AWS::Glue::Job: {Role: etl, Command: {Name: glueetl}}",
        "AWS::Glue::Crawler: {Role: etl, Targets: {S3Targets: [{Path: 's3://raw'}]}}",
        "AWS::Glue::DevEndpoint: {RoleArn: etl}",
    ),
    good=(
        "AWS::Glue::Job: {Role: etl, Command: {Name: glueetl}, SecurityConfiguration: encrypted}",
        "AWS::Glue::Crawler: {Role: etl, CrawlerSecurityConfiguration: encrypted}",
        "AWS::Glue::DevEndpoint: {RoleArn: etl, SecurityConfiguration: encrypted}",
    ),
)
def security_configuration_missing(work: Job | Crawler | DevEndpoint) -> Findings:
    """Without one, logs and bookmarks are not encrypted with a key of yours, and neither is what is written to S3.

    Fix: make a SecurityConfiguration that encrypts S3, CloudWatch logs and bookmarks, and name it here.
    """
    if not work.security_configuration:
        yield work.fail("has no security configuration", at="security_configuration")


_JOB = "AWS::Glue::Job: {Role: etl, Command: {Name: glueetl}, %s}"


@check(
    "glue-job-secrets",
    title="Glue job arguments hold no credentials",
    severity=CRITICAL,
    bad=(
        _JOB % "DefaultArguments: {'--job-language': python, '--db-password': hunter2}",
        _JOB % "NonOverridableArguments: {'--url': 'jdbc:postgresql://db/app?user=etl&password=hunter2'}",
        _JOB % "DefaultArguments: {'--conf': 'spark.app.name=x --conf spark.datasource.password=hunter2'}",
    ),
    good=(
        _JOB % "DefaultArguments: {'--job-language': python, '--secret-id': prod/db, '--TempDir': 's3://tmp/'}",
        _JOB % "MaxRetries: 1",
    ),
)
def job_secrets(job: Job) -> Findings:
    """Arguments are shown with the job and with each of its runs, to everybody who may look at them.

    Fix: put the value into Secrets Manager or a Glue connection, pass its name as the argument, and let the script
    fetch it. Then change the secret.
    """
    secrets = secrets_of(job, "default_arguments", "non_overridable_arguments")
    yield from plaintext(job, secrets, "its arguments")
