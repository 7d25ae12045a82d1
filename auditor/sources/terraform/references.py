"""What the references among a plan's expressions lead to: through variables and outputs of modules, to resources."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from auditor.sources.terraform.module import names_of
from auditor.values import Reference, Unknown

DATA: Final = "data."
_MAX_STEPS: Final = 60
"""Variables and outputs that one reference leads through."""

_KEY: Final = r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]'
KEYS: Final = re.compile(_KEY)
_MODULE: Final = re.compile(rf"module\.([\w-]+)({_KEY})?\.?")
_RESOURCE: Final = re.compile(rf"((?:data\.)?[\w-]+\.[\w-]+)({_KEY})?(?:\.([\w-]+))?")
_NAME: Final = re.compile(r"[\w-]+")
_OUTPUT: Final = re.compile(rf"module\.([\w-]+)({_KEY})?\.([\w-]+)")
_IDENTITY: Final = re.compile(
    r"(?:^|_)(?:id|arn|name|bucket|role|user|group|cluster|subnet|topic|queue|key|table|function|vpc|profile|domain|"
    r"database|workgroup|repository|service|instance|source|destination|environment|definition|identifier|"
    r"elb|balancer|queue_url|network_interface|(?:launch|security)_configuration|dimension|"
    r"(?:alarm|ok|insufficient_data)_action)(s?)$"
)
"""Arguments that take another resource's id, name or ARN as it is, and no text made of it."""

_ALSO: Final = frozenset(
    {
        ("aws_backup_selection", "resources"),
        ("aws_cloudwatch_event_target", "rule"),
        ("aws_lakeformation_data_lake_settings", "admins"),
    }
)
"""The same, by the resource's type, where what is called so takes texts elsewhere."""

_DOCUMENTS: Final = {"redrive_policy": "deadLetterTargetArn"}
"""Arguments that are JSON, of which only this member takes another resource's ARN."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One module's instance: its configuration, the beginning of its addresses, and where it is called.

    Attributes:
        key: that of the instance that asks: of a resource, or of a module.
    """

    module: Mapping[str, Any]
    prefix: str
    outer: _Place | None = None
    call: Mapping[str, Any] | None = None
    key: str = ""


class Addresses:
    """The resources of a plan by address, and what its configuration says of them."""

    def __init__(self, root: Mapping[str, Any], addresses: Iterable[str], scope: str) -> None:
        self._root = _Place(root, "")
        self._scope = scope
        self._instances: dict[str, list[str]] = defaultdict(list)
        for address in addresses:
            self._instances[_without_key(address)].append(address)
        self._resources: dict[int, dict[str, Mapping[str, Any]]] = {}

    def configuration(self, address: str) -> Mapping[str, Any]:
        """What the configuration says of a resource; nothing where it says nothing."""
        place, rest = self._place_of(address)
        return self._of_module(place.module).get(KEYS.sub("", rest), {}) if place else {}

    def meant(self, name: str, references: Sequence[str], address: str) -> Any:
        """What an unknown argument of a resource means: the resources that it refers to, else an unknown value."""
        found = list(self._found(references, address))
        known = [one for one in found if one is not None]
        only = known[0] if len(known) == len(found) == 1 else None
        unknown = Unknown(_reason(name, references), made_of=only)
        if name in _DOCUMENTS and only is not None and only.attribute == "arn":
            return {_DOCUMENTS[name]: only}
        if not _is_identity(name, address):
            return unknown
        if only is not None:
            return only
        if known and name.endswith("s"):
            return known if len(known) == len(found) else [*known, unknown]
        return unknown

    def policy(self, address: str, references: Sequence[str]) -> str | None:
        """The address of the policy data source that an argument is the document of."""
        for reference in _longest(references):
            found = _RESOURCE.match(reference)
            if found and found[1].startswith(f"{DATA}aws_iam_policy_document."):
                place, _ = self._place_of(address)
                instances = self._of(place, found[1], found[2] or "") if place else []
                return instances[0] if len(instances) == 1 else None
        return None

    # --- following references ---------------------------------------------------------------------------------------

    def _found(self, references: Sequence[str], address: str) -> Iterator[Reference | None]:
        place, rest = self._place_of(address)
        if place is None:
            return
        key = "".join(KEYS.findall(rest)[-1:])
        configuration = self._of_module(place.module).get(KEYS.sub("", rest), {})
        place = _Place(place.module, place.prefix, place.outer, place.call, key)
        for one in self._follow(references, place, configuration, _MAX_STEPS):
            yield Reference(one[0], one[1], self._scope) if one else None

    def _follow(
        self, references: Sequence[str], place: _Place, holder: Mapping[str, Any], steps: int
    ) -> Iterator[tuple[str, str | None] | None]:
        """The resources, each with the attribute, that references in an expression of `holder` lead to."""
        if steps <= 0:
            yield None
            return
        for reference in _longest(references):
            first, _, rest = reference.partition(".")
            if first in ("each", "count"):
                if rest.startswith("value"):
                    each = holder.get("for_each_expression")
                    yield from self._follow_one(each, rest.removeprefix("value"), place, holder, steps, within=True)
            elif first == "var":
                yield from self._of_variable(rest, place, steps)
            elif first == "module":
                yield from self._of_output(reference, place, steps)
            elif first in ("local", "path", "terraform", "data", "self"):
                yield None
            else:
                yield from self._of_resource(reference, place, steps)

    def _of_variable(self, rest: str, place: _Place, steps: int) -> Iterator[tuple[str, str | None] | None]:
        name = _NAME.match(rest)
        if place.outer is None or place.call is None or name is None:
            yield None
            return
        expression = mapping(place.call.get("expressions")).get(name[0])
        outer = place.outer
        called = "".join(KEYS.findall(place.prefix.rstrip("."))[-1:]) if place.prefix.endswith("].") else ""
        asking = _Place(outer.module, outer.prefix, outer.outer, outer.call, called)
        yield from self._follow_one(expression, rest[name.end() :], asking, place.call, steps)

    def _of_output(self, reference: str, place: _Place, steps: int) -> Iterator[tuple[str, str | None] | None]:
        found = _OUTPUT.match(reference)
        call = mapping(mapping(place.module.get("module_calls")).get(found[1])) if found else {}
        if not found or not call:
            yield None
            return
        key = found[2] or ("" if "for_each_expression" not in call and "count_expression" not in call else place.key)
        inner = mapping(call.get("module"))
        output = mapping(mapping(inner.get("outputs")).get(found[3]))
        below = _Place(inner, f"{place.prefix}module.{found[1]}{key}.", place, call)
        yield from self._follow_one(output.get("expression"), reference[found.end() :], below, {}, steps)

    def _follow_one(
        self,
        expression: Any,
        rest: str,
        place: _Place,
        holder: Mapping[str, Any],
        steps: int,
        *,
        within: bool = False,
    ) -> Iterator[tuple[str, str | None] | None]:
        """As `_follow`, for an argument that may not be there, or for what `rest` leads to `within` it.

        Where an argument is made of several references, which of them leads there isn't said.
        """
        found = list(_longest(references_of(expression)))
        if (rest or within) and len(found) > 1:
            yield None
        elif found:
            yield from self._follow([f"{one}{rest}" for one in found], place, holder, steps - 1)
        else:
            yield None

    def _of_resource(self, reference: str, place: _Place, steps: int) -> Iterator[tuple[str, str | None] | None]:
        found = _RESOURCE.match(reference)
        instances = self._of(place, found[1], found[2] or "") if found else []
        if not found or not instances:
            yield None
            return
        name, attribute = found[1], found[3]
        holder = self._of_module(place.module).get(name, {})
        written = mapping(holder.get("expressions")).get(attribute)
        for instance in instances:
            if references_of(written) and _takes_identity(name, attribute):
                own = _Place(place.module, place.prefix, place.outer, place.call, instance[len(place.prefix + name) :])
                yield from self._follow_one(written, "", own, holder, steps)
            else:
                yield instance, attribute

    def _of(self, place: _Place, name: str, key: str) -> list[str]:
        """The instances that a name means: the one of a key, that of the same key as who asks, or all."""
        instances = self._instances.get(f"{place.prefix}{name}", [])
        for wanted in (key, place.key):
            if wanted and f"{place.prefix}{name}{wanted}" in instances:
                return [f"{place.prefix}{name}{wanted}"]
        return [] if key else instances

    # --- finding places ---------------------------------------------------------------------------------------------

    def _place_of(self, address: str) -> tuple[_Place | None, str]:
        """The module's instance that an address is in, and the rest of the address."""
        place, rest = self._root, address
        while match := _MODULE.match(rest):
            call = mapping(mapping(place.module.get("module_calls")).get(match[1]))
            if not call:
                return None, rest
            prefix = f"{place.prefix}module.{match[1]}{match[2] or ''}."
            place = _Place(mapping(call.get("module")), prefix, place, call)
            rest = rest[match.end() :]
        return place, rest

    def _of_module(self, module: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        """The resources that a module's configuration declares, by address."""
        key = id(module)
        if key not in self._resources:
            declared = module.get("resources")
            entries = declared if isinstance(declared, list) else []
            self._resources[key] = {str(one.get("address")): one for one in entries if isinstance(one, dict)}
        return self._resources[key]


def _is_identity(name: str, address: str) -> bool:
    """Whether an argument of a resource takes what another one is known by."""
    kind = KEYS.sub("", address).rpartition(".")[0].rpartition(".")[2]
    return _IDENTITY.search(name) is not None or (kind, name) in _ALSO


def _takes_identity(name: str, attribute: str) -> bool:
    """Whether an attribute of a resource is not its own name, but an argument that takes another one's."""
    return _IDENTITY.search(attribute) is not None and attribute not in names_of(name.partition(".")[0])


def _without_key(address: str) -> str:
    """An address without the key of the resource itself."""
    found = re.search(rf"{_KEY}$", address)
    return address[: found.start()] if found else address


def _longest(references: Sequence[str]) -> Iterator[str]:
    """References without those that another one goes on from: Terraform lists `a.b.id` with `a.b`."""
    kept: list[str] = []
    for reference in references:
        if reference not in kept and not any(one.startswith((f"{reference}.", f"{reference}[")) for one in references):
            kept.append(reference)
            yield reference


def references_of(expression: Any) -> list[str]:
    """The references of one expression of a plan's configuration."""
    found = expression.get("references") if isinstance(expression, dict) else None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _reason(name: str, references: Sequence[str]) -> str:
    shown = list(_longest(references))
    if not shown:
        return f"{name} is known only after apply"
    return f"{name} depends on {', '.join(shown[:3])}, known only after apply"


def mapping(value: Any) -> Mapping[str, Any]:
    """A part of a plan where a map should be; an empty one where it is none."""
    return value if isinstance(value, dict) else {}
