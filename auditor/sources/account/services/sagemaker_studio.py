"""Studio: domains, user profiles, spaces, running apps; and the scripts that run when something starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
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
