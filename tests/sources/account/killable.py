"""A scan in a process of its own, to be killed: `python -m tests.sources.account.killable SPOOL [resume]`.

AWS is a table in this process that answers slowly. Prints a line per collector that ended, then what was found.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse

from auditor.sources.account import collector as registry
from auditor.sources.account.collector import collector
from auditor.sources.account.encoding import save_raw
from auditor.sources.account.manner import Manner
from auditor.sources.account.regular import Call, Listing, regular
from auditor.sources.account.source import collect

REGIONS = ("eu-central-1", "eu-north-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2")
TABLES = [f"table-{number}" for number in range(10)]
ANSWERS: dict[str, Any] = {
    "GetCallerIdentity": {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/auditor"},
    "DescribeRegions": {"Regions": [{"RegionName": name, "OptInStatus": "opted-in"} for name in REGIONS]},
    "DescribeVolumes": {"Volumes": [{"VolumeId": "vol-1", "Size": 8}, {"VolumeId": "vol-2"}]},
    "ListTables": {"TableNames": TABLES},
    "DescribeTable": {"Table": {"TableStatus": "ACTIVE"}},
    "DescribeTimeToLive": "AccessDeniedException",
}


def answer(model: Any, **_: Any) -> Any:
    time.sleep(0.01)
    given = ANSWERS[model.name]
    if isinstance(given, str):
        return AWSResponse("", 400, {}, None), {"Error": {"Code": given, "Message": "no"}}
    return AWSResponse("", 200, {}, None), dict(given)


@collector("ec2", types=("AWS::EC2::Volume",), operations=("DescribeVolumes",))
def volumes(api: Any) -> Any:
    for volume in api.pages("DescribeVolumes", "Volumes"):
        yield api.raw("AWS::EC2::Volume", f"arn:aws:ec2:{api.region}::{volume['VolumeId']}", volume)


def main(spool: str, *resume: str) -> None:
    regular(
        "dynamodb",
        "AWS::DynamoDB::Table",
        Listing("ListTables", "TableNames[].{TableName: @}"),
        describe=Call("DescribeTable", "Table", {"TableName": "{TableName}"}),
        more=(Call("DescribeTimeToLive", "x", {"TableName": "{TableName}"}, into="Ttl"),),
        arn="arn:{partition}:dynamodb:{region}:{account}:table/{TableName}",
    )
    registry.load_collectors = lambda: registry.COLLECTORS
    session = boto3.Session("testing", "testing", region_name=REGIONS[0])
    session.events.register_last("before-call", answer)
    found = collect(
        session=session,
        manner=Manner(workers=2, spool=Path(spool), resume=bool(resume)),
        progress=lambda line: print(line, flush=True),
    )
    result = {
        "raws": [save_raw(raw) for raw in found.raws],
        "gaps": sorted(map(str, found.gaps)),
        "notices": [notice.message for notice in found.notices],
        "calls": found.calls,
        "resumed": found.inputs[0].get("resumed", 0),
    }
    print("RESULT", json.dumps(result), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
