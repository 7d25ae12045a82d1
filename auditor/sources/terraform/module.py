"""A module's instance: its variables, local values, resources, data sources, modules and outputs, when asked for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from auditor.raw import Location, Scope
from auditor.sources.terraform.configuration import Configuration, Reader
from auditor.sources.terraform.data import data_value
from auditor.sources.terraform.evaluate import Context, evaluate
from auditor.sources.terraform.expansion import Expansion, expand
from auditor.sources.terraform.files import File
from auditor.sources.terraform.installed import Installed
from auditor.sources.terraform.properties import Properties
from auditor.sources.terraform.syntax import Attribute, Block, Expression, Literal, Member, Name, Object
from auditor.sources.terraform.types import converted
from auditor.sources.terraform.values import BadArgument, Failure, Thing
from auditor.sources.terraform.world import MAX_INSTANCES, World
from auditor.sources.truths import Truth, combined
from auditor.values import Every, Reference, Unknown


class First:
    """A first name, such as `var`, of which members are read."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self.member = read

    def settled(self) -> Any:
        """See `Thing`."""
        return Unknown("it is no value")


class Instance:
    """One instance of a resource or of a data source.

    Attributes:
        module, block: where and how it is declared.
        address: such as `module.a.aws_s3_bucket.b["x"]`.
        names: `each` or `count`, where it has one.
        exists: whether it is created.
    """

    def __init__(self, module: Module, block: Block, address: str, names: Mapping[str, Any], exists: Truth) -> None:
        self.module = module
        self.block = block
        self.address = address
        self.names = {**names, "self": self}
        self.exists = exists

    @property
    def scope(self) -> Scope:
        """See `Module.scope_of`."""
        return self.module.scope_of(self.block)

    @property
    def declared(self) -> tuple[str, ...]:
        """The block that it is an instance of, as a key for all configurations."""
        return (self.module.configuration.folder, *self.block.labels)

    @property
    def type(self) -> str:
        """Its type, such as `aws_s3_bucket`."""
        return self.block.labels[0]

    def settled(self) -> Any:
        """See `Thing`."""
        if self.block.type == "data":
            return Unknown(f"{self.address} is read at deployment")
        return Reference(self.address, None, self.module.world.scope.name)

    def member(self, name: str) -> Any:
        """See `Thing`."""
        if self.block.type == "data":
            return data_value(self, name)
        value = self.written(name)
        if value is None or isinstance(value, Reference):
            return value or self.reference(name)
        return self.reference(name) if name in names_of(self.type) else value

    def reference(self, attribute: str) -> Reference:
        """What deployment makes of one of its attributes."""
        return Reference(self.address, attribute, self.module.world.scope.name)

    def written(self, name: str) -> Any:
        """The value of one of its arguments, or of its blocks of that type; None where it has none."""
        attribute = self.block.body.attributes.get(name)
        if attribute:
            return self.module.once((self.address, name), f"{self.address}.{name}", attribute, self.names)
        if any(name in (block.type, *block.labels) for block in self.block.body.blocks):
            return self.module.blocks_of(self, name)
        return None


def names_of(kind: str) -> tuple[str, ...]:
    """The arguments that name a resource of a type; the first that it has counts."""
    last = kind.split("_", 2)[-1]
    return (
        f"{last}_name",
        f"{last.rpartition('_')[2]}_name",
        f"{last}_identifier",
        *(("bucket",) if kind in ("aws_s3_bucket", "aws_s3_directory_bucket") else ()),
        *(("resource_id",) if kind == "aws_appautoscaling_target" else ()),
        "name",
        "identifier",
        "cluster_identifier",
        "replication_group_id",
        "cluster_id",
        "family",
        "domain",
    )


class Module:
    """One instance of a module.

    Attributes:
        world: what all modules of the configuration share.
        configuration: its folder.
        prefix: begins the addresses of what is in it: empty, or `module.a["x"].`.
        parent, call: the module that calls it, and the block; None for the root.
        exists: whether it is created.
    """

    def __init__(
        self,
        world: World,
        configuration: Configuration,
        given: Mapping[str, Any],
        reader: Reader,
        installed: Installed,
    ) -> None:
        """The root module; `given` are its variables' values."""
        self.world = world
        self.configuration = configuration
        self.prefix = ""
        self.parent: Module | None = None
        self.call: Block | None = None
        self.names: Mapping[str, Any] = {}
        self.exists: Truth = True
        self._given = given
        self._reader = reader
        self._installed = installed
        self._expansions: dict[tuple[str, ...], Expansion] = {}

    def _child(
        self, configuration: Configuration, call: Block, key: str, names: Mapping[str, Any], exists: Truth
    ) -> Module:
        child = Module(self.world, configuration, {}, self._reader, self._installed)
        child.prefix = f"{self.prefix}module.{call.labels[0]}{key}."
        child.parent, child.call, child.names = self, call, names
        child.exists = combined(Every, [self.exists, exists])
        return child

    # --- evaluating -------------------------------------------------------------------------------------------------

    def value(self, attribute: Attribute, names: Mapping[str, Any]) -> Any:
        """The value of an argument; unknown, with a notice, where it has none."""
        return self._attempt(attribute, attribute.value, names)

    def _attempt(self, attribute: Attribute, node: Expression, names: Mapping[str, Any]) -> Any:
        file = attribute.file
        try:
            return evaluate(node, Context(self.world, self, file, names))
        except Failure as failure:
            self.world.warn(failure.message, file.span(failure.node.start, failure.node.end))
            return Unknown(f"{attribute.name} in line {file.position(node.start)[0]} has no value: {failure.message}")

    def once(self, key: tuple[str, ...], label: str, attribute: Attribute, names: Mapping[str, Any]) -> Any:
        """As `value`, but evaluated once; `label` is how a person calls it."""
        where = attribute.file.span(attribute.start, attribute.end)
        return self.world.once((self.prefix, *key), label, where, lambda: self.value(attribute, names))

    def context(self, file: File, names: Mapping[str, Any]) -> Context:
        """Where an expression of one of its files stands."""
        return Context(self.world, self, file, names)

    def first(self, name: str) -> Any:
        """What a first name stands for.

        Raises:
            BadArgument: nothing.
        """
        match name:
            case "var":
                return First(self.variable)
            case "local":
                return First(self.local)
            case "module":
                return First(self.module)
            case "path":
                return First(self._path)
            case "terraform":
                return First(lambda name: Unknown(f"terraform.{name} is known only when Terraform runs"))
            case "ephemeral":
                return First(lambda kind: First(lambda name: Unknown(f"ephemeral.{kind}.{name} is read at deployment")))
            case "data":
                return First(lambda kind: First(lambda name: self.resource("data", kind, name)))
            case "resource":
                return First(lambda kind: First(lambda name: self.resource("resource", kind, name)))
            case "each" | "count" | "self":
                raise BadArgument(f"{name} has no meaning here")
        if "_" not in name and not any(block.labels[0] == name for block in self.configuration.of("resource")):
            raise BadArgument(f"{name} has no meaning here; a text stands between double quotes")
        return First(lambda label: self.resource("resource", name, label))

    def _path(self, name: str) -> Any:
        match name:
            case "module":
                return os.path.relpath(self.configuration.folder, self.world.folder).replace(os.sep, "/")
            case "root":
                return "."
        return Unknown(f"path.{name} is known only when Terraform runs")

    # --- values -----------------------------------------------------------------------------------------------------

    def _missing(self, what: str) -> Unknown:
        """What is asked for but not declared: an error, unless it may stand in a file that could not be read."""
        if self.configuration.broken:
            return Unknown(f"{what} may be declared in a file that could not be read")
        raise BadArgument(f"there is no {what} in {self.configuration.folder}")

    def local(self, name: str) -> Any:
        """`local.name`."""
        attribute = self.configuration.locals.get(name)
        if attribute is None:
            return self._missing(f"local.{name}")
        return self.once(("local", name), f"{self.prefix}local.{name}", attribute, {})

    def variable(self, name: str) -> Any:
        """`var.name`."""
        block = self.configuration.blocks.get(("variable", name))
        if block is None:
            return self._missing(f"var.{name}")
        label = f"{self.prefix}var.{name}"
        where = block.file.header(block)
        return self.world.once((self.prefix, "var", name), label, where, lambda: self._variable(name, block))

    def _variable(self, name: str, block: Block) -> Any:
        attributes = block.body.attributes
        for secret in ("sensitive", "ephemeral"):
            if _says_true(attributes.get(secret)):
                reason = f"variable {name} is {secret}, so it is not read"
                return self.world.unknown(f"{self.prefix}var.{name}", reason)
        value = self._input(name)
        nullable = not _says(attributes.get("nullable"), False)
        if value is _NONE or (value is None and not nullable):
            if "default" not in attributes:
                return self._without_value(name, block)
            value = self.value(attributes["default"], {})
        constraint = attributes.get("type")
        if constraint is None:
            return value

        def default(node: Expression) -> Any:
            return self._attempt(constraint, node, {})

        try:
            return converted(value, constraint.value, default)
        except BadArgument as error:
            self.world.warn(f"the value of variable {name} has another type: {error}", block.file.header(block))
            return Unknown(f"the value of variable {name} has another type")

    def _without_value(self, name: str, block: Block) -> Any:
        if self.call and self.parent:
            message = f"the module {self.call.labels[0]} needs a value for {name}"
            self.world.warn(message, self.call.file.header(self.call))
        reason = f"variable {name} has no default; give it with --var or --var-file"
        return self.world.unknown(f"{self.prefix}var.{name}", reason)

    def _input(self, name: str) -> Any:
        if self.parent is None or self.call is None:
            return self._given.get(name, _NONE)
        attribute = self.call.body.attributes.get(name)
        return self.parent.value(attribute, self.names) if attribute else _NONE

    def member(self, name: str) -> Any:
        """An output: see `Thing`."""
        block = self.configuration.blocks.get(("output", name))
        if block is None or "value" not in block.body.attributes:
            return self._missing(f"output {name}")
        if _says_true(block.body.attributes.get("sensitive")):
            return Unknown(f"{self.prefix}{name} is sensitive, so it is not read")
        return self.once(("output", name), f"{self.prefix}{name}", block.body.attributes["value"], {})

    def settled(self) -> Any:
        """See `Thing`."""
        return {block.labels[0]: self.member(block.labels[0]) for block in self.configuration.of("output")}

    # --- resources --------------------------------------------------------------------------------------------------

    def resource(self, mode: str, kind: str, name: str) -> Any:
        """What `kind.name` or `data.kind.name` stands for."""
        block = self.configuration.blocks.get((mode, kind, name))
        if block is None:
            return self._missing(f"data.{kind}.{name}" if mode == "data" else f"{kind}.{name}")
        return self._expansion(block).value

    def instances(self) -> Iterator[Instance]:
        """The resources of this module and of those that it calls."""
        for kind in ("resource", "module"):
            for block in self.configuration.of(kind):
                for thing in self._expansion(block).things:
                    if isinstance(thing, Module):
                        yield from thing.instances()
                    else:
                        yield thing

    def shared(self) -> dict[tuple[str, ...], str]:
        """Why what belongs to a resource may be declared elsewhere, by `Instance.declared`.

        It is handed to a module that is not here; or this module is made to be called by others, as it configures no
        provider, and the resource is among its outputs.
        """
        self.world.shared |= {
            key: f"the output {block.labels[0]} lets another configuration add one"
            for block in self.configuration.of("output")
            if not self.configuration.of("provider")
            for key in self._mentioned(block)
        }
        return self.world.shared

    def _mentioned(self, block: Block) -> Iterator[tuple[str, ...]]:
        """The resources of this module that a block's arguments refer to, as its text says."""
        for attribute in block.body.attributes.values():
            for kind, name in _RESOURCE.findall(attribute.file.text, attribute.value.start, attribute.value.end):
                yield self.configuration.folder, kind, name

    def module(self, name: str) -> Any:
        """`module.name`."""
        block = self.configuration.blocks.get(("module", name))
        return self._missing(f"module.{name}") if block is None else self._expansion(block).value

    def _expansion(self, block: Block) -> Expansion:
        key = (block.type, *block.labels)
        if key not in self._expansions:
            label = self.prefix + ".".join(block.labels if block.type == "resource" else key)
            where = block.file.header(block)
            found = self.world.once((self.prefix, *key), label, where, lambda: self._expand(block, label))
            if not isinstance(found, Expansion):  # it depends on itself
                return Expansion([], found)
            self._expansions[key] = found
        return self._expansions[key]

    def _expand(self, block: Block, label: str) -> Expansion:
        if block.type == "module":
            found = self._called(block)
            if isinstance(found, Unknown):
                reason = f"the module {block.labels[0]}, which is not here, may add one"
                self.world.shared |= dict.fromkeys(self._mentioned(block), reason)
                return Expansion([], found)

            def make(key: str, names: Mapping[str, Any], exists: Truth) -> Thing:
                return self._child(found, block, key, names, exists)
        else:

            def make(key: str, names: Mapping[str, Any], exists: Truth) -> Thing:
                return Instance(self, block, label + key, names, combined(Every, [self.exists, exists]))

        expansion = expand(block, label, self.context(block.file, {}), lambda each: self.value(each, {}), make)
        if not self.world.count(len(expansion.things)):
            message = f"the configuration has more than {MAX_INSTANCES:,} instances; the rest is not judged"
            self.world.warn(message, Location(self.world.folder), level="error")
            return Expansion([], Unknown(message))
        if block.type == "resource":
            for instance in expansion.things:
                self.world.literals[instance.address] = instance.written
        return expansion

    def _called(self, block: Block) -> Configuration | Unknown:
        """The configuration of a module that a block calls."""
        name = block.labels[0]
        where = block.file.header(block)
        source = block.body.attributes.get("source")
        value = self.value(source, {}) if source else None
        if not isinstance(value, str):
            self.world.warn(f"the module {name} has no source that is a text", where, level="error")
            return Unknown(f"the source of the module {name} is not known")
        if value.startswith(("./", "../")):
            folder = os.path.normpath(Path(self.configuration.folder, value))
            if not Path(folder).is_dir():
                self.world.warn(f"there is no folder {folder} for the module {name}", where, level="error")
                return Unknown(f"the folder of the module {name} is not there")
        else:
            found = self._installed.folder(f"{self.prefix}module.{name}")
            if found is None:
                message = f"the module {name} is not here, so what it makes is unknown; `terraform init` fetches it"
                self.world.warn(message, where)
                return Unknown(f"the module {name} comes from elsewhere and is not in .terraform/modules")
            folder = found
        configuration = self._reader.folder(folder)
        caller: Module | None = self
        while caller:
            if caller.configuration is configuration:
                self.world.warn(f"the module {name} calls itself, so it never ends", where, level="error")
                return Unknown(f"the module {name} calls itself")
            caller = caller.parent
        self.world.folders.add(folder)
        return configuration

    # --- providers --------------------------------------------------------------------------------------------------

    def provider(self, name: str) -> tuple[Module, Block] | None:
        """The provider of a name (`aws`, `aws.west`) with the module that configures it; None where there is none."""
        block = self.configuration.blocks.get(("provider", *name.split(".", 1)))
        if block:
            return self, block
        if self.parent is None or self.call is None:
            return None
        passed = self.call.body.attributes.get("providers")
        if passed and isinstance(passed.value, Object):
            for key, value in passed.value.items:
                if provider_name(key) == name:
                    return self.parent.provider(provider_name(value))
        return self.parent.provider(name) if "." not in name else None

    def scope_of(self, block: Block) -> Scope:
        """The scope of what a block declares: the configuration's, in the region of its provider."""
        found = self.provider(provider_of(block))
        if found is None:
            return self.world.scope
        module, provider = found
        region = provider.body.attributes.get("region")
        if region is None:
            return self.world.scope
        name = self.provider_key(block)
        return self.world.scope_in(module.once((name, "region"), f"the region of {name}", region, {}))

    def provider_key(self, block: Block) -> str:
        """Which configuration of a provider makes what a block declares."""
        name = provider_of(block)
        found = self.provider(name)
        return ".".join(("provider", found[1].file.file, str(found[1].start))) if found else name

    def blocks_of(self, instance: Instance, name: str) -> Any:
        """The nested blocks of a resource, as its argument of that name."""
        block = instance.block
        where = block.file.header(block)
        label = f"{instance.address}.{name}"
        return self.world.once((instance.address, name), label, where, lambda: Properties(instance).blocks(name))


_NONE: Final[Any] = object()
_RESOURCE: Final = re.compile(r"(?<![\w.])(aws_\w+)\.([\w-]+)")


def _says(attribute: Attribute | None, wanted: bool) -> bool:
    value = attribute.value if attribute else None
    return isinstance(value, Literal) and value.value is wanted


def _says_true(attribute: Attribute | None) -> bool:
    return _says(attribute, True)


def provider_of(block: Block) -> str:
    """The name of the provider that a resource or data source is of."""
    attribute = block.body.attributes.get("provider")
    return provider_name(attribute.value) if attribute else block.labels[0].partition("_")[0]


def provider_name(node: Expression) -> str:
    """How a provider is named where one is passed: `aws.west`; in JSON, and in old configurations, as a text."""
    if isinstance(node, Member):
        return f"{provider_name(node.target)}.{node.name}"
    if isinstance(node, Name):
        return node.name
    return str(node.value) if isinstance(node, Literal) else ""
