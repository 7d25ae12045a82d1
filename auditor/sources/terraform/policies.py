"""What `data.aws_iam_policy_document` makes of its blocks.

See https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from auditor.sources.terraform.values import each
from auditor.values import ABSENT, Choice, Unknown

_VERSION: Final = "2012-10-17"


def document(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The policy document of a data source's properties; statements that are not known are unknown members."""
    sources = [*_listed(properties.get("source_json")), *_listed(properties.get("source_policy_documents"))]
    overrides = [*_listed(properties.get("override_json")), *_listed(properties.get("override_policy_documents"))]
    own = [_mapped(_statement, block) for block in _listed(properties.get("statement"))]
    statements: list[Any] = []
    for source in sources:
        statements += _statements(source)
    statements = _overridden(statements, own)
    for override in overrides:
        statements = _overridden(statements, _statements(override))
    result: dict[str, Any] = {"Version": properties.get("version") or _VERSION, "Statement": statements}
    if properties.get("policy_id"):
        result["Id"] = properties["policy_id"]
    return result


def _listed(value: Any) -> list[Any]:
    """The members of a list or set; one that is unknown as a whole is one unknown member."""
    if value is None:
        return []
    if isinstance(value, list):
        return value
    if type(value) is Choice:
        then, otherwise = _listed(value.then), _listed(value.otherwise)
        length = max(len(then), len(otherwise))
        pairs = zip(*(side + [ABSENT] * (length - len(side)) for side in (then, otherwise)), strict=True)
        return [pair[0] if pair[0] == pair[1] else Choice(value.condition, *pair) for pair in pairs]
    return [value]


def _mapped(function: Callable[[Any], Any], value: Any) -> Any:
    return each(lambda settled: settled if type(settled) is Unknown else function(settled), value)


def _statement(block: Any) -> Any:
    if block is ABSENT:
        return block
    if not isinstance(block, Mapping):
        return Unknown("a statement is not known")
    result: dict[str, Any] = {}
    if block.get("sid"):
        result["Sid"] = block["sid"]
    effect = block.get("effect")
    result["Effect"] = "Allow" if effect is None else effect
    for name, element in _ELEMENTS.items():
        value = block.get(name)
        if value is not None and value != []:
            result[element] = _mapped(_alone, value)
    for name, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if block.get(name):
            result[element] = _principals(_listed(block[name]))
    if block.get("condition"):
        result["Condition"] = _conditions(_listed(block["condition"]))
    return result


_ELEMENTS: Final = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def _alone(members: Any) -> Any:
    return members[0] if isinstance(members, list) and len(members) == 1 else members


def _principals(blocks: list[Any]) -> Any:
    result: dict[str, list[Any]] = {}
    for block in blocks:
        kind = block.get("type") if isinstance(block, Mapping) else None
        if not isinstance(kind, str):
            return block if type(block) is Unknown else Unknown("the principals depend on what is not known")
        result.setdefault(kind, []).extend(_listed(block.get("identifiers")))
    if list(result) == ["*"] and result["*"] == ["*"]:
        return "*"
    return {kind: _alone(members) for kind, members in result.items()}


def _conditions(blocks: list[Any]) -> Any:
    result: dict[str, dict[str, Any]] = {}
    for block in blocks:
        test, key = (block.get(name) if isinstance(block, Mapping) else None for name in ("test", "variable"))
        if not isinstance(test, str) or not isinstance(key, str):
            return block if type(block) is Unknown else Unknown("the condition depends on what is not known")
        values = result.setdefault(test, {}).setdefault(key, [])
        values.extend(_listed(block.get("values")))
    return {test: {key: _alone(values) for key, values in keys.items()} for test, keys in result.items()}


def _statements(policy: Any) -> list[Any]:
    """The statements of a policy given as JSON, or as what it means."""
    if isinstance(policy, str):
        try:
            policy = json.loads(policy) if policy else {}
        except (ValueError, RecursionError):
            return [Unknown("a source policy document is not known")]
    if isinstance(policy, Mapping):
        return _listed(policy.get("Statement"))
    if policy is None:
        return []
    return [policy if type(policy) is Unknown else Unknown("a source policy document depends on a condition")]


def _overridden(statements: list[Any], others: list[Any]) -> list[Any]:
    """Statements with others after them, which replace those of the same name."""
    names = [_sid(statement) for statement in statements]
    result = list(statements)
    for other in others:
        name = _sid(other)
        if name and name in names:
            result[names.index(name)] = other
        else:
            result.append(other)
            names.append(None)
    return result


def _sid(statement: Any) -> Any:
    return statement.get("Sid") if isinstance(statement, Mapping) else None
