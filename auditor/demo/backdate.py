"""What moto's API cannot be told: dates in the past, and a few values that it drops or refuses.

Each function changes moto's own records, which only exist inside `mock_aws()`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from auditor.demo.site import ACCOUNT


def seed(number: int) -> None:
    """Make the ids that moto invents from now on the same in every run."""
    from moto.moto_api._internal import mock_random

    mock_random.seed(number)


def age_user(name: str, *, created: int, signed_in: int | None) -> None:
    """Days since a user was made, and since they last signed in with their password."""
    user = _backend("iam", "aws").users[name]
    user.create_date = _ago(created)
    user.password_last_used = None if signed_in is None else _ago(signed_in)


def age_access_key(user: str, key_id: str, *, created: int, used: int | None) -> None:
    """Days since an access key was made, and since it was last used (None: never)."""
    from moto.iam.models import AccessKeyLastUsed

    key = _backend("iam", "aws").users[user].get_access_key_by_id(key_id)
    key.create_date = _ago(created)
    key.last_used = None if used is None else AccessKeyLastUsed(_ago(used), "s3", "us-east-1")


def age_instance(region: str, instance_id: str, *, launched: int) -> None:
    """Days since an instance was launched; its volumes are as old."""
    instance = _backend("ec2", region).get_instance(instance_id)
    instance.launch_time = _ago(launched)
    for device in instance.block_device_mapping.values():
        age_volume(region, device.volume_id, created=launched)


def age_volume(region: str, volume_id: str, *, created: int) -> None:
    """Days since a volume was made."""
    _backend("ec2", region).volumes[volume_id].create_time = _ago(created)


def fill_log_group(region: str, name: str, *, gigabytes: float) -> None:
    """What a log group stores; it needs a stream called `demo`."""
    _backend("logs", region).groups[name].streams["demo"].stored_bytes = int(gigabytes * 1024**3)


def isolate_model(region: str, name: str) -> None:
    """Network isolation of a model, which moto does not read from the request."""
    _backend("sagemaker", region).describe_model(name).enable_network_isolation = True


def set_variant_type(region: str, endpoint_config: str, instance_type: str) -> None:
    """The instance type of an endpoint's only variant, where moto's own list is too old to accept it."""
    config = _backend("sagemaker", region).endpoint_configs[endpoint_config]
    config.production_variants[0]["InstanceType"] = instance_type


def age_endpoint(region: str, name: str, *, created: int) -> None:
    """Days since an endpoint was made."""
    endpoint = _backend("sagemaker", region).endpoints[name]
    endpoint.creation_time = endpoint.last_modified_time = _ago(created)


def time_training(region: str, name: str, *, ended: int, hours: float, billed: float) -> None:
    """When a training job ended (days ago), how long it ran, and how long of that is billed."""
    job = _backend("sagemaker", region).training_jobs[name]
    job.training_end_time = job.last_modified_time = _ago(ended)
    job.creation_time = job.training_start_time = job.training_end_time - timedelta(hours=hours)
    job.training_time_in_seconds = int(hours * 3600)
    job.billable_time_in_seconds = int(billed * 3600)


def _backend(service: Any, region: str) -> Any:
    from moto.backends import get_backend

    return get_backend(service)[ACCOUNT][region]


def _ago(days: int) -> datetime:
    """A moment some days ago, without a time zone, as moto keeps it."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=days)
