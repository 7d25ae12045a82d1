"""Which findings of a report have a certain repair, and the files with their repairs made."""

from __future__ import annotations

import codecs
import copy
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final

from auditor.findings import Status
from auditor.fix.edits import Edit, Plan, Uncertain, Wanted, apply, plan
from auditor.raw import Location
from auditor.registry import Check, load_checks
from auditor.report import Report, Result
from auditor.resources.base import TYPES
from auditor.sources import yaml_text
from auditor.sources.documents import Document, Malformed, read_text
from auditor.sources.kinds import is_configuration
from auditor.sources.nodes import SyntaxFault

if TYPE_CHECKING:
    from auditor.fix.hcl import HclFile

_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Repair:
    """A finding and what mends it.

    Attributes:
        result: the finding.
        template: its file.
        path: what is set, from the top of the file.
        value: what it is set to; of a mapping the keys are set, and what else stands there stays.
        side_effect: what that does besides; empty for nothing worth saying.
        edits: the changes to the file's text for this repair alone; `rewrite` makes several together.
    """

    result: Result
    template: TemplateFile | HclFile
    path: tuple[str, ...]
    value: Any
    side_effect: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A finding whose check can be repaired, but not here, and why."""

    result: Result
    reason: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file with its repairs made.

    Attributes:
        file: its path, as the report has it.
        before, after: its text, with the byte order mark if it has one.
        repairs: those that were made.
    """

    file: str
    before: str
    after: str
    repairs: tuple[Repair, ...]


class TemplateFile:
    """A template, read to be changed."""

    def __init__(self, document: Document, mark: str) -> None:
        """`mark` is the byte order mark that the file begins with, if any."""
        self.document = document
        self.mark = mark
        resources = self.document.data.get("Resources") if isinstance(self.document.data, dict) else None
        self._resources: dict[str, Any] = resources if isinstance(resources, dict) else {}
        children = self.document.root.children
        section = children["Resources"].node if isinstance(children, dict) and self._resources else None
        entries = section.children if section and isinstance(section.children, dict) else {}
        self._starts = sorted((self.document.position(entry.start), name) for name, entry in entries.items())
        self._end = self.document.position(section.end) if section else (0, 0)

    def resource_at(self, place: Location) -> tuple[tuple[str, ...], Any]:
        """The path of the properties that a place is in, and the resource's type; both empty where it is in none."""
        at = (place.line or 0, place.column or 0)
        index = bisect_right(self._starts, at, key=lambda start: start[0]) - 1
        if index < 0 or at >= self._end:
            return (), ""
        name = self._starts[index][1]
        resource = self._resources[name]
        kind = resource.get("Type", "") if isinstance(resource, dict) else ""
        return ("Resources", name, "Properties"), kind

    def plan(self, wanted: Wanted) -> Plan:
        """See `edits.plan`."""
        return plan(self.document, wanted)

    def written(self, made: Plan) -> str:
        """The file's text as planned.

        Raises:
            Uncertain: it would then hold anything else than before besides what is planned.
        """
        return _checked(self.document, made)


def _open(file: str) -> TemplateFile | HclFile:
    """Read a file to change it.

    Raises:
        Uncertain: it can't be read, or not written in its encoding.
    """
    if file.endswith((".tf.json", ".tofu.json")):
        raise Uncertain("Terraform's JSON is not changed")
    try:
        text = read_text(file)
        with FilePath(file).open("rb") as stream:
            start = stream.read(3)
        mark = _BOM if start == codecs.BOM_UTF8 else ""
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Uncertain("the file is UTF-16, which is read but not written; save it as UTF-8")
        if not is_configuration(FilePath(file).name):
            return TemplateFile(Document(file, text), mark)
        from auditor.fix.hcl import HclFile
        from auditor.sources.terraform.files import File

        return HclFile(File(file, text), mark)
    except (Malformed, OSError) as error:
        raise Uncertain(f"the file cannot be read again: {error}") from None


def repairs(report: Report) -> tuple[list[Repair], list[Refusal]]:
    """The certain repairs of a report's failures, in the order of its results; for the rest, why there is none.

    Failures of checks that are not `fixable` are in neither list. The templates are read again from their files.
    """
    checks = load_checks()
    uses = _Uses(report)
    templates: dict[str, TemplateFile | HclFile] = {}
    found: list[Repair] = []
    refused: list[Refusal] = []
    for result in report.results:
        check = checks.get(result.check)
        if result.status is not Status.FAIL or check is None or not check.fixable:
            continue
        try:
            if not uses.agree_with(result):
                raise Uncertain("its template is used more than once, and elsewhere this would not be right")
            found.append(_repair(result, check, templates))
        except Uncertain as error:
            refused.append(Refusal(result, str(error)))
    return found, refused


class _Uses:
    """What a check says of every resource that one place of a file makes: several, where nested stacks share it."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._wants: dict[Any, dict[str, set[tuple[str, str | None]]]] = {}
        for result in report.results:
            wants = self._wants.setdefault(self._key(result), {}).setdefault(result.resource, set())
            if result.status is Status.FAIL:
                wants.add((result.property, result.expected))

    def _key(self, result: Result) -> Any:
        place = self._report.resources[result.resource].location
        return result.check, place.file, place.line, place.column

    def agree_with(self, result: Result) -> bool:
        """Whether all of them fail with the same property and expected value."""
        return all((result.property, result.expected) in wants for wants in self._wants[self._key(result)].values())


def _repair(result: Result, check: Check, templates: dict[str, TemplateFile | HclFile]) -> Repair:
    place = result.location
    if place is None or place.file is None:
        raise Uncertain("it is not in a template")
    if result.expected is None:
        raise Uncertain("no value is certain to be right here")
    try:
        value, _ = yaml_text.load(result.expected)
    except SyntaxFault as fault:
        raise Uncertain(f"what the check expects {fault.message}") from None
    if place.file not in templates:
        templates[place.file] = _open(place.file)
    template = templates[place.file]
    holder, kind = template.resource_at(place)
    if not holder:
        raise Uncertain("it is written outside of its resource, where others may use it as well")
    if not _is_about(check, kind):
        # What a macro, a loop, a module or SAM makes stands where that is written, under another type or none.
        raise Uncertain("what stands there is not the resource itself but what makes it")
    steps = result.property.split(".") if result.property else []
    if steps and steps[0].startswith("aws_"):
        raise Uncertain(f"it takes a resource of its own, {steps[0]}")
    path = (*holder, *steps)
    made = template.plan(_tree([(path, value)]))
    return Repair(result, template, path, value, check.side_effect, made.edits)


def _is_about(check: Check, kind: Any) -> bool:
    """Whether resources of a type are what a check judges or looks up, or in Terraform a part of what it judges."""
    cls = TYPES.get(kind) if isinstance(kind, str) else None
    if cls is not None:
        return issubclass(cls, (*check.types, *check.uses))
    fields = [field for judged in check.types for field in judged.plan("tf").values()]
    return any(part.type == kind for field in fields for part in field.parts)


def rewrite(found: Iterable[Repair]) -> tuple[list[Rewritten], list[Refusal]]:
    """Each file with all of its repairs made at once; and the repairs that contradict one made before them."""
    by_template: dict[TemplateFile | HclFile, list[Repair]] = {}
    for repair in found:
        by_template.setdefault(repair.template, []).append(repair)
    rewritten: list[Rewritten] = []
    refused: list[Refusal] = []
    for template, wanted in by_template.items():
        made: list[Repair] = []
        for repair in wanted:
            try:
                _tree((each.path, each.value) for each in (*made, repair))
                made.append(repair)
            except Uncertain as error:
                refused.append(Refusal(repair.result, str(error)))
        document = template.document
        try:
            after = template.written(template.plan(_tree((each.path, each.value) for each in made)))
        except Uncertain as error:
            refused += [Refusal(repair.result, str(error)) for repair in made]
            continue
        before = template.mark + document.text
        rewritten.append(Rewritten(document.file, before, template.mark + after, tuple(made)))
    return rewritten, refused


def _checked(document: Document, made: Plan) -> str:
    """The document's text as planned.

    Raises:
        Uncertain: it would then hold anything else than before besides what is planned.
    """
    text = apply(document.text, made.edits)
    expected = copy.deepcopy(document.data)
    for path, value in made.values:
        holder = expected
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = value
    try:
        if Document(document.file, text).data == expected:
            return text
    except Malformed:
        pass
    raise Uncertain("the way this file is written does not allow a change that leaves the rest of it alone")


def _tree(wanted: Iterable[tuple[tuple[str, ...], Any]]) -> dict[str, Any]:
    """Values at paths as one nested mapping.

    Raises:
        Uncertain: two of them contradict each other.
    """
    tree: dict[str, Any] = {}
    for path, value in wanted:
        holder = tree
        for step in path[:-1]:
            holder = holder.setdefault(step, {})
            if not isinstance(holder, dict):
                raise Uncertain(f"another repair sets {step} to something else")
        _merge(holder, path[-1], value)
    return tree


def _merge(holder: dict[str, Any], key: str, value: Any) -> None:
    if isinstance(value, Mapping):
        inner = holder.setdefault(key, {})
        if isinstance(inner, dict):
            for name, member in value.items():
                _merge(inner, name, member)
            return
    elif holder.setdefault(key, value) == value:
        return
    raise Uncertain(f"another repair sets {key} to something else")
