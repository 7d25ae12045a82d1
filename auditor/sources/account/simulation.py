"""Whether the principal that the credentials belong to may do what a scan needs, as IAM's policy simulator says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from auditor.errors import UsageError
from auditor.sources.account.calls import Calls
from auditor.sources.account.failures import CallFailed, Halt
from auditor.sources.account.permissions import place
from auditor.sources.account.session import Identity, identify, open_session, start_region

OPERATIONS = frozenset({"iam:SimulatePrincipalPolicy", "iam:GetRole"})
"""What asking takes beside what every scan calls; only a session opened for it may."""

_AT_ONCE = 100  # actions a call, so that none comes near the largest request


def lacking(
    actions: Iterable[str],
    *,
    profile: str | None = None,
    role_arn: str | None = None,
    external_id: str | None = None,
    session: Any = None,
) -> tuple[str, list[str]]:
    """The principal, and those of the actions that it is not allowed, sorted.

    The simulator knows identity policies, permission boundaries and most service control policies. It does not know
    session policies, resource policies or conditions on who asks from where.

    Args:
        actions: IAM actions, such as `s3:ListAllMyBuckets`.
        profile, role_arn, external_id, session: see `session.open_session`.

    Raises:
        UsageError: the credentials cannot be used, are of a kind that IAM does not simulate, or may not ask.
    """
    session = open_session(profile, role_arn, external_id, session=session, operations=OPERATIONS)
    calls = Calls(session, Halt())
    region = start_region(session, None, role_arn)
    identity = identify(calls.client("sts", region), region)
    source = _source(calls, identity)
    by_place: dict[str, list[str]] = defaultdict(list)
    for action in sorted(actions):
        by_place[place(action)].append(action)
    missing = [
        result["EvalActionName"]
        for where, wanted in by_place.items()
        for start in range(0, len(wanted), _AT_ONCE)
        for result in _simulated(calls, identity, source, wanted[start : start + _AT_ONCE], where)
        if result["EvalDecision"] != "allowed"
    ]
    return source, sorted(missing)


def _source(calls: Calls, identity: Identity) -> str:
    """The ARN whose policies are simulated: the user, or the role that was assumed."""
    kind, _, name = identity.arn.split(":", 5)[5].partition("/")
    if kind == "user":
        return identity.arn
    if kind == "assumed-role":
        role = name.partition("/")[0]
        try:  # the session's ARN lacks the role's path
            return str(calls.call("iam", identity.home, "GetRole", "Role.Arn", {"RoleName": role}))
        except CallFailed as failed:
            if not failed.gap.denied:
                raise UsageError(f"The role {role} cannot be read: {failed}") from failed
            return f"arn:{identity.partition}:iam::{identity.account}:role/{role}"
    if kind == "root":
        raise UsageError(f"{identity.arn} is the root user, whose permissions IAM does not simulate: it lacks none.")
    raise UsageError(f"IAM does not simulate what {identity.arn} may do; verify as a user or with an assumed role.")


def _about(where: str, identity: Identity) -> dict[str, list[str]]:
    """Which resource is asked about: one of a place, as the simulator knows no wildcards in partition and region."""
    if where == "*":
        return {}
    _, _, service, _, account, name = where.split(":", 5)
    return {"ResourceArns": [f"arn:{identity.partition}:{service}:{identity.home}:{account}:{name}"]}


def _simulated(
    calls: Calls, identity: Identity, source: str, actions: list[str], where: str
) -> Iterator[dict[str, Any]]:
    params = {"PolicySourceArn": source, "ActionNames": actions, **_about(where, identity)}
    try:
        yield from calls.pages("iam", identity.home, "SimulatePrincipalPolicy", "EvaluationResults", params)
    except CallFailed as failed:
        hint = " Allow it iam:SimulatePrincipalPolicy, also on itself, to ask." if failed.gap.denied else ""
        raise UsageError(f"IAM does not tell what {source} may do: {failed}.{hint}") from failed
