"""Inspector: what it scans in a region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.values import ABSENT, Unknown

# BatchGetAccountStatus: the member of an account's resource state, and the name that enabling it takes.
_KINDS = {
    "Ec2": "EC2",
    "Ecr": "ECR",
    "Lambda": "LAMBDA",
    "LambdaCode": "LAMBDA_CODE",
    "CodeRepository": "CODE_REPOSITORY",
}


@collector("inspector2", types=("api:Inspector2::Enabler",), operations=("BatchGetAccountStatus",), pascal=True)
def enabler(api: Api) -> Iterator[Raw]:
    """What Inspector scans of this account."""
    answer = api.ask("BatchGetAccountStatus", resource=api.account, accountIds=[api.account])
    arn = f"arn:{api.partition}:inspector2:{api.region}:{api.account}:enabler"
    yield api.raw("api:Inspector2::Enabler", arn, {"ResourceTypes": _enabled(answer)}, title="Inspector")


def _enabled(answer: Any) -> Any:
    if isinstance(answer, Unknown) or answer is ABSENT:
        return answer
    for account in answer.get("Accounts", ()):
        states = account.get("ResourceState", {})
        return [name for key, name in _KINDS.items() if states.get(key, {}).get("Status") == "ENABLED"]
    code = next((failed.get("ErrorCode") for failed in answer.get("FailedAccounts", ())), "no answer")
    return Unknown(f"Inspector does not tell the account's status ({code})")
