"""Signing in: a boto3 session from a profile, a role or the environment, and who that turns out to be."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import boto3
import botocore.session
from botocore import exceptions
from botocore.config import Config
from botocore.credentials import RefreshableCredentials

from auditor.errors import UsageError
from auditor.sources.account.call_log import CallLog
from auditor.sources.account.guard import guard
from auditor.sources.account.models import LeanModels, lean_models

ROLE_SESSION_NAME = "auditor"

ATTEMPTS = 5
"""How often a call is tried, in all."""

HOME_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where a partition's global services (IAM, S3's list of buckets) are asked."""

_ROLE_ARN = re.compile(r"arn:(?P<partition>aws[a-z-]*):iam::\d{12}:role/\S+")
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_CREDENTIAL_ERRORS = (
    exceptions.CredentialRetrievalError,
    exceptions.LoginError,
    exceptions.MetadataRetrievalError,
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.SSOError,
    exceptions.TokenRetrievalError,
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the credentials belong to.

    Attributes:
        account: 12 digits.
        arn: the principal.
        partition: `aws`, `aws-cn`, `aws-us-gov`.
        region: the region that answered; where the first calls go.
    """

    account: str
    arn: str
    partition: str
    region: str

    @property
    def home(self) -> str:
        """The region where the partition's global services are asked."""
        return HOME_REGIONS.get(self.partition, self.region)


def release() -> str:
    """Auditor's version."""
    try:
        return version("auditor")
    except PackageNotFoundError:  # run from a source tree
        return "dev"


def client_config(connections: int) -> Any:
    """How every client calls: gently, patiently, and under our name.

    Adaptive retries slow down with the service's throttling; a region that does not answer costs at most ten seconds
    an attempt to find out. botocore would make up the user agent twice for each request, which is a third of what a
    request costs it; ours is a constant.
    """
    return Config(
        retries={"mode": "adaptive", "total_max_attempts": ATTEMPTS},
        connect_timeout=10,
        read_timeout=30,
        max_pool_connections=connections,
        user_agent=f"auditor/{release()} Botocore/{botocore.__version__}",
    )


def open_session(
    profile: str | None = None,
    role_arn: str | None = None,
    external_id: str | None = None,
    *,
    session: Any = None,
    operations: Iterable[str] = (),
    log: CallLog | None = None,
) -> Any:
    """A guarded `boto3.Session`.

    Args:
        profile: a profile of the AWS configuration; the environment's where None.
        role_arn: a role to assume with it; its credentials are renewed while the scan runs.
        external_id: what the role's trust policy asks for.
        session: sign in with this `boto3.Session`; it is guarded from then on.
        operations: what the session may call beside the core operations.
        log: where all calls are logged.

    Raises:
        UsageError: unknown profile, broken configuration, or a role that cannot be assumed.
    """
    if external_id and not role_arn:
        raise UsageError("An external id is only used to assume a role: give the role's ARN too.")
    if role_arn and not _ROLE_ARN.fullmatch(role_arn):
        raise UsageError(f"{role_arn!r} is not the ARN of a role, such as arn:aws:iam::123456789012:role/Auditor.")
    operations = tuple(operations)
    base = session or _profile_session(profile)
    _watch(base, operations, log)
    if not role_arn:
        return base
    assumed = _role_session(base, role_arn, external_id)
    _watch(assumed, operations, log)
    return assumed


def identify(client: Any, region: str) -> Identity:
    """Who the credentials of `client` (sts) belong to: sts:GetCallerIdentity, which nobody can be denied.

    Raises:
        UsageError: no credentials, expired or wrong ones, or AWS cannot be reached.
    """
    try:
        answer = client.get_caller_identity()
    except (exceptions.ClientError, exceptions.BotoCoreError) as error:
        raise UsageError(_explain(error, region)) from error
    return Identity(answer["Account"], answer["Arn"], answer["Arn"].split(":")[1], region)


def start_region(session: Any, regions: Iterable[str] | None, role_arn: str | None) -> str:
    """Where to ask first who we are: each partition (China, GovCloud) only knows its own credentials.

    The configured region, else one of `regions`, where AWS has it (asking one that does not exist takes a minute to
    fail); else the home of the partition that they, or the role, seem to be in.
    """
    partition = role_arn.split(":")[1] if role_arn else None
    for region in (session.region_name, *(regions or ())):
        try:
            its_partition = session.get_partition_for_region(region) if region else None
        except exceptions.UnknownRegionError:
            continue
        if region in session.get_available_regions("sts", partition_name=its_partition or "aws"):
            return str(region)
        partition = partition or its_partition
    return HOME_REGIONS.get(partition or "aws", HOME_REGIONS["aws"])


def twin(base: Any, credentials: Any = None) -> Any:
    """Another `boto3.Session`, as one must not be used by several threads, or with other credentials.

    What botocore has read of its service models is shared. So are the credentials, where none are given: they renew
    themselves under a lock of their own, and whoever must type a code for them does so once.
    """
    given = credentials or base.get_credentials()

    class Given:
        METHOD = CANONICAL_NAME = "auditor-given"

        def load(self) -> Any:
            return given

    inner = botocore.session.Session(profile=base._session.profile)
    inner.register_component("data_loader", base._session.get_component("data_loader"))
    inner.get_component("credential_provider").providers.insert(0, Given())
    return boto3.Session(botocore_session=inner, region_name=base.region_name)


def nearest(word: str, known: Iterable[str]) -> str:
    """`" (did you mean X?)"`, or nothing where no known word is near."""
    found = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {found[0]}?)" if found else ""


# --- how ------------------------------------------------------------------------------------------------------------


def _watch(session: Any, operations: Iterable[str], log: CallLog | None) -> None:
    permitted = guard(session, operations)
    models = session._session.get_component("data_loader")
    if isinstance(models, LeanModels):
        models.permit(permitted)
    if log:
        log.attach(session)


def _profile_session(profile: str | None) -> Any:
    try:
        inner = botocore.session.Session(profile=profile)
        inner.register_component("data_loader", lean_models(inner))
        return boto3.Session(botocore_session=inner)
    except exceptions.ProfileNotFound as error:
        wanted = profile or str(error.kwargs.get("profile", ""))
        known = botocore.session.Session(profile="default").available_profiles
        if not known:
            raise UsageError(
                f"There is no AWS profile {wanted!r}, nor any other: create it with `aws configure --profile {wanted}`,"
                " or leave the profile out to use the environment's credentials."
            ) from error
        guess = nearest(wanted, known)
        raise UsageError(f"There is no AWS profile {wanted!r}{guess}. Known profiles: {', '.join(known)}.") from error
    except (exceptions.ConfigParseError, exceptions.ConfigNotFound, exceptions.InvalidConfigError) as error:
        raise UsageError(f"The AWS configuration cannot be read: {error}") from error


def _role_session(base: Any, role_arn: str, external_id: str | None) -> Any:
    """A session whose credentials are the role's, assumed again before they expire."""
    region = start_region(base, None, role_arn)
    params = {"RoleArn": role_arn, "RoleSessionName": ROLE_SESSION_NAME}
    if external_id:
        params["ExternalId"] = external_id

    def assume() -> dict[str, str]:
        client = base.client("sts", region_name=region, config=client_config(1))
        given = client.assume_role(**params)["Credentials"]
        return {
            "access_key": given["AccessKeyId"],
            "secret_key": given["SecretAccessKey"],
            "token": given["SessionToken"],
            "expiry_time": given["Expiration"].isoformat(),
        }

    try:
        credentials = RefreshableCredentials.create_from_metadata(assume(), assume, "sts-assume-role")
    except exceptions.ClientError as error:
        code = error.response.get("Error", {}).get("Code")
        if code not in {"AccessDenied", "AccessDeniedException", "ValidationError"}:
            raise UsageError(_explain(error, region)) from error
        who = identify(base.client("sts", region_name=region, config=client_config(1)), region).arn
        raise UsageError(
            f"{who} may not assume {role_arn} ({code}). Check that the role exists, that its trust policy names that"
            f" principal{' and this external id' if external_id else ' and asks for no external id'}, and that the"
            " principal's own policy allows sts:AssumeRole."
        ) from error
    except exceptions.BotoCoreError as error:
        raise UsageError(_explain(error, region)) from error
    return twin(base, credentials)


def _explain(error: Exception, region: str) -> str:
    """What is wrong with the credentials, and what to do about it."""
    if isinstance(error, exceptions.ClientError):
        code = str(error.response.get("Error", {}).get("Code"))
        if code in _EXPIRED:
            return f"The AWS credentials have expired ({code}). Sign in again, for example with `aws sso login`."
        return (
            f"AWS in {region} does not accept the credentials ({code}). Check the access key, secret and session token,"
            " and this machine's clock; for an account in China or GovCloud, set a region there."
        )
    if isinstance(error, exceptions.NoCredentialsError):
        return (
            "There are no AWS credentials. Give a profile with --profile, sign in (`aws sso login`), or set"
            " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    if isinstance(error, _CREDENTIAL_ERRORS):
        return f"The AWS credentials cannot be loaded: {error} Sign in again, for example with `aws sso login`."
    return f"AWS cannot be reached in {region}: {error} Check the region's name, the network and any proxy."
