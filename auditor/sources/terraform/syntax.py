"""What a Terraform file says, as a tree: blocks, their attributes, and expressions.

`start` and `end` are offsets into the file's text, the end one past the last character.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.sources.terraform.files import File


@dataclass(slots=True)
class Expression:
    """Something that has a value."""

    start: int
    end: int


@dataclass(slots=True)
class Literal(Expression):
    """A number, a text without interpolation, `true`, `false` or `null`."""

    value: Any


@dataclass(slots=True)
class Template(Expression):
    """A text with interpolations and directives, in order."""

    parts: list[Expression]


@dataclass(slots=True)
class Name(Expression):
    """The first name of a traversal: `var`, `local`, `each`, a resource's type, what a `for` defines."""

    name: str


@dataclass(slots=True)
class Member(Expression):
    """`target.name`."""

    target: Expression
    name: str


@dataclass(slots=True)
class Index(Expression):
    """`target[key]`, or the old `target.0`."""

    target: Expression
    key: Expression


@dataclass(slots=True)
class Splat(Expression):
    """`target[*].item` or `target.*.item`: within `each`, the name `*` is the member."""

    target: Expression
    each: Expression


@dataclass(slots=True)
class Call(Expression):
    """`name(arguments)`; `expand` where the last argument is followed by `...`."""

    name: str
    arguments: list[Expression]
    expand: bool


@dataclass(slots=True)
class Unary(Expression):
    """`-operand` or `!operand`."""

    operator: str
    operand: Expression


@dataclass(slots=True)
class Binary(Expression):
    """`left operator right`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(slots=True)
class Conditional(Expression):
    """`condition ? then : otherwise`; in a template, `%{ if condition }then%{ else }otherwise%{ endif }`."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(slots=True)
class Tuple(Expression):
    """`[items]`."""

    items: list[Expression]


@dataclass(slots=True)
class Object(Expression):
    """`{key = value}`, in the order written."""

    items: list[tuple[Expression, Expression]]


@dataclass(slots=True)
class For(Expression):
    """A `for` expression: of a tuple where `key` is None, else of an object, whose values `group` collects in lists."""

    names: tuple[str, ...]
    collection: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    group: bool


@dataclass(slots=True)
class TemplateFor(Expression):
    """`%{ for names in collection }body%{ endfor }`."""

    names: tuple[str, ...]
    collection: Expression
    body: Expression


@dataclass(slots=True)
class Attribute:
    """`name = value` in a body; `start` and `end` are those of the name."""

    file: File
    name: str
    start: int
    end: int
    value: Expression


@dataclass(slots=True)
class Body:
    """What is between a block's braces, or in a file."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """`type "label" { body }`; `start` and `end` are those of the header, before the brace."""

    file: File
    type: str
    labels: tuple[str, ...]
    start: int
    end: int
    body: Body
