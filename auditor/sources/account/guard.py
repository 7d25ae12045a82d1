"""The read-only guard: an operation that nobody declared is refused before anything of it leaves the process.

It hooks the event emitter of a botocore session, which every client made from that session afterwards copies. What is
covered: calls of client methods, paginators, waiters and boto3 resources; presigned URLs, presigned POSTs and signed
tokens (RDS, Redshift); botocore's own extra calls, such as the role assumed for a profile; requests handed straight to
a client's endpoint or signer. Not covered: clients made before the guard, other sessions, other HTTP libraries; the
account source makes none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

CORE_OPERATIONS = frozenset({"sts:GetCallerIdentity", "ec2:DescribeRegions"})
"""What every scan of an account calls, whatever is collected."""

SIGN_IN_OPERATIONS = frozenset(
    {
        "sts:AssumeRole",
        "sts:AssumeRoleWithWebIdentity",
        "sts:AssumeRoleWithSAML",
        "sso:GetRoleCredentials",
        "sso-oidc:CreateToken",
        "signin:CreateOAuth2Token",
    }
)
"""How botocore turns a profile into temporary credentials. They change nothing in the account."""

_READ_VERBS = re.compile(r"(BatchDescribe|BatchGet|Describe|Get|Head|List|Lookup|Search|Simulate)(?=[A-Z])")
_READS_ALL_THE_SAME = frozenset({"iam:GenerateCredentialReport"})  # asks IAM to refresh the report that we then get


class OperationRefused(Exception):
    """Code tried an API operation that is not declared. Not a botocore error, so that nobody catches it by accident."""


def require_read_only(operation: str) -> None:
    """Refuse a declaration that could change something, judged by its verb.

    Raises:
        ValueError: `operation` (`service:Operation`) does not start with a verb that reads.
    """
    if operation not in _READS_ALL_THE_SAME and not _READ_VERBS.match(operation.partition(":")[2]):
        raise ValueError(f"{operation} is not a read operation; a collector can only declare what reads")


class Guard:
    """Lets only permitted operations pass.

    An operation shows itself first with its model, which is where its name is compared. Later events of the same
    request only carry the service's id as botocore writes it in events, so what came in by the first is remembered;
    a request that skipped it (a signer or endpoint used directly) is refused there.
    """

    def __init__(self, permitted: Iterable[str]) -> None:
        self.permitted = frozenset(permitted)
        self._admitted: set[str] = set()

    def on_call(self, event_name: str, model: Any, **_: Any) -> None:
        """Before parameters are built: `<event>.<service id>.<Operation>` with the operation's model."""
        operation = f"{model.service_model.service_name}:{model.name}"
        if operation not in self.permitted:
            raise OperationRefused(f"{operation} is not declared by any collector, so it was not called")
        self._admitted.add(_subject(event_name))

    def on_request(self, event_name: str, **_: Any) -> None:
        """Before a request is created, or signed."""
        if _subject(event_name) not in self._admitted:
            raise OperationRefused(
                f"{_subject(event_name)} was about to be sent or signed without having been declared"
            )


def guard(session: Any, operations: Iterable[str]) -> frozenset[str]:
    """Let clients that `session` makes from now on call only `operations` and what signing in needs.

    A session that is guarded again permits both sets.

    Args:
        session: a `boto3.Session`.
        operations: each as `service:Operation`.

    Returns:
        All that it permits, written in the same way.
    """
    emitter = session.events
    wanted = {*operations, *CORE_OPERATIONS, *SIGN_IN_OPERATIONS}
    known = _GUARDS.get(emitter)
    if known:
        known.permitted |= wanted
        return known.permitted
    made = _GUARDS[emitter] = Guard(wanted)
    for event in ("provide-client-params", "before-parameter-build", "before-call"):
        emitter.register_first(event, made.on_call)
    for event in ("choose-signer", "before-sign", "request-created"):
        emitter.register_first(event, made.on_request)
    return made.permitted


_GUARDS: WeakKeyDictionary[Any, Guard] = WeakKeyDictionary()


def _subject(event_name: str) -> str:
    """`s3.ListBuckets` of `before-call.s3.ListBuckets`."""
    return event_name.partition(".")[2]
