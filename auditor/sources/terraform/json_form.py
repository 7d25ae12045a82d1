"""Terraform's JSON syntax as the tree that the native syntax gives.

Which keys are blocks is known only for Terraform's own; of the others, a nested block looks like the argument that it
stands for, which is the same to whoever reads it. See https://developer.hashicorp.com/terraform/language/syntax/json.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from auditor.sources.documents import child
from auditor.sources.nodes import Entry, Node, SyntaxFault
from auditor.sources.terraform.parser import parse_template
from auditor.sources.terraform.syntax import Attribute, Block, Body, Expression, Literal, Object, Tuple

if TYPE_CHECKING:
    from auditor.sources.terraform.files import File

_LABELS: Final = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "locals": 0}
_COMMENT: Final = "//"


def body(data: dict[str, Any], root: Node, file: File) -> Body:
    """A `.tf.json` file's blocks; those that say nothing about resources are left out.

    Raises:
        SyntaxFault: a block has another shape, or a text is no template.
    """
    result = Body()
    for name, labels in _LABELS.items():
        found = child(root, name)
        if found:
            result.blocks += _blocks(file, (name,), labels, data[name], *found)
    return result


def values(data: dict[str, Any], root: Node, file: File) -> Body:
    """The values in a `.tfvars.json` file, of which no text is a template."""
    return _body(file, data, root, literal=True)


def _blocks(
    file: File, names: tuple[str, ...], labels: int, data: Any, node: Node, key: Entry | None
) -> Iterator[Block]:
    if isinstance(data, list):
        for index, member in enumerate(data):
            found = child(node, index)
            if found:
                yield from _blocks(file, names, labels, member, found[0], key if len(data) == 1 else None)
        return
    if not isinstance(data, dict):
        raise SyntaxFault(f"{'.'.join(names)} should be an object", node.start)
    if labels:
        for name, value in _members(data):
            found = child(node, name)
            if found:
                yield from _blocks(file, (*names, name), labels - 1, value, *found)
        return
    start, end = (key.start, key.end) if key else (node.start, node.start + 1)  # of several, each its brace
    literal = names[0] == "variable"
    yield Block(file, names[0], names[1:], start, end, _body(file, data, node, literal=literal))


def _body(file: File, data: dict[str, Any], node: Node, *, literal: bool) -> Body:
    result = Body()
    for name, value in _members(data):
        found = child(node, name)
        if found is None or found[1] is None:
            continue
        inner, key = found[0], found[1]
        if name == "dynamic" and not literal:
            result.blocks += _dynamic(file, value, inner, key)
        else:
            expression = _expression(value, inner, literal=literal)
            result.attributes[name] = Attribute(file, name, key.start, key.end, expression)
    return result


def _dynamic(file: File, data: Any, node: Node, key: Entry) -> Iterator[Block]:
    for block in _blocks(file, ("dynamic",), 1, data, node, key):
        content = block.body.attributes.pop("content", None)
        inner = Body()
        if content and isinstance(content.value, Object):
            for name, value in content.value.items:
                if isinstance(name, Literal):
                    text = str(name.value)
                    inner.attributes[text] = Attribute(file, text, name.start, name.end, value)
        block.body.blocks.append(Block(file, "content", (), block.start, block.end, inner))
        yield block


def _members(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in data.items() if name != _COMMENT)


def _expression(data: Any, node: Node, *, literal: bool) -> Expression:
    if isinstance(data, str):
        return _text(data, node.start, node.end, literal=literal)
    children = node.children
    if isinstance(data, list) and isinstance(children, list):
        items = zip(data, children, strict=True)
        return Tuple(node.start, node.end, [_expression(value, inner, literal=literal) for value, inner in items])
    if isinstance(data, dict) and isinstance(children, dict):
        pairs = []
        for name, value in _members(data):
            entry = children[name]
            key = _text(name, entry.start, entry.end, literal=literal)
            pairs.append((key, _expression(value, entry.node, literal=literal)))
        return Object(node.start, node.end, pairs)
    return Literal(node.start, node.end, data)


def _text(text: str, start: int, end: int, *, literal: bool) -> Expression:
    if literal or not ("${" in text or "%{" in text):
        return Literal(start, end, text)
    expression = parse_template(text, start + 1)
    expression.start, expression.end = start, end
    return expression
