"""`AWS::Serverless` resources: what they become, by AWS's own translator, with positions in what was written.

The translator gets the template as it is written, so that functions and conditions stay; they are resolved afterwards.
It makes no call: managed policies come from its own table, and applications of the Serverless Application Repository
become nested stacks of which nothing is known.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from types import SimpleNamespace
from typing import Any, Final

from auditor.raw import Notice
from auditor.sources.cloudformation.macros import SAM_PREFIX as PREFIX
from auditor.sources.cloudformation.resolve import STACK, Resolver
from auditor.sources.cloudformation.template import Template
from auditor.sources.documents import Document
from auditor.sources.nodes import Entry, Node

_ORIGIN: Final = "auditor:origin"  # in the Metadata, which the translator hands on
_MAX_ROUNDS: Final = 8
_MAX_TRIED: Final = 50
_ID: Final = re.compile(r"[Rr]esource with id \[([^\]]+)\]")
_POLICY_NUMBER: Final = re.compile(r"Policy(\d+)$")

_FILES: Final = frozenset({"CodeUri", "ContentUri", "DefinitionUri", "SchemaUri"})
_CODE: Final = "s3://not-packaged/code"
_IMAGE: Final = "not-packaged"

# Properties that SAM calls something else, and spells otherwise.
_RENAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "AuthType": ("FunctionUrlConfig",),
    "Body": ("DefinitionBody", "DefinitionUri"),
    "Code": ("InlineCode", "CodeUri", "ImageUri"),
    "Content": ("ContentUri",),
    "DeadLetterConfig": ("DeadLetterQueue",),
    "DefinitionString": ("Definition",),
    "KeySchema": ("PrimaryKey",),
    "LoggingConfiguration": ("Logging",),
    "ManagedPolicyArns": ("Policies",),
    "ScheduleExpression": ("Schedule",),
    "TemplateURL": ("Location",),
    "TracingConfig": ("Tracing",),
    "TracingConfiguration": ("Tracing",),
}
_IMPLICIT: Final = {"ServerlessRestApi": "Api", "ServerlessHttpApi": "HttpApi"}


class _Refused(Exception):
    """The translator's complaints, by the resource that each is about ("" for the whole template)."""

    def __init__(self, complaints: dict[str, str]) -> None:
        super().__init__(str(complaints))
        self.complaints = complaints


def translated(template: Template, resolver: Resolver) -> tuple[Document, list[Notice]]:
    """The document with its SAM resources translated, and notices about those that could not be.

    These stay as they are: resources of a type that no check knows, whose values are unknown.
    """
    document = template.document
    resources = template.sections["Resources"]
    sound = {name: resource for name, resource in resources.items() if _is_sound(resource)}
    serverless = [name for name in sound if sound[name]["Type"].startswith(PREFIX)]
    if not serverless and not any("Connectors" in resource for resource in sound.values()):
        return document, []
    refused: dict[str, str] = {}
    result: dict[str, Any] | None = None
    for _ in range(_MAX_ROUNDS):
        kept = {name: resource for name, resource in sound.items() if name not in refused}
        if not any(name in kept for name in serverless):
            break
        try:
            result = _translate(document.data, kept, resolver)
            break
        except _Refused as error:
            found = {name: why for name, why in error.complaints.items() if name in kept}
            why = "; ".join(error.complaints.values())
            refused |= found or _culprits(document.data, kept, resolver) or dict.fromkeys(serverless, why)
    if result is None:
        refused = {name: refused.get(name, "the template's other SAM resources are wrong") for name in serverless}
        result = {**document.data, "Resources": sound}
    resolver.generated = True if refused else resolver.generated
    made = result["Resources"]
    translatable = sound.keys() - refused.keys()
    stayed = {name: made.get(name, it) for name, it in resources.items() if name in made or name not in translatable}
    data = {**document.data, **result, "Resources": {**stayed, **made}}
    notices = [
        Notice(
            "warning",
            f"the SAM resource {name} can't be translated, so what it creates is not judged: {why}",
            document.key(("Resources", name)),
        )
        for name, why in refused.items()
    ]
    return document.rewritten(data, _positions(document, data)), notices


def _is_sound(resource: Any) -> bool:
    return (
        isinstance(resource, dict)
        and isinstance(resource.get("Type"), str)
        and isinstance(resource.get("Properties") or {}, dict)
    )


# --- translating ----------------------------------------------------------------------------------------------------


def _translate(data: Mapping[str, Any], resources: dict[str, Any], resolver: Resolver) -> dict[str, Any]:
    """The template with `resources` translated, each made resource naming its origin in its Metadata.

    Raises:
        _Refused: something is wrong with them.
    """
    # Here, as it takes 0.4 s: boto3, pydantic and a schema of its own.
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    logging.getLogger("samtranslator").addHandler(logging.NullHandler())  # else it prints tracebacks
    region = resolver.scope.region
    session: Any = SimpleNamespace(region_name=region or "us-east-1")
    # The region, where it isn't given, stays open.
    values = {name: {"Ref": name} for name in ("AWS::Region", "AWS::Partition")} if region is None else {}
    given = {**deepcopy(dict(data)), "Parameters": {}, "Resources": _marked(resources)}
    _package(given)
    try:
        result: dict[str, Any] = Translator(None, Parser(), boto_session=session).translate(
            given, {**values, **_plain_parameters(resolver)}, passthrough_metadata=True
        )
    except InvalidDocumentException as error:
        raise _Refused(dict(_complaints(error))) from None
    except Exception as error:  # it is written for templates that are right
        raise _Refused({"": f"the translator fails with {type(error).__name__}"}) from None
    plain: dict[str, Any] = json.loads(json.dumps(result))  # it has dictionaries of its own
    return {**plain, "Parameters": data.get("Parameters", {}), "Transform": data.get("Transform")}


def _plain_parameters(resolver: Resolver) -> dict[str, Any]:
    """The parameters whose value is known, as the translator wants some spelt out (a stage's name, an alias)."""
    values = {name: resolver.parameter(name) for name in resolver.declared}
    return {name: value for name, value in values.items() if type(value) in (str, int, bool) and "${" not in str(value)}


def _marked(resources: Mapping[str, Any]) -> dict[str, Any]:
    marked: dict[str, Any] = {}
    for name, resource in resources.items():
        copied = deepcopy(resource)
        if copied["Type"].startswith(PREFIX):
            metadata = copied.get("Metadata")
            copied["Metadata"] = {**(metadata if isinstance(metadata, dict) else {}), _ORIGIN: name}
            location = (copied.get("Properties") or {}).get("Location")
            if copied["Type"] == f"{PREFIX}Application" and isinstance(location, dict):
                # Of the Serverless Application Repository, which the translator would ask.
                parameters = copied["Properties"].get("Parameters", {})
                url = location.get("ApplicationId", "")
                copied |= {"Type": STACK, "Properties": {"TemplateURL": url, "Parameters": parameters}}
        marked[name] = copied
    return marked


def _package(template: dict[str, Any]) -> None:
    """Put addresses where a template that is not packaged yet has local files (or none), as the translator insists."""
    shared = template.get("Globals")
    shared = shared if isinstance(shared, dict) else {}
    for section in (*shared.values(), *(resource.get("Properties") for resource in template["Resources"].values())):
        _replace_files(section)
    common = shared.get("Function")
    for resource in template["Resources"].values():
        if resource["Type"] == f"{PREFIX}Function":
            own = resource["Properties"] = resource.get("Properties") or {}
            both = {**(common if isinstance(common, dict) else {}), **own}
            code = ("ImageUri", _IMAGE) if both.get("PackageType") == "Image" else ("CodeUri", _CODE)
            if both.keys().isdisjoint(("CodeUri", "ImageUri", "InlineCode")):
                own[code[0]] = code[1]


def _replace_files(value: Any) -> None:
    if isinstance(value, dict):
        for key, member in value.items():
            if key in _FILES and isinstance(member, str):
                value[key] = member if member.startswith("s3://") else _CODE
            else:
                _replace_files(member)
    elif isinstance(value, list):
        for member in value:
            _replace_files(member)


def _complaints(error: Any) -> Iterator[tuple[str, str]]:
    for cause in error.causes:
        match = _ID.search(cause.message)
        yield (match[1] if match else ""), " ".join(cause.message.split())


def _culprits(data: Mapping[str, Any], resources: dict[str, Any], resolver: Resolver) -> dict[str, str]:
    """The SAM resources that are refused even alone, where the translator does not say which is wrong."""
    found: dict[str, str] = {}
    serverless = [name for name, resource in resources.items() if resource["Type"].startswith(PREFIX)]
    for name in serverless[:_MAX_TRIED]:
        others = {other: resource for other, resource in resources.items() if other not in serverless}
        try:
            _translate(data, {**others, name: resources[name]}, resolver)
        except _Refused as error:
            found[name] = "; ".join(error.complaints.values())
    return found


# --- positions ------------------------------------------------------------------------------------------------------

_Source = tuple[Any, Node]
"""Data as written, and where."""


def _positions(document: Document, data: dict[str, Any]) -> Node:
    """The tree of positions of the translated `data`; takes the origins out of its Metadata."""
    root = document.root
    top: Any = root.children
    written = document.data["Resources"]
    entries: Any = top["Resources"].node.children
    made: dict[str, Entry] = {}
    for name, resource in data["Resources"].items():
        origin = _origin(name, resource, written)
        if name in written and (not _is_sound(resource) or resource["Type"] == written[name]["Type"]):
            made[name] = entries[name]
        elif origin is not None:
            suffix = name.removeprefix(origin) if name.startswith(origin) else ""
            made[name] = _resource_entry(suffix, resource, written[origin], entries[origin], document)
    node = top["Resources"].node
    section = Entry(top["Resources"].start, top["Resources"].end, Node(node.start, node.end, made))
    return Node(root.start, root.end, {**top, "Resources": section})


def _origin(name: str, resource: Any, written: Mapping[str, Any]) -> str | None:
    """The SAM resource that a resource was made of."""
    metadata = resource.get("Metadata") if isinstance(resource, dict) else None
    if isinstance(metadata, dict) and _ORIGIN in metadata:
        origin = metadata.pop(_ORIGIN)
        if not metadata:
            del resource["Metadata"]
        return origin if origin in written else None
    if name in written:
        return name
    starts = [each for each in written if name.startswith(each)]
    if starts:
        return max(starts, key=len)
    serverless = [each for each, it in written.items() if _is_sound(it) and it["Type"].startswith(PREFIX)]
    event = next((kind for prefix, kind in _IMPLICIT.items() if name.startswith(prefix)), None)
    with_event = (each for each in serverless if event in _event_kinds(written[each]))
    return next(with_event, serverless[0] if serverless else None)


def _event_kinds(resource: Mapping[str, Any]) -> list[Any]:
    events = (resource.get("Properties") or {}).get("Events")
    events = events.values() if isinstance(events, dict) else ()
    return [event.get("Type") for event in events if isinstance(event, dict)]


def _resource_entry(suffix: str, resource: Mapping[str, Any], written: Any, entry: Entry, document: Document) -> Entry:
    """Where a made resource stands: its origin, with each property where that (or `Globals`) has it."""
    sources = list(_sources(suffix, (written, entry.node), document))
    children: dict[str, Entry] = {}
    for key, value in (resource.get("Properties") or {}).items():
        place = _property(key, value, sources)
        if place:
            children[key] = place
    own: Any = entry.node.children
    head = own.get("Properties", entry) if isinstance(own, dict) else entry
    properties = Entry(head.start, head.end, Node(head.node.start, head.node.end, children))
    return Entry(entry.start, entry.end, Node(entry.node.start, entry.node.end, {"Properties": properties}))


def _sources(suffix: str, origin: _Source, document: Document) -> Iterator[_Source]:
    """Where the properties of a resource may have been written, the nearest first."""
    events = _inside(origin, "Properties", "Events")
    written = events[0] if events and isinstance(events[0], dict) else {}
    names = [event for event in written if event and suffix.startswith(event)]
    if events and names:  # what an event makes is called after the function and the event
        yield from filter(None, [_inside(events, max(names, key=len), "Properties")])
    yield from filter(None, [_inside(origin, "Properties")])
    kind = origin[0]["Type"].removeprefix(PREFIX)
    yield from filter(None, [_inside((document.data, document.root), "Globals", kind)])


def _inside(source: _Source, *path: str) -> _Source | None:
    """A mapping's value, several steps down; None where a step is missing."""
    data, node = source
    for step in path:
        if not isinstance(data, dict) or step not in data or not isinstance(node.children, dict):
            return None
        data, node = data[step], node.children[step].node
    return data, node


def _property(key: str, value: Any, sources: list[_Source]) -> Entry | None:
    """Where a property was written, under its own or SAM's name."""
    for name in (key, *_RENAMED.get(key, ())):
        found = [(source, place) for source in sources if (place := _inside(source, name))]
        if found:
            children: Any = found[0][0][1].children
            key_entry = children[name]
            places = [place for _, place in found]
            node = _policies(value, places[0], key_entry) if name == "Policies" else None
            return Entry(key_entry.start, key_entry.end, node or _aligned(value, places, key_entry))
    return None


def _aligned(value: Any, sources: list[_Source], key: Entry) -> Node:
    """The positions of a value, as far as what was written has its shape; else its key's."""
    for data, node in sources:
        if data == value or not isinstance(value, dict | list):
            return node  # the very thing, or what a parameter or the translator spells out
    first = sources[0][1] if sources else None
    if first and isinstance(value, dict):
        children: dict[str, Entry] = {}
        for name, member in value.items():
            found = [(source[1], inner) for source in sources if (inner := _inside(source, name))]
            if found:
                siblings: Any = found[0][0].children
                entry = siblings[name]
                children[name] = Entry(entry.start, entry.end, _aligned(member, [inner for _, inner in found], entry))
        if children:
            return Node(first.start, first.end, children)
    if first and isinstance(value, list):
        members = [
            pair
            for data, node in sources
            if isinstance(data, list) and isinstance(node.children, list)
            for pair in zip(data, node.children, strict=False)
        ]
        if members:
            return Node(first.start, first.end, [_member(each, members, key) for each in value])
    return Node(key.start, key.end)


def _member(value: Any, members: list[tuple[Any, Node]], key: Entry) -> Node:
    return next((node for data, node in members if data == value), Node(key.start, key.end))


def _policies(value: Any, source: _Source, key: Entry) -> Node | None:
    """Where the policies of a made role were written: it is told by their names' numbers, or the managed policy's."""
    data, node = source
    if isinstance(data, list) and isinstance(node.children, list):
        written: list[_Source] = list(zip(data, node.children, strict=False))
    else:
        written = [(data, node)]
    if not isinstance(value, list):
        return None
    places: list[Node] = []
    for policy in value:
        name = policy.get("PolicyName") if isinstance(policy, dict) else policy
        number = _POLICY_NUMBER.search(name) if isinstance(name, str) else None
        index = int(number[1]) if number else -1
        if 0 <= index < len(written):
            place = written[index][1]
            where = Entry(place.start, place.start + 1, place)
            places.append(Node(place.start, place.end, {"PolicyDocument": where}))
        else:
            places.append(
                next((node for given, node in written if _is_managed(policy, given)), Node(key.start, key.end))
            )
    return Node(node.start, node.end, places)


def _is_managed(policy: Any, given: Any) -> bool:
    """Whether a managed policy is the one that was given, by ARN or by name."""
    return policy == given or (
        isinstance(policy, str) and isinstance(given, str) and policy.rpartition("/")[2] == given.rpartition("/")[2]
    )
