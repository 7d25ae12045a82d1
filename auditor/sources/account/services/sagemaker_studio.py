"""Studio: domains, user profiles, spaces, running apps; and the scripts that run when something starts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from auditor.raw import Raw
from auditor.resources.sagemaker import OPENING_DAYS
from auditor.resources.sagemaker_studio import STOPS_WHEN_IDLE, stops_when_idle
from auditor.sources.account.collector import AllBut, Api, collector
from auditor.sources.account.regular import Call, Listing, regular

_ARN = "arn:{partition}:sagemaker:{region}:{account}"
_GONE = ("ResourceNotFound", "ValidationException")
_IN_USE = ("InService", "Pending")


def _read_scripts(config: dict[str, Any]) -> Mapping[str, Any]:
    """What is asked of a script is answered here, as its content is hidden from then on."""
    read = dict(config)
    for moment in ("OnCreate", "OnStart"):
        if isinstance(config.get(moment), list):
            read[moment] = [
                {**script, STOPS_WHEN_IDLE: stops_when_idle(script.get("Content") or "")} for script in config[moment]
            ]
    return read


regular(
    "sagemaker",
    "AWS::SageMaker::Domain",
    Listing("ListDomains", "Domains[?Status!='Deleting']", tells=("DomainName",)),
    describe=Call("DescribeDomain", "", {"DomainId": "{DomainId}"}, gone=_GONE),
    tagging="sagemaker:domain",
    arn="{DomainArn}",
    title="{DomainName}",
    names=("{DomainId}",),
)

regular(
    "sagemaker",
    "AWS::SageMaker::UserProfile",
    Listing("ListUserProfiles", "UserProfiles[?Status!='Deleting']"),
    describe=Call(
        "DescribeUserProfile", "", {"DomainId": "{DomainId}", "UserProfileName": "{UserProfileName}"}, gone=_GONE
    ),
    arn=f"{_ARN}:user-profile/{{DomainId}}/{{UserProfileName!l}}",
    title="{UserProfileName}",
    names=("{UserProfileArn}",),
)

regular(
    "sagemaker",
    "AWS::SageMaker::Space",
    Listing("ListSpaces", "Spaces[?Status!='Deleting']"),
    arn=f"{_ARN}:space/{{DomainId}}/{{SpaceName}}",
    title="{SpaceName}",
)

regular(
    "sagemaker",
    "AWS::SageMaker::NotebookInstanceLifecycleConfig",
    Listing("ListNotebookInstanceLifecycleConfigs", "NotebookInstanceLifecycleConfigs"),
    describe=Call(
        "DescribeNotebookInstanceLifecycleConfig",
        "",
        {"NotebookInstanceLifecycleConfigName": "{NotebookInstanceLifecycleConfigName}"},
        gone=_GONE,
    ),
    reshape=_read_scripts,
    arn="{NotebookInstanceLifecycleConfigArn}",
    title="{NotebookInstanceLifecycleConfigName}",
)

regular(
    "sagemaker",
    "AWS::SageMaker::StudioLifecycleConfig",
    Listing("ListStudioLifecycleConfigs", "StudioLifecycleConfigs"),
    describe=Call(
        "DescribeStudioLifecycleConfig",
        "",
        {"StudioLifecycleConfigName": "{StudioLifecycleConfigName}"},
        gone=_GONE,
    ),
    arn="{StudioLifecycleConfigArn}",
    title="{StudioLifecycleConfigName}",
)


@collector(
    "sagemaker",
    types=("AWS::SageMaker::App",),
    operations=("ListApps",),
    details={
        "DescribeApp": AllBut(("AWS::SageMaker::App", "DomainId", "AppType", "AppName", "Status", "CreationTime"))
    },
)
def apps(api: Api) -> Iterator[Raw]:
    """Every app that runs, or is about to; the list keeps deleted ones for a day. One is a person's or a space's."""

    def describe(listed: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
        keys = ("DomainId", "UserProfileName", "SpaceName", "AppType", "AppName")
        params = {key: listed[key] for key in keys if listed.get(key)}
        return listed, api.ask("DescribeApp", gone=_GONE, resource=listed["AppName"], **params)

    running = (listed for listed in api.pages("ListApps", "Apps") if listed.get("Status") in _IN_USE)
    for listed, described in api.each(describe, running):
        if described is None:
            continue
        owner = listed.get("SpaceName") or listed.get("UserProfileName")
        place = f"{listed['DomainId']}/{owner}/{listed['AppType']}/{listed['AppName']}"
        arn = f"arn:{api.partition}:sagemaker:{api.region}:{api.account}:app/{place}"
        title = f"{listed['AppType']} {listed['AppName']} of {owner}"
        yield api.raw("AWS::SageMaker::App", arn, api.merge(listed, described), names=(listed["AppName"],), title=title)


@collector("cloudtrail", types=("api:SageMaker::NotebookOpening",), operations=("LookupEvents",))
def notebook_openings(api: Api) -> Iterator[Raw]:
    """When each notebook instance was last opened; of an event nothing else is kept, such as by whom."""
    events = api.pages(
        "LookupEvents",
        "Events",
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreatePresignedNotebookInstanceUrl"}],
        StartTime=datetime.now(UTC) - timedelta(days=OPENING_DAYS),
    )
    opened: dict[str, datetime] = {}
    for event in events:
        parameters = json.loads(event.get("CloudTrailEvent") or "{}").get("requestParameters") or {}
        name = parameters.get("notebookInstanceName")
        if name:
            opened[name] = max(event["EventTime"], opened.get(name, event["EventTime"]))
    for name, last in opened.items():
        arn = _ARN.format(partition=api.partition, region=api.region, account=api.account)
        properties = {"NotebookInstanceName": name, "LastOpened": last}
        yield api.raw("api:SageMaker::NotebookOpening", f"{arn}:notebook-opening/{name}", properties, title=name)
