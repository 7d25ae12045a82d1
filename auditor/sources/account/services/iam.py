"""IAM: identities and customer policies from one listing, credentials from the credential report."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.values import ABSENT, Unknown

_PAUSES: Final = (0.0, 0.25, 0.5, 1.0, 2.0, *(4.0,) * 7)  # seconds; a report of thousands of users takes half a minute
_NOT_READY: Final = ("ReportInProgress", "ReportNotPresent", "ReportExpired")
_NOTHING: Final = frozenset({"", "N/A", "no_information", "not_supported"})
_SERVICE_LINKED: Final = "/aws-service-role/"


@collector(
    "iam",
    types=("AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"),
    operations=("GetAccountAuthorizationDetails", "GenerateCredentialReport", "GetCredentialReport"),
    scope="global",
)
def identities(api: Api) -> Iterator[Raw]:
    """Users, groups, roles and customer managed policies. Service-linked roles are AWS's to manage, and left out."""
    report: Any = None
    details = api.pages(
        "GetAccountAuthorizationDetails",
        "[UserDetailList, GroupDetailList, RoleDetailList, Policies][]",
        Filter=["User", "Group", "Role", "LocalManagedPolicy"],
    )
    for detail in details:
        if "UserName" in detail:
            if report is None:
                report = _credential_report(api)
            yield _user(api, detail, report)
        elif "GroupName" in detail:
            yield _identity(api, "Group", detail)
        elif "RoleName" not in detail:
            yield _policy(api, detail)
        elif not detail["Path"].startswith(_SERVICE_LINKED):
            yield _identity(api, "Role", detail)


@collector("iam", types=("account",), operations=("GetAccountSummary",), scope="global")
def summary(api: Api) -> Iterator[Raw]:
    """What IAM says about the account as a whole."""
    present = api.ask("GetAccountSummary", "SummaryMap.AccountAccessKeysPresent")
    arn = f"arn:{api.partition}:iam::{api.account}:root"
    yield api.raw("account", arn, {"AccountAccessKeysPresent": present}, names=(api.account,), title=api.account)


def _identity(api: Api, kind: str, detail: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> Raw:
    name = detail[f"{kind}Name"]
    properties = {**detail, "Policies": detail.get(f"{kind}PolicyList", []), **(more or {})}
    names = (name, detail[f"{kind}Id"])
    return api.raw(f"AWS::IAM::{kind}", detail["Arn"], properties, names=names, title=name)


def _user(api: Api, detail: Mapping[str, Any], report: dict[str, dict[str, str]] | Unknown) -> Raw:
    credentials: Any = report
    if not isinstance(report, Unknown):
        credentials = report.get(detail["Arn"], Unknown("the user is newer than IAM's credential report"))
    return _identity(api, "User", detail, {"Credentials": credentials})


def _policy(api: Api, detail: Mapping[str, Any]) -> Raw:
    document = next(
        (version["Document"] for version in detail.get("PolicyVersionList", ()) if version["IsDefaultVersion"]), ABSENT
    )
    arn = detail["Arn"]
    name = detail.get("PolicyName") or arn.rpartition("/")[2]
    return api.raw("AWS::IAM::ManagedPolicy", arn, {**detail, "PolicyDocument": document}, names=(name,), title=name)


def _credential_report(api: Api) -> dict[str, dict[str, str]] | Unknown:
    """The rows by ARN, keys in PascalCase, without what the report has as not there.

    IAM makes a report at most every four hours, so what it gives may be as old.
    """
    for pause in _PAUSES:
        time.sleep(pause)
        state = api.ask("GenerateCredentialReport", "State", resource="the credential report")
        if isinstance(state, Unknown):
            return state
        if state == "COMPLETE":
            break
    content = api.ask("GetCredentialReport", "Content", absent=_NOT_READY, resource="the credential report")
    if content is ABSENT:
        return Unknown("IAM did not finish the credential report in time")
    if isinstance(content, Unknown):
        return content
    rows = csv.DictReader(content.decode().splitlines())
    return {row["arn"]: {_pascal(key): text for key, text in row.items() if text not in _NOTHING} for row in rows}


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
