"""SageMaker: notebooks, Studio, models, endpoints and training jobs."""

from __future__ import annotations

from typing import Any, NamedTuple

from auditor.demo import backdate
from auditor.demo.site import ACCOUNT, COMPANY, Site, role, tags


class Notebook(NamedTuple):
    """A notebook instance; without `subnet` it is in SageMaker's own VPC."""

    name: str
    type: str
    subnet: str | None
    key: str | None
    root: bool
    internet: bool
    environment: str | None = None


class Endpoint(NamedTuple):
    """An endpoint with its configuration and model; without `type` it is serverless.

    `instances` is for each of its variants, `created` in days ago.
    """

    name: str
    model: str
    isolated: bool
    type: str | None
    instances: int | None
    key: str | None
    environment: str | None = "production"
    created: int = 150
    variants: tuple[str, ...] = ("live",)


class Job(NamedTuple):
    """A training job; times in hours, `ended` in days ago."""

    name: str
    type: str
    instances: int
    hours: float
    ended: int
    spot: bool = False
    checkpoints: bool = False


NOTEBOOKS = [
    Notebook("fraud-research", "ml.m5.xlarge", "ml-private-a", "ml-volumes", False, False, "development"),
    Notebook("churn-exploration", "ml.t3.large", "ml-private-b", "ml-volumes", True, False, "development"),
    Notebook("feature-review", "ml.t3.medium", "ml-isolated-a", "ml-volumes", False, False, "production"),
    Notebook("recsys-sandbox", "ml.m5.2xlarge", "ml-private-b", None, True, True, "development"),
    Notebook("vision-lab", "ml.p3.2xlarge", None, None, True, True),
]

RECSYS = ("champion", "challenger")

ENDPOINTS = {
    "us-east-1": [
        Endpoint("fraud-scoring", "fraud-scoring-v7", True, "ml.g5.xlarge", 2, "ml-volumes"),
        Endpoint("recsys", "recsys-two-tower-v12", True, "ml.c5.2xlarge", 2, "ml-volumes", variants=RECSYS),
        Endpoint("vision-defects", "vision-defects-v1", False, "ml.p3.2xlarge", 1, None),
        Endpoint("churn-nightly", "churn-v3", False, "ml.m5.xlarge", 1, "ml-volumes", None),
        Endpoint("demand-forecast", "demand-forecast-v4", True, None, None, None),
    ],
    "eu-west-1": [Endpoint("fraud-scoring-eu", "fraud-scoring-eu-v7", True, "ml.g4dn.xlarge", 1, "eu-inference")],
}

JOBS = [
    Job("fraud-xgboost-run-118", "ml.m5.4xlarge", 1, 1.5, 2, spot=True, checkpoints=True),
    Job("recsys-two-tower-run-31", "ml.g5.12xlarge", 2, 9.0, 4, spot=True, checkpoints=True),
    Job("vision-defects-run-12", "ml.p3.8xlarge", 1, 26.0, 6),
    Job("speech-conformer-run-7", "ml.p4d.24xlarge", 1, 14.0, 9),
    Job("churn-lightgbm-run-44", "ml.c5.2xlarge", 1, 0.4, 1),
]


def build(site: Site) -> None:
    """Make the region's SageMaker resources. Needs the network, keys, roles and buckets."""
    if site.region == "us-east-1":
        for notebook in NOTEBOOKS:
            _notebook(site, notebook)
        _domains(site)
        for job in JOBS:
            _job(site, job)
    for endpoint in ENDPOINTS[site.region]:
        _endpoint(site, endpoint)


def _notebook(site: Site, notebook: Notebook) -> None:
    given: dict[str, Any] = {}
    if notebook.subnet:
        given |= {"SubnetId": site.ids[notebook.subnet], "SecurityGroupIds": [site.ids["notebooks"]]}
    if notebook.key:
        given["KmsKeyId"] = site.ids[notebook.key]
    site.client("sagemaker").create_notebook_instance(
        NotebookInstanceName=notebook.name,
        InstanceType=notebook.type,
        RoleArn=role("sagemaker-notebook" if notebook.subnet else "legacy-notebook-admin"),
        DirectInternetAccess="Enabled" if notebook.internet else "Disabled",
        RootAccess="Enabled" if notebook.root else "Disabled",
        VolumeSizeInGB=50,
        Tags=tags(Team="ml", **({"Environment": notebook.environment} if notebook.environment else {})),
        **given,
    )


def _domains(site: Site) -> None:
    for name, access, key in (("studio", "VpcOnly", "ml-volumes"), ("studio-partners", "PublicInternetOnly", None)):
        site.client("sagemaker").create_domain(
            DomainName=name,
            AuthMode="IAM",
            DefaultUserSettings={"ExecutionRole": role("sagemaker-notebook")},
            VpcId=site.ids["ml-training"],
            SubnetIds=[site.ids["ml-private-a"], site.ids["ml-private-b"]],
            AppNetworkAccessType=access,
            Tags=tags(Team="ml"),
            **({"KmsKeyId": site.ids[key]} if key else {}),
        )


def _job(site: Site, job: Job) -> None:
    given: dict[str, Any] = {}
    if job.checkpoints:
        given["CheckpointConfig"] = {"S3Uri": f"s3://{COMPANY}-training-checkpoints/{job.name}/"}
    site.client("sagemaker").create_training_job(
        TrainingJobName=job.name,
        RoleArn=role("sagemaker-training"),
        AlgorithmSpecification={"TrainingImage": _image(site, job.name.split("-run-")[0]), "TrainingInputMode": "File"},
        InputDataConfig=[
            {
                "ChannelName": "train",
                "DataSource": {
                    "S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{COMPANY}-feature-store/{job.name}/"}
                },
            }
        ],
        OutputDataConfig={
            "S3OutputPath": f"s3://{COMPANY}-model-artifacts/",
            "KmsKeyId": site.ids["model-artifacts"],
        },
        ResourceConfig={
            "InstanceType": job.type,
            "InstanceCount": job.instances,
            "VolumeSizeInGB": 100,
            "VolumeKmsKeyId": site.ids["ml-volumes"],
        },
        VpcConfig={"SecurityGroupIds": [site.ids["training-nodes"]], "Subnets": [site.ids["ml-private-a"]]},
        StoppingCondition={
            "MaxRuntimeInSeconds": 172800,
            **({"MaxWaitTimeInSeconds": 259200} if job.spot else {}),
        },
        EnableManagedSpotTraining=job.spot,
        Tags=tags(Team="ml"),
        **given,
    )
    billed = job.hours * (0.35 if job.spot else 1)
    backdate.time_training(site.region, job.name, ended=job.ended, hours=job.hours, billed=billed)


def _endpoint(site: Site, endpoint: Endpoint) -> None:
    client = site.client("sagemaker")
    about = tags(Team="ml", **({"Environment": endpoint.environment} if endpoint.environment else {}))
    client.create_model(
        ModelName=endpoint.model,
        ExecutionRoleArn=role("sagemaker-training"),
        PrimaryContainer={
            "Image": _image(site, endpoint.name),
            "ModelDataUrl": f"s3://{COMPANY}-model-artifacts/{endpoint.model}/model.tar.gz",
        },
        EnableNetworkIsolation=endpoint.isolated,
        Tags=about,
    )
    if endpoint.isolated:
        backdate.isolate_model(site.region, endpoint.model)
    variant: dict[str, Any] = {"ModelName": endpoint.model, "InitialVariantWeight": 1.0}
    known = not (endpoint.type or "").startswith("ml.g5.")
    if endpoint.type is None:
        variant["ServerlessConfig"] = {"MemorySizeInMB": 4096, "MaxConcurrency": 20}
    else:
        variant |= {
            "InstanceType": endpoint.type if known else "ml.g4dn.xlarge",
            "InitialInstanceCount": endpoint.instances,
        }
    config = f"{endpoint.model}-config"
    client.create_endpoint_config(
        EndpointConfigName=config,
        ProductionVariants=[{"VariantName": name, **variant} for name in endpoint.variants],
        Tags=about,
        **({"KmsKeyId": site.ids[endpoint.key]} if endpoint.key else {}),
    )
    if not known and endpoint.type:
        backdate.set_variant_type(site.region, config, endpoint.type)
    client.create_endpoint(EndpointName=endpoint.name, EndpointConfigName=config, Tags=about)
    backdate.age_endpoint(site.region, endpoint.name, created=endpoint.created)


def _image(site: Site, repository: str) -> str:
    return f"{ACCOUNT}.dkr.ecr.{site.region}.amazonaws.com/{repository}:stable"
