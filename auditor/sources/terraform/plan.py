"""Terraform plans as raw resources: what `terraform show -json` prints of one; OpenTofu's are the same.

See https://developer.hashicorp.com/terraform/internals/json-format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from auditor.raw import Collected, Location, Notice, Origin, Raw, Scope
from auditor.resources.base import TYPES
from auditor.sources.documents import Malformed
from auditor.sources.kinds import BINARY_PLAN, HEAD, MAX_PLAN
from auditor.sources.terraform import awscc
from auditor.sources.terraform.beside import Beside, PlannedOrigin, WholePlan
from auditor.sources.terraform.blocks import blocks_of
from auditor.sources.terraform.module import names_of
from auditor.sources.terraform.planned import Planned
from auditor.sources.terraform.policies import document
from auditor.sources.terraform.references import Addresses, mapping, references_of
from auditor.sources.terraform.resources import merged_tags
from auditor.values import Unknown

_VERSION: Final = re.compile(r"1\.\d+")
_GONE: Final = ("delete", "forget")
_IDENTITIES: Final = ("id", "arn", "key_id", "url")
_AWS: Final = ("/aws", "/awscc")


def collect_plans(paths: Sequence[str], *, account: str | None = None, region: str | None = None) -> Collected:
    """Read plans as JSON.

    What deployment decides is unknown, or a reference where the plan says what to. The `.tf` files that stand beside a
    plan say where its resources are declared, and what its unknown values are made of.

    Args:
        paths: the plans.
        account: account id that they are meant for.
        region: region that they are meant for, where their providers do not say.

    Returns:
        Their resources, without those that they delete. What could not be read is among the notices.
    """
    collected = Collected()
    for path in paths:
        try:
            data = _load(path)
        except Malformed as error:
            collected.notices.append(Notice("error", error.message, error.location))
            collected.inputs.append({"kind": "plan", "name": path, "resources": 0, "error": error.message})
        else:
            _Plan(path, data, account, region).add_to(collected)
    return collected


def _load(path: str) -> Mapping[str, Any]:
    """A plan's data.

    Raises:
        Malformed: it can't be read, or is no plan that is understood.
    """
    here = Location(path)
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(MAX_PLAN + 1)
    except OSError as error:
        raise Malformed(f"cannot be read: {error.strerror}", here) from None
    if content.startswith(BINARY_PLAN):
        raise Malformed("is a plan in Terraform's binary form: scan what `terraform show -json FILE` prints", here)
    if len(content) > MAX_PLAN:
        raise Malformed(f"is larger than {MAX_PLAN / 1e6:.0f} MB, the largest plan that is read", here)
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        if b'"@level"' in content[:HEAD]:
            raise Malformed("is a log of Terraform: scan what `terraform show -json PLAN` prints", here) from None
        if isinstance(error, json.JSONDecodeError) and error.msg == "Extra data":
            raise Malformed("holds several documents: write each plan to a file of its own", here) from None
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep, or not UTF-8 text"
        raise Malformed(f"is not valid JSON: {reason}", here) from None
    if not isinstance(data, dict) or "lineage" in data or ("resource_changes" not in data and "values" in data):
        raise Malformed("is a state, not a plan: scan what `terraform show -json PLAN` prints", here)
    version = data.get("format_version")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        message = "plans of version 1.x are understood, which Terraform 1.1 and OpenTofu and newer ones make"
        raise Malformed(f"is a plan of format version {version}; {message}", here)
    return data


class _Plan:
    """One plan: its resources as `Raw`."""

    def __init__(self, file: str, data: Mapping[str, Any], account: str | None, region: str | None) -> None:
        self.file = file
        self._notices = list(_incomplete(data, Location(file)))
        self._changes = [change for change in _members(data.get("resource_changes")) if _stays(change)]
        self._configuration = mapping(data.get("configuration"))
        variables = {
            name: entry.get("value") for name, entry in mapping(data.get("variables")).items() if mapping(entry)
        }
        root = mapping(self._configuration.get("root_module"))
        self._providers = mapping(self._configuration.get("provider_config"))
        self._variables = variables
        self._account, self._region = account, region
        self._scopes: dict[str | None, Scope] = {}
        self._scope = self._scope_of("aws")
        self._addresses = Addresses(root, [change["address"] for change in self._changes], file)
        self._data = {change["address"]: change for change in self._changes if change.get("mode") == "data"}
        self._beside = Beside.of(file, root, variables, self._scope)

    def add_to(self, collected: Collected) -> None:
        """Add its resources, and what it holds besides."""
        managed = [change for change in self._changes if change.get("mode") != "data"]
        others = [change for change in managed if not _is_aws(change)]
        raws = [raw for change in managed if _is_aws(change) for raw in self._raw(change)]
        collected.raws += raws
        entry: dict[str, Any] = {
            "kind": "plan",
            "name": self.file,
            "files": self._beside.files,
            "resources": len(raws),
            "resolved": sum(not _holds_unknown(raw.properties) for raw in raws),
        }
        of_other_types = len(others) + sum(raw.type not in TYPES for raw in raws)
        if of_other_types and TYPES:
            entry["of_other_types"] = of_other_types
        collected.inputs.append(entry)
        collected.notices += self._notices
        if others and not raws:
            names = ", ".join(sorted({str(change.get("provider_name")) for change in others}))
            message = f"holds no resources of AWS's providers, only of {names}"
            collected.notices.append(Notice("warning", message, Location(self.file)))

    def _raw(self, change: Mapping[str, Any]) -> Iterator[Raw]:
        address, kind = change["address"], change["type"]
        declared = self._beside.resource(address)
        configuration = self._addresses.configuration(address)
        values = self._values(change, configuration, declared.properties if declared else None)
        provider = mapping(self._providers.get(configuration.get("provider_config_key", "aws")))
        properties = _with_all_tags(values, mapping(change["change"]), _default_tags(provider))
        names = _names(kind, properties)
        dialect = "tf"
        if kind.startswith(awscc.PREFIX):
            cloudformation = awscc.cloudformation_type(kind)
            if cloudformation is None:
                return
            kind, dialect = cloudformation, "cfn"
            properties = awscc.cloudformation_properties(kind, properties)
        yield Raw(
            type=kind,
            id=address,
            properties=properties,
            scope=self._scope_of(configuration.get("provider_config_key")),
            origin=self._origin(address, properties),
            dialect="cfn" if dialect == "cfn" else "tf",
            names=names,
            volatile=declared is not None and declared.volatile,
            provider=str(configuration.get("provider_config_key", "")),
        )

    def _values(
        self, change: Mapping[str, Any], configuration: Mapping[str, Any], declared: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        def unknown(name: str, references: Sequence[str]) -> Any:
            policy = self._policy(change["address"], references)
            return policy or self._addresses.meant(name, references, change["address"])

        expressions = mapping(configuration.get("expressions")) if configuration else None
        return Planned(unknown, blocks_of(change["type"])).block(mapping(change["change"]), expressions, declared)

    def _policy(self, address: str, references: Sequence[str]) -> Any:
        """The document of the policy data source that references lead to; None where they lead to none."""
        found = self._data.get(self._addresses.policy(address, references) or "")
        if found is None:
            return None
        return document(self._values(found, self._addresses.configuration(found["address"]), None))

    def _origin(self, address: str, properties: Mapping[str, Any]) -> Origin:
        declared = self._beside.nearest(address)
        return PlannedOrigin(declared, properties) if declared else WholePlan(self.file)

    def _scope_of(self, provider: Any) -> Scope:
        """The plan's scope, in the region of a provider of its configuration."""
        key = provider if isinstance(provider, str) else "aws"
        if key not in self._scopes:
            region = self._provider_region(mapping(self._providers.get(key))) or self._region
            self._scopes[key] = Scope(Path(self.file).as_posix(), "template", self._account, region)
        return self._scopes[key]

    def _provider_region(self, provider: Mapping[str, Any]) -> str | None:
        written = mapping(mapping(provider.get("expressions")).get("region"))
        value = written.get("constant_value")
        for reference in references_of(written):
            if reference.startswith("var.") and not provider.get("module_address"):
                value = self._variables.get(reference.removeprefix("var."))
        return value if isinstance(value, str) else None


def _incomplete(data: Mapping[str, Any], here: Location) -> Iterator[Notice]:
    """That a plan does not hold all that its configuration declares, where it says so."""
    if data.get("errored") is True:
        yield Notice("error", "is a plan that ended in an error, so that it lacks resources: plan again", here)
    elif data.get("complete") is False:
        message = "is a plan of a part only (-target, or changes that Terraform puts off); what it lacks is not judged"
        yield Notice("warning", message, here)


def _stays(change: Any) -> bool:
    """Whether an entry of `resource_changes` is about something that there is after the plan."""
    if not isinstance(change, dict) or not isinstance(change.get("address"), str):
        return False
    if not isinstance(change.get("type"), str) or "deposed" in change:
        return False
    what = mapping(change.get("change"))
    actions = _members(what.get("actions"))
    return not (actions and all(action in _GONE for action in actions)) and isinstance(what.get("after"), dict)


def _is_aws(change: Mapping[str, Any]) -> bool:
    return str(change.get("provider_name", "/aws")).endswith(_AWS)


def _names(kind: str, properties: Mapping[str, Any]) -> tuple[Any, ...]:
    """Every name that the plan knows; an unknown one where the author gave one that is not known yet."""
    found = [properties[name] for name in _IDENTITIES if isinstance(properties.get(name), str)]
    given = next((properties[name] for name in names_of(kind) if properties.get(name) is not None), None)
    if isinstance(given, str | Unknown):
        found.append(given)
    return tuple(dict.fromkeys(found))


def _with_all_tags(values: dict[str, Any], change: Mapping[str, Any], defaults: Any) -> dict[str, Any]:
    """The properties with the tags that the provider adds to all, which a plan leaves out where some are not known."""
    everything, own = values.pop("tags_all", None), values.get("tags")
    if isinstance(everything, dict) and everything not in ({}, own):
        if not isinstance(own, Unknown):
            values["tags"] = everything
    elif defaults is not None and any("tags_all" in mapping(change.get(tree)) for tree in ("after", "after_unknown")):
        values["tags"] = merged_tags(defaults, own)
    return values


def _default_tags(provider: Mapping[str, Any]) -> Any:
    """The tags that a provider adds to all, unknown where they are made of something; None where there are none."""
    blocks = _members(mapping(provider.get("expressions")).get("default_tags"))
    written = mapping(mapping(blocks[0]).get("tags")) if blocks else {}
    if references_of(written):
        return Unknown("the provider's default_tags may hold more, known only after apply")
    found = written.get("constant_value")
    return found if isinstance(found, dict) else None


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_unknown, value.values()))
    return any(map(_holds_unknown, value)) if isinstance(value, list) else type(value) is Unknown


def _members(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
