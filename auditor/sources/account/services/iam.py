"""IAM: identities and policies from one listing, credentials from the credential report, the account's settings."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Listing, regular
from auditor.sources.account.services.places import account
from auditor.values import ABSENT, Unknown

_PAUSES: Final = (0.0, 0.25, 0.5, 1.0, 2.0, *(4.0,) * 7)  # seconds; a report of thousands of users takes half a minute
_NOT_READY: Final = ("ReportInProgress", "ReportNotPresent", "ReportExpired")
_NOTHING: Final = frozenset({"", "N/A", "no_information", "not_supported"})
# What says that no organization manages root users centrally. Another account than its management account or delegated
# administrator is told neither, with a code of its own.
_NO_FEATURES: Final = ("OrganizationNotFoundException", "ServiceAccessNotEnabledException")
_SERVICE_LINKED: Final = "/aws-service-role/"


@collector(
    "iam",
    types=("AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"),
    operations=("GetAccountAuthorizationDetails",),
    details={"GenerateCredentialReport": ("Credentials",), "GetCredentialReport": ("Credentials",)},
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


_FACTS: Final = ("AccountAccessKeysPresent", "AccountMFAEnabled")


@collector("iam", types=("account",), operations=(), details={"GetAccountSummary": _FACTS}, scope="global")
def summary(api: Api) -> Iterator[Raw]:
    """What IAM says about the account as a whole."""
    found = api.ask("GetAccountSummary", "SummaryMap", resource="the account")
    yield account(api, {fact: found if isinstance(found, Unknown) else found.get(fact, ABSENT) for fact in _FACTS})


@collector(
    "iam",
    types=("api:IAM::RootUser",),
    operations=("GenerateCredentialReport", "GetCredentialReport"),
    scope="global",
)
def root_user(api: Api) -> Iterator[Raw]:
    """The root user, as the credential report has it."""
    arn = f"arn:{api.partition}:iam::{api.account}:root"
    report = _credential_report(api)
    row = report if isinstance(report, Unknown) else report.get(arn, Unknown("the credential report has no root user"))
    yield api.raw("api:IAM::RootUser", f"{arn}/user", {"Credentials": row}, title="the root user")


regular(
    "iam",
    "api:IAM::PasswordPolicy",
    Listing("GetAccountPasswordPolicy", "PasswordPolicy", absent=("NoSuchEntity",)),
    arn="arn:{partition}:iam::{account}:password-policy",
    title="the password policy",
    scope="global",
)

regular(
    "iam",
    "api:IAM::OrganizationsFeatures",
    Listing("ListOrganizationsFeatures", "{EnabledFeatures: EnabledFeatures}", absent=_NO_FEATURES),
    arn="arn:{partition}:iam::{account}:organizations-features",
    title="central management of root users",
    scope="global",
)


@collector("iam", types=("AWS::IAM::VirtualMFADevice",), operations=("ListVirtualMFADevices",), scope="global")
def virtual_mfa_devices(api: Api) -> Iterator[Raw]:
    """The virtual MFA devices in use."""
    for device in api.pages("ListVirtualMFADevices", "VirtualMFADevices", AssignmentStatus="Assigned"):
        user = device.get("User", {})
        of_root = user.get("Arn", "").endswith(":root")
        owner = {"Users": [user["UserName"]] if "UserName" in user and not of_root else [], "OfRoot": of_root}
        serial = device["SerialNumber"]
        yield api.raw("AWS::IAM::VirtualMFADevice", serial, owner, title=serial.rpartition("/")[2])


regular(
    "iam",
    "api:IAM::ServiceSpecificCredential",
    Listing("ListServiceSpecificCredentials", "ServiceSpecificCredentials", {"AllUsers": True}),
    # The API has no ARN for one.
    arn="arn:{partition}:iam::{account}:user/{UserName}/credential/{ServiceSpecificCredentialId}",
    title="{ServiceSpecificCredentialId}",
    scope="global",
)

regular(
    "iam",
    "AWS::IAM::SAMLProvider",
    Listing("ListSAMLProviders", "SAMLProviderList"),
    arn="{Arn}",
    title="{Arn!n}",
    scope="global",
)

regular(
    "iam",
    "AWS::IAM::OIDCProvider",
    Listing("ListOpenIDConnectProviders", "OpenIDConnectProviderList"),
    reshape=lambda provider: {**provider, "Url": "https://" + provider["Arn"].partition(":oidc-provider/")[2]},
    arn="{Arn}",
    title="{Arn!n}",
    scope="global",
)

regular(
    "iam",
    "AWS::IAM::ServerCertificate",
    Listing("ListServerCertificates", "ServerCertificateMetadataList"),
    arn="{Arn}",
    title="{ServerCertificateName}",
    scope="global",
)


def _identity(api: Api, kind: str, detail: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> Raw:
    name = detail[f"{kind}Name"]
    properties = {
        **detail,
        "Policies": detail.get(f"{kind}PolicyList", []),
        "ManagedPolicyArns": [policy["PolicyArn"] for policy in detail.get("AttachedManagedPolicies", ())],
        **(more or {}),
    }
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
