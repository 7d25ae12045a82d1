"""What the tests of runs share: accounts in moto, a bucket, and the functions called as Lambda calls them."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.exceptions import ClientError

BUCKET = "audit-reports"
OWN = "123456789012"
REGION = "us-east-1"
RUN = "2026-11-23"


@dataclass
class Context:
    """Lambda's, with so many seconds left."""

    seconds: float = 900.0

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


@dataclass
class Cloud:
    """The simulated accounts and the bucket.

    Attributes:
        denied: accounts whose role nobody may assume.
    """

    aws: Any
    patch: Any
    denied: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.s3 = self.aws("s3")
        make_call, denied = BaseClient._make_api_call, self.denied

        def call(client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
            if operation == "AssumeRole" and params["RoleArn"].split(":")[4] in denied:
                raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not authorized"}}, operation)
            return make_call(client, operation, params)

        self.patch.setattr(BaseClient, "_make_api_call", call)

    def volumes(self, account: str, number: int, region: str = REGION) -> list[str]:
        """Put old volumes into an account; their ids."""
        client = self.client("ec2", account, region)
        zone = f"{region}a"
        made = (client.create_volume(AvailabilityZone=zone, Size=100, VolumeType="gp2") for _ in range(number))
        return [volume["VolumeId"] for volume in made]

    def client(self, service: str, account: str = OWN, region: str = REGION) -> Any:
        """A client that may write, in an account."""
        if account == OWN:
            return self.aws(service, region)
        role = f"arn:aws:iam::{account}:role/x"
        given = self.aws("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        return session.client(service, region_name=region)

    def put(self, key: str, content: bytes) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=content)

    def get(self, key: str) -> bytes:
        return self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def json(self, key: str) -> Any:
        content = self.get(key)
        return json.loads(gzip.decompress(content) if key.endswith(".gz") else content)

    def listed(self, prefix: str = "") -> list[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return [one["Key"] for page in pages for one in page.get("Contents", ())]

    def findings(self, prefix: str = "findings/") -> list[dict[str, Any]]:
        """Every record below a prefix, as Athena reads them."""
        return [json.loads(line) for key in self.listed(prefix) for line in gzip.decompress(self.get(key)).splitlines()]


def item(account: str = OWN, **settings: Any) -> dict[str, Any]:
    """An event for `scan_item`."""
    role = None if account == OWN else f"arn:aws:iam::{account}:role/Auditor"
    unit = {"account": account, "role_arn": role, "regions": settings.pop("regions", [REGION])}
    return {"run": RUN, "bucket": BUCKET, "config": "config/auditor.toml", "unit": unit, **settings}
