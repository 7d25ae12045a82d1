"""What policies of AWS's own permit: those that roles of ML and data platforms have.

`managed.txt` is a copy of AWS's published documents, as neither a template nor the listing of an account's own policies
has them. One that is not in it is undecided, never empty.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from auditor.members import distinct, known_first
from auditor.policy.documents import Policy
from auditor.policy.patterns import HOLE, Pattern, patterns
from auditor.raw import Raw
from auditor.resources.iam import Group, Role, User
from auditor.values import Undecided

_OF_AWS = ":iam::aws:policy/"


def name_of(arn: str) -> str | None:
    """The name of the policy of AWS's that an ARN means, without its path; None for a customer's."""
    head, found, path = arn.partition(_OF_AWS)
    return path.rpartition("/")[2] if found and head.startswith("arn:") else None


def document(name: str, holder: Raw) -> Policy:
    """What a policy of AWS's permits.

    Args:
        name: without its path.
        holder: the resource that it is attached to, where findings about it stand.

    Raises:
        Undecided: it is none of those that are known here.
    """
    text = _documents().get(name)
    if text is None:
        raise Undecided(f"what AWS's policy {name} permits is not known here")
    return Policy.from_raw('{"Statement":' + text + "}", holder, ("ManagedPolicyArns",))


def attached_to(identity: Role | User | Group) -> tuple[str, ...]:
    """The ARNs of the managed policies attached to it, each once, undecided as `known_first` is.

    AWS's own in a partition that a template leaves open (`arn:${AWS::Partition}:iam::aws:...`) are the same in all.
    """

    def arn(pattern: Pattern) -> str:
        sketch = pattern.sketch()
        return sketch.replace(HOLE, "aws", 1) if sketch.startswith(f"arn:{HOLE}{_OF_AWS}") else pattern.text

    given = [identity.given("managed_policy_arns"), *identity.given_apart("managed_policy_arns")]
    return distinct(known_first(patterns(given), arn))


@cache
def _documents() -> dict[str, str]:
    text = Path(__file__).with_name("managed.txt").read_text(encoding="utf-8")
    lines = (line.partition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: document for name, _, document in lines}
