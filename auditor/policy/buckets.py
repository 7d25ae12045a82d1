"""How wide a statement opens S3."""

from __future__ import annotations

from auditor.members import every, some
from auditor.policy.documents import Statement
from auditor.policy.patterns import Pattern
from auditor.policy.scope import ANY_BUCKET, ANY_OBJECT

# What only somebody who may do everything with a bucket may do.
_FULL = ("s3:DeleteBucket", "s3:PutBucketPolicy", "s3:GetObject", "s3:PutObject")
_DATA = (
    ("s3:GetObject", ANY_OBJECT, "reading the objects of all buckets"),
    ("s3:PutObject", ANY_OBJECT, "writing objects in all buckets"),
    ("s3:DeleteObject", ANY_OBJECT, "deleting objects in all buckets"),
    ("s3:ListBucket", ANY_BUCKET, "listing the objects of all buckets"),
)


def opens_s3(statement: Statement) -> str | None:
    """What of S3 it opens wide, to be read after "allows"; None where it opens nothing so.

    What allows everything in the account, and what is limited by a condition on tags and the like, does not count.

    Raises:
        Undecided: it depends on what is not known.
    """
    if not every(
        statement.allows,
        lambda: not statement.limits_what(),
        lambda: some((*_FULL, *(one[0] for one in _DATA)), statement.concerns),
        lambda: not statement.allows_everything(),
    ):
        return None
    if every(lambda: not some(_FULL, lambda one: not statement.concerns(one)), lambda: _is_about_s3(statement)):
        return "all actions of S3"
    for action, probe, what in _DATA:
        if every(lambda: statement.concerns(action), lambda: statement.reaches(probe)):  # noqa: B023 - called at once
            return what
    return None


def _is_about_s3(statement: Statement) -> bool:
    return bool(statement.not_resources) or some(statement.resources, _may_be_s3)


def _may_be_s3(pattern: Pattern) -> bool:
    pieces = pattern.sketch().split(":", 5)
    return len(pieces) < 3 or pieces[2] in ("s3", "*", "")
