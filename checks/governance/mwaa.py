"""Managed Workflows for Apache Airflow: where workflows are kept."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.knowledge.s3_places import bucket_of
from auditor.resources.mwaa import Environment
from auditor.resources.s3 import Bucket

_PRIVATE = "{BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}"
_AIRFLOW = """
Resources:
  Dags: {Type: AWS::S3::Bucket, Properties: {BucketName: dags%s}}
  Airflow: {Type: AWS::MWAA::Environment, Properties: {Name: flows, SourceBucketArn: %s, DagS3Path: dags}}
"""


@check(
    "mwaa-dag-bucket-unversioned",
    title="MWAA DAG buckets are versioned and private",
    severity=MEDIUM,
    uses=(Bucket,),
    bad=(
        _AIRFLOW % ("", "!GetAtt Dags.Arn"),
        _AIRFLOW
        % (
            f", VersioningConfiguration: {{Status: Suspended}}, PublicAccessBlockConfiguration: {_PRIVATE}",
            "arn:aws:s3:::dags",
        ),
        _AIRFLOW
        % (
            ", VersioningConfiguration: {Status: Enabled}, PublicAccessBlockConfiguration: {BlockPublicAcls: true}",
            '!Sub "arn:aws:s3:::${Dags}"',
        ),
    ),
    good=_AIRFLOW
    % (
        f", VersioningConfiguration: {{Status: Enabled}}, PublicAccessBlockConfiguration: {_PRIVATE}",
        "!GetAtt Dags.Arn",
    ),
)
def dag_bucket_unversioned(environment: Environment, inventory: Inventory) -> Findings:
    """Whoever writes to this bucket runs code with Airflow's role; without versions nobody sees what it was before.

    Fix: enable versioning and all four settings of Block Public Access on the bucket, and deploy DAGs to it from a
    repository only.
    """
    arn = environment.source_bucket_arn
    bucket = bucket_of(arn, environment, inventory) if arn else None
    if bucket is None:
        return
    if bucket.versioning != "Enabled":
        yield environment.fail(f"keeps its DAGs in {bucket.title}, which is not versioned", at="source_bucket_arn")
    block = bucket.public_access_block
    if block is None or block.off():
        yield environment.fail(f"keeps its DAGs in {bucket.title}, which may become public", at="source_bucket_arn")
