"""Sets properties of a template by replacing the fewest characters of its text.

A parser that writes the file anew changes more than asked: of 52 YAML templates of AWS's own, half do not survive
ruamel.yaml's round trip unchanged. Here everything that is not replaced stays as it is, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from auditor.fix.style import Style, scalar
from auditor.raw import Location, Path
from auditor.sources.choices import kind_of, text_of
from auditor.sources.documents import Document
from auditor.sources.nodes import Entry, Node

Wanted = Mapping[str, Any]
"""What to set: by key, a mapping of what to set in there, or else the value. A list's members go by their index."""

_KEEPS_LINE_BREAKS: Final = re.compile(r"(?:[!&]\S*\s+)*[|>][0-9]?\+")


class Uncertain(Exception):
    """A property cannot be set with certainty; the text says why."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a file's text, and what is to stand there instead.

    Attributes:
        start, end: offsets into the document's text; equal where something is inserted.
        text: the replacement.
        region: the stretch as lines and columns.
    """

    start: int
    end: int
    text: str
    region: Location


@dataclass(frozen=True, slots=True)
class Plan:
    """How a document becomes as wanted.

    Attributes:
        edits: by position; none overlap.
        values: what then stands at which paths of the document's data.
    """

    edits: tuple[Edit, ...]
    values: tuple[tuple[Path, Any], ...]


def plan(document: Document, wanted: Wanted) -> Plan:
    """The edits that make a document hold what is wanted.

    Raises:
        Uncertain: the text does not say itself what stands there (a function, a YAML anchor, a macro), or something
            of another shape does.
    """
    planner = _Planner(document)
    newline = "\r\n" if "\r\n" in document.text else "\n"
    planner.mapping(document.root, document.data, wanted, Style(newline=newline), None, ())
    edits = sorted(planner.edits, key=lambda edit: edit.start)  # stable: an inner mapping's go before its holder's
    return Plan(tuple(edits), tuple(planner.values))


def apply(text: str, edits: tuple[Edit, ...]) -> str:
    """The text with edits made."""
    pieces = []
    done = 0
    for edit in edits:
        pieces += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, text[done:]])


class _Planner:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.edits: list[Edit] = []
        self.values: list[tuple[Path, Any]] = []

    def _edit(self, start: int, end: int, text: str) -> None:
        region = Location(self.document.file, *self.document.position(start), *self.document.position(end))
        self.edits.append(Edit(start, end, text, region))

    # --- going down ---------------------------------------------------------------------------------------------

    def mapping(
        self, node: Node, data: dict[str, Any], wanted: Wanted, outer: Style, holder: Entry | None, path: Path
    ) -> None:
        """Set keys of a mapping that has some."""
        self._refuse_shared(node)
        if node.function:
            raise Uncertain(f"{_name(path)} is given by {node.function}")
        macro = next((key for key in data if key.startswith("Fn::") and path != ("Resources",)), None)
        if macro:
            raise Uncertain(f"{macro} may set it")
        children = node.children
        own = list(_own(node))
        if not isinstance(children, dict) or not own:
            raise Uncertain("all that is there comes from a YAML anchor")
        style = self._style(node, own[-1], outer, holder)
        new = {}
        for key, value in wanted.items():
            entry = children.get(key)
            if entry is None:
                new[key] = value
                self.values.append(((*path, key), value))
            elif entry not in own:
                raise Uncertain(f"{key} comes from a YAML anchor, which others may use")
            else:
                self._set(entry.node, entry, data[key], value, style, (*path, key))
        if new:
            self._add(node, own[-1], new, style)

    def _list(self, node: Node, data: list[Any], wanted: Wanted, outer: Style, path: Path) -> None:
        members = node.children if isinstance(node.children, list) else []
        if any(member.function for member in members):
            raise Uncertain(f"{_name(path)} has members that a function gives")
        for key, value in wanted.items():
            index = int(key) if key.isdigit() else -1
            if not 0 <= index < len(members):
                raise Uncertain(f"{_name(path)} is a list and has no {key}")
            if not node.start <= members[index].start < node.end:
                raise Uncertain(f"{_name(path)} has a member from a YAML anchor, which others may use")
            self._set(members[index], None, data[index], value, outer, (*path, index))

    def _set(self, node: Node, key: Entry | None, data: Any, value: Any, style: Style, path: Path) -> None:
        """Make an existing value as wanted; `style` is that of the mapping it is in."""
        if node.function:
            raise Uncertain(f"{_name(path)} is given by {node.function}")
        if key and node.start < key.end:
            raise Uncertain(f"{_name(path)} is a YAML alias, and others may use what it stands for")
        self._refuse_shared(node)
        if isinstance(value, Mapping):
            if isinstance(data, dict) and data:
                self.mapping(node, data, value, style, key, path)
            elif isinstance(data, list):
                self._list(node, data, value, style, path)
            elif data is None or data == {}:
                self._fill(node, key, value, style)
                self.values.append((path, value))
            else:
                raise Uncertain(f"{_name(path)} is {kind_of(data)}, not a mapping")
        elif isinstance(data, dict | list):
            raise Uncertain(f"{_name(path)} is {kind_of(data)}, not a single value")
        elif data != value:
            self._replace(node, value, style, path)

    def _refuse_shared(self, node: Node) -> None:
        if self.text[node.start : node.start + 1] == "&":
            raise Uncertain("a YAML anchor shares it with others")

    # --- writing ------------------------------------------------------------------------------------------------

    def _replace(self, node: Node, value: Any, style: Style, path: Path) -> None:
        """A scalar for a scalar, in the same quotes."""
        end = self._scalar_end(node)
        quote = self.text[node.start : end][:1]
        if quote in ("'", '"') and not isinstance(value, list):
            value = text_of(value)
            written = scalar(value, quote)
        else:
            written = style.value(value)
        self._edit(node.start, end, self._gap(node.start, end) + written)
        self.values.append((path, value))

    def _fill(self, node: Node, key: Entry | None, value: Wanted, style: Style) -> None:
        """A mapping where there is none yet: nothing, `null` or `{}`."""
        end = self._scalar_end(node)
        if style.flow or key is None or "\n" in self.text[key.start : end]:
            inline = replace(style, flow=True, broken=style.flow and style.broken)
            self._edit(node.start, end, self._gap(node.start, end) + inline.value(value))
            return
        colon = self.text.index(":", key.end) + 1
        if end > colon:
            self._edit(colon, end, "")
        line_end = self._line_end(end)
        self._edit(line_end, line_end, style.value(value))

    def _add(self, node: Node, last: Entry, new: Wanted, style: Style) -> None:
        """New keys after a mapping's last one."""
        entries = [style.entry(*each) for each in new.items()]
        if style.flow:
            self._add_in_braces(self._flow_entry_end(last, node), entries, style)
            return
        place = self._block_end(node)
        if place and self.text[place - 1] == "\n":
            self._edit(place, place, "".join(style.prefix + entry + style.newline for entry in entries))
        else:
            self._edit(place, place, "".join(style.newline + style.prefix + entry for entry in entries))

    def _add_in_braces(self, place: int, entries: list[str], style: Style) -> None:
        """Entries after the one that ends at `place`; a comment or a last comma behind it stays with it."""
        line_end = self._line_end(place)
        rest = self.text[place:line_end].strip()
        comma = rest[:1] == ","
        if not style.broken or rest.removeprefix(",").strip()[:1] not in ("", "#"):
            self._edit(place, place, "".join(style.separator + entry for entry in entries))
            return
        if not comma:
            self._edit(place, place, ",")
        lines = ",".join(style.newline + style.prefix + entry for entry in entries)
        self._edit(line_end, line_end, lines + "," * comma)

    # --- reading the text ---------------------------------------------------------------------------------------

    def _style(self, node: Node, last: Entry, outer: Style, holder: Entry | None) -> Style:
        """How a mapping is written, judged by its last key."""
        text = self.text
        quote = text[last.start] if text[last.start] in "\"'" else ""
        prefix = self._line_before(last.start)
        if text[node.start] != "{":
            column = len(prefix)
            inner = column - len(self._line_before(holder.start)) if holder else 0
            step = " " * inner if inner > 0 else outer.step
            return replace(outer, prefix=" " * column, step=step, quote=quote)
        between = text[last.end : last.node.start]
        colon = outer.colon
        if between.strip() == ":":
            colon = f"{' ' if between[0].isspace() else ''}:{' ' if between[-1].isspace() else ''}"
        line = self._line_before(node.start)
        base = line[: len(line) - len(line.lstrip())]
        broken = not prefix.strip() and "\n" in text[node.start : last.start]
        step = prefix[len(base) :] if broken and prefix.startswith(base) and len(prefix) > len(base) else outer.step
        return replace(
            outer, flow=True, broken=broken, prefix=prefix if broken else base, step=step, quote=quote, colon=colon
        )

    def _gap(self, start: int, end: int) -> str:
        """What an empty value lacks after its colon."""
        return " " if start == end and self.text[start - 1] == ":" else ""

    def _line_before(self, offset: int) -> str:
        """What stands before an offset in its line."""
        return self.text[self.text.rfind("\n", 0, offset) + 1 : offset]

    def _line_end(self, offset: int) -> int:
        end = self.text.find("\n", offset)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > offset and self.text[end - 1] == "\r" else end

    def _scalar_end(self, node: Node) -> int:
        """The end of a scalar; that of a block scalar is put after the line breaks that follow it."""
        if _KEEPS_LINE_BREAKS.match(self.text, node.start, node.end):
            return node.end
        return node.start + len(self.text[node.start : node.end].rstrip())

    def _flow_entry_end(self, entry: Entry, within: Node) -> int:
        if entry.end <= entry.node.start < within.end:
            return entry.node.end
        alias = re.compile(r"\s*:\s*\*[^\s,\[\]{}]+").match(self.text, entry.end)
        if alias is None:
            raise Uncertain("a YAML alias stands before the place where it would be added")
        return alias.end()

    def _block_end(self, node: Node) -> int:
        """The end of the last line of a block mapping; comments and empty lines after it belong to what follows."""
        floor = self._last_known(node, node)
        if floor and self.text[floor - 1] == "\n":
            return floor
        place = self._line_end(floor)
        rest = place
        while rest < node.end:  # an alias has no node of its own
            rest = self.text.find("\n", rest, node.end) + 1 or node.end
            line = self.text[rest : self._line_end(rest)][: node.end - rest].strip()
            if line and line[0] != "#":
                place = self._line_end(rest)
        return place

    def _last_known(self, node: Node, within: Node) -> int:
        """The end of the last key or scalar in a collection, as far as they have nodes inside of it."""
        if node.children is None or self.text[node.start] in "{[":
            return self._scalar_end(node)
        ends = [node.start]
        if isinstance(node.children, dict):
            entries = [entry for entry in node.children.values() if within.start <= entry.start < within.end]
            ends += [entry.end for entry in entries]
            members = [entry.node for entry in entries]
        else:
            members = node.children
        ends += [self._last_known(each, within) for each in members if within.start <= each.start < within.end]
        return max(ends)


def _own(node: Node) -> Iterator[Entry]:
    """A mapping's entries in the order of the text, without those that a merge key `<<` brings."""
    entries = node.children.values() if isinstance(node.children, dict) else ()
    yield from sorted((e for e in entries if node.start <= e.start < node.end), key=lambda entry: entry.start)


def _name(path: Path) -> str:
    """A property's path as people know it: without where its resource stands."""
    return ".".join(map(str, path[3:] or path[-1:])) or "the file"
