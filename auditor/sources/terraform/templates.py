"""Templates put together: strip markers, the indentation of heredocs, `%{if}` and `%{for}`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, NamedTuple

from auditor.sources.nodes import SyntaxFault
from auditor.sources.terraform.syntax import Conditional, Expression, Literal, Template, TemplateFor


class Strip(NamedTuple):
    """Whether a `~` stands at the beginning or at the end of a `${…}` or `%{…}`."""

    left: bool = False
    right: bool = False


@dataclass(slots=True)
class Directive(Expression):
    """`%{ word … }`: `value` is an `if`'s condition or a `for`'s collection."""

    word: str
    names: tuple[str, ...] = ()
    value: Expression | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a template: literal text, an interpolated expression, or a directive."""

    content: Expression
    strip: Strip | None = None

    @property
    def text(self) -> str | None:
        """Its text, None where it is no literal text of the template."""
        return self.content.value if self.strip is None and isinstance(self.content, Literal) else None


MAX_DEPTH: Final = 80
"""Blocks, expressions and directives nested deeper are refused."""

_CLOSING: Final = {"if": ("else", "endif"), "else": ("endif",), "for": ("endfor",)}


def assembled(pieces: Sequence[Piece], start: int, end: int, *, indented: bool = False) -> Expression:
    """The expression that a template is; a text without sequences is a literal, `${x}` alone is x.

    Args:
        pieces: in order; literal text of several lines is a piece for each.
        start, end: where the template stands.
        indented: whether the indentation that its lines share is not meant.

    Raises:
        SyntaxFault: directives don't match.
    """
    stripped = list(_stripped(pieces))
    body, _ = _body(iter(_unindented(stripped) if indented else stripped), [])
    body = list(_with_whole_texts(body))
    if not body:
        return Literal(start, end, "")
    if len(body) == 1 and (len(pieces) == 1 or isinstance(body[0], Literal)):
        only = body[0]
        if isinstance(only, Literal):
            return Literal(start, end, only.value)
        if not isinstance(pieces[0].content, Directive):
            only.start, only.end = start, end
            return only
    return Template(start, end, body)


def _with_whole_texts(body: Sequence[Expression]) -> Iterator[Expression]:
    """The expressions with neighbouring texts made one."""
    for is_text, group in groupby(body, lambda part: isinstance(part, Literal) and isinstance(part.value, str)):
        parts = list(group)
        if is_text:
            text = "".join(part.value for part in parts if isinstance(part, Literal))
            yield Literal(parts[0].start, parts[-1].end, text)
        else:
            yield from parts


def _stripped(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces without the white space that strip markers take off their neighbours."""
    for index, piece in enumerate(pieces):
        text = piece.text
        if text is None:
            yield piece
            continue
        before = pieces[index - 1].strip if index else None
        after = pieces[index + 1].strip if index + 1 < len(pieces) else None
        if before and before.right:
            text = text.lstrip()
        if after and after.left:
            text = text.rstrip()
        if text:
            yield _with_text(piece, text)


def _body(pieces: Iterator[Piece], open_ones: list[Directive]) -> tuple[list[Expression], Directive | None]:
    """The expressions up to the directive that closes the last of `open_ones`, and that directive."""
    opening = open_ones[-1] if open_ones else None
    if opening and len(open_ones) > MAX_DEPTH:
        raise SyntaxFault(f"is nested more than {MAX_DEPTH} levels deep", opening.start)
    found: list[Expression] = []
    for piece in pieces:
        content = piece.content
        if not isinstance(content, Directive):
            found.append(content)
        elif opening and content.word in _CLOSING[opening.word]:
            return found, content
        elif content.value is None:
            raise SyntaxFault(f"%{{ {content.word} }} closes nothing here", content.start)
        elif content.word == "for":
            body, last = _body(pieces, [*open_ones, content])
            found.append(TemplateFor(content.start, _end(last), content.names, content.value, _joined(content, body)))
        else:
            then, last = _body(pieces, [*open_ones, content])
            otherwise: list[Expression] = []
            if last and last.word == "else":
                otherwise, last = _body(pieces, [*open_ones, last])
            branches = _joined(content, then), _joined(content, otherwise)
            found.append(Conditional(content.start, _end(last), content.value, *branches))
    if opening:
        raise SyntaxFault(f"%{{ {opening.word} }} needs %{{ {_CLOSING[opening.word][-1]} }}", opening.start)
    return found, None


def _end(last: Directive | None) -> int:
    return last.end if last else 0


def _joined(opening: Directive, body: list[Expression]) -> Expression:
    return Template(
        body[0].start if body else opening.start, body[-1].end if body else opening.end, [*_with_whole_texts(body)]
    )


def _unindented(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a `<<-` heredoc without the indentation that all its lines share."""
    begins = [True]
    for piece in pieces:
        begins.append((piece.text or "").endswith("\n"))
    firsts = [piece.text or "" for piece, first in zip(pieces, begins, strict=False) if first]
    shared = min((_indent(text) for text in firsts if text.strip() or not text.endswith("\n")), default=0)
    return [
        _with_text(piece, piece.text[min(shared, _indent(piece.text)) :]) if first and piece.text else piece
        for piece, first in zip(pieces, begins, strict=False)
    ]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _with_text(piece: Piece, text: str) -> Piece:
    content = piece.content
    return replace(piece, content=Literal(content.start, content.end, text))
