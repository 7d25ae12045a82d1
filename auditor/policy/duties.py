"""What roles of an ML platform must not do: deploy, approve, administer IAM or the data lake, leave their buckets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Final

from auditor.config import Config
from auditor.members import known_first
from auditor.policy.conditions import Context
from auditor.policy.patterns import HOLE, SOME, Pattern
from auditor.policy.principals import Grant, Permissions
from auditor.policy.scope import ANY_BUCKET, ANY_OBJECT

_HERE: Final = "us-east-1:000000000000"
_PRODUCTION: Final = (f"prod-{SOME}", f"production-{SOME}", f"{SOME}-prod", f"{SOME}-production")
_DEPLOYMENT: Final = (
    "sagemaker:CreateEndpoint",
    "sagemaker:UpdateEndpoint",
    "sagemaker:UpdateEndpointWeightsAndCapacities",
    "sagemaker:DeleteEndpoint",
)
_APPROVED: Final = {"sagemaker:modelapprovalstatus": ("Approved",)}
_IAM_ADMINISTRATION: Final = (
    ("iam:CreateUser", f"arn:aws:iam::000000000000:user/{SOME}"),
    ("iam:CreateAccessKey", f"arn:aws:iam::000000000000:user/{SOME}"),
    ("iam:CreateRole", f"arn:aws:iam::000000000000:role/{SOME}"),
    ("iam:PutRolePolicy", f"arn:aws:iam::000000000000:role/{SOME}"),
    ("iam:AttachRolePolicy", f"arn:aws:iam::000000000000:role/{SOME}"),
    ("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::000000000000:role/{SOME}"),
    ("iam:DeleteRole", f"arn:aws:iam::000000000000:role/{SOME}"),
    ("iam:CreatePolicy", f"arn:aws:iam::000000000000:policy/{SOME}"),
    ("iam:CreatePolicyVersion", f"arn:aws:iam::000000000000:policy/{SOME}"),
)
_DATA_LAKE_ADMINISTRATION: Final = (
    ("lakeformation:PutDataLakeSettings", None),
    ("lakeformation:GrantPermissions", None),
    ("lakeformation:RegisterResource", None),
    ("glue:PutDataCatalogEncryptionSettings", None),
    ("glue:PutResourcePolicy", f"arn:aws:glue:{_HERE}:catalog"),
    ("glue:DeleteDatabase", f"arn:aws:glue:{_HERE}:database/{SOME}"),
    ("s3:PutBucketPolicy", ANY_BUCKET),
    ("s3:DeleteBucket", ANY_BUCKET),
)
_UNTOLD: Final[Context] = {}
Found = tuple[str, Grant]


def deployment(permissions: Permissions) -> tuple[Found, ...]:
    """The actions that change any endpoint, or those whose name says production; undecided as `known_first` is."""

    def to_production(action: str) -> Found | None:
        def may(name: str) -> Grant | None:
            return permissions.grant(action, f"arn:aws:sagemaker:{_HERE}:endpoint/{name}")

        anything, production = may(SOME), [may(name) for name in _PRODUCTION]
        granted = [one for one in production if one]
        # Where anything else is allowed and some production names are not, somebody kept production out on purpose.
        return (action, granted[0]) if granted and (len(granted) == len(production) or not anything) else None

    return known_first(_DEPLOYMENT, to_production)


def approval(permissions: Permissions) -> tuple[Found, ...]:
    """The action that approves a model's version, where it may be of any model; undecided as `known_first` is."""
    package = f"arn:aws:sagemaker:{_HERE}:model-package/{SOME}/{SOME}"
    return _granted(permissions, [("sagemaker:UpdateModelPackage", package)], _APPROVED)


def iam_administration(permissions: Permissions) -> tuple[Found, ...]:
    """The actions that manage any user, role or policy; undecided as `known_first` is."""
    return _granted(permissions, _IAM_ADMINISTRATION)


def data_lake_administration(permissions: Permissions) -> tuple[Found, ...]:
    """The actions that set who may use the data lake, or that remove parts of it; undecided as `known_first` is."""
    return _granted(permissions, _DATA_LAKE_ADMINISTRATION)


def reads_all_buckets(permissions: Permissions) -> tuple[Found, ...]:
    """The action that reads the objects of any bucket; undecided as `known_first` is."""
    return _granted(permissions, [("s3:GetObject", ANY_OBJECT)])


def writes_outside(permissions: Permissions, config: Config) -> tuple[tuple[str, Grant], ...]:
    """Sensitive buckets that it may write to though they are not for experiments; undecided as `known_first` is.

    Returns:
        each with "all buckets" or the bucket's name as the statement has it, with what may be written there.
    """

    def outside(bucket: str) -> bool:
        return bucket == "*" or (_is_one(bucket, config.sensitive_buckets) and not _is_for_experiments(bucket))

    def _is_for_experiments(bucket: str) -> bool:
        return _is_one(bucket, config.experiment_buckets)

    return writes_to(permissions, outside)


def writes_to(permissions: Permissions, is_meant: Callable[[str], bool]) -> tuple[tuple[str, Grant], ...]:
    """Buckets in which it may write or delete objects, as `writes_outside` has them.

    Args:
        is_meant: whether a bucket counts, by its name as a statement has it; `*` is all buckets.
    """

    def changes(probe: str) -> bool:
        return any(permissions.allows(action, probe) for action in ("s3:PutObject", "s3:DeleteObject"))

    def found(grant: Grant) -> Found | None:
        if not grant.statement.concerns("s3:PutObject") and not grant.statement.concerns("s3:DeleteObject"):
            return None
        for bucket, probe in _buckets(grant):
            if is_meant(bucket) and changes(probe):
                return "all buckets" if bucket == "*" else f"the bucket {bucket}", grant
        return None

    return known_first(permissions.grants, found)


def _buckets(grant: Grant) -> Iterator[tuple[str, str]]:
    """The buckets whose objects a statement is about, each with an ARN of any object there."""
    if grant.statement.not_resources:
        yield "*", ANY_OBJECT
    for pattern in known_first(grant.statement.resources, lambda one: one):
        if pattern.reaches(ANY_OBJECT):
            yield "*", ANY_OBJECT
            continue
        text = _shown(pattern)
        bucket, slash, _ = text.rpartition(":")[2].partition("/")
        if slash and (":s3:" in text or "${" in text):
            yield bucket, text.replace("*", SOME).replace("?", SOME)


def _shown(pattern: Pattern) -> str:
    """Its text, `…` for what is not known of it."""
    text = "".join("…" if part is None else part for part in pattern.parts)
    return pattern.text if text == "…" else text


def _is_one(name: str, globs: Iterable[str]) -> bool:
    plain = re.sub(rf"[${{}}{HOLE}]", "", name.lower())
    return any(fnmatchcase(plain, one.lower()) for one in globs)


def _granted(
    permissions: Permissions, asked: Iterable[tuple[str, str | None]], context: Context = _UNTOLD
) -> tuple[Found, ...]:
    def granted(one: tuple[str, str | None]) -> Found | None:
        grant = permissions.grant(one[0], one[1], context)
        return (one[0], grant) if grant else None

    return known_first(asked, granted)
