"""HCL's native syntax as a tree, by recursive descent.

See https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md. The parser python-hcl2 needs 1.5 s for 50 kB and keeps
neither the positions of values nor the structure of expressions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn

from auditor.sources.nodes import SyntaxFault
from auditor.sources.terraform.lexer import Lexer, Token
from auditor.sources.terraform.syntax import (
    Attribute,
    Binary,
    Block,
    Body,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Splat,
    Tuple,
    Unary,
)
from auditor.sources.terraform.templates import MAX_DEPTH, Directive, Piece, Strip, assembled

if TYPE_CHECKING:
    from auditor.sources.terraform.files import File

MAX_CHAIN: Final = 200
"""Operators or steps in one chain, such as `a + b + …`, each of which nests one deeper in the tree."""

MEMBER: Final = "*"
"""The name of the member in what a splat does with each."""

_PRECEDENCE: Final = {
    operator: level
    for level, operators in enumerate(
        (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%")), 1
    )
    for operator in operators
}
_WORDS: Final = {"true": True, "false": False, "null": None}
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_MAX_DIGITS: Final = 300
_MAX_WHOLE: Final = 10.0**18
_SAID: Final = {
    "name": "a name",
    "string": "a text",
    "quote": "a text",
    "number": "a number",
    "newline": "the end of the line",
    "heredoc": "a heredoc",
    "end": "the end of the file",
}


def parse(text: str, file: File) -> Body:
    """The content of a `.tf` or `.tfvars` file.

    Raises:
        SyntaxFault: it is not HCL, or nested too deep.
    """
    return _Parser(Lexer(text)).file(file)


def parse_template(text: str, base: int = 0) -> Expression:
    """A text in which `${…}` and `%{…}` mean something: a template's file, or a text of a `.tf.json` file at `base`.

    Raises:
        SyntaxFault: it is not a template.
    """
    return _Parser(Lexer(text, base), base).whole_template()


def parse_expression(text: str, base: int = 0) -> Expression:
    """An expression that stands alone, as in the environment or on the command line.

    Raises:
        SyntaxFault: it is none.
    """
    return _Parser(Lexer(text, base), base).whole_expression()


class _Parser:
    def __init__(self, lexer: Lexer, start: int = 0) -> None:
        self._lexer = lexer
        self._newlines = True
        self._depth = 0
        self._token = Token("newline", "", start, start)

    # --- tokens -----------------------------------------------------------------------------------------------------

    def _goto(self, position: int) -> None:
        self._token = self._lexer.token(position, newlines=self._newlines)

    def _advance(self) -> Token:
        """Go to the next token; returns the one left behind."""
        before = self._token
        self._token = self._lexer.token(before.end, newlines=self._newlines)
        return before

    def _expect(self, kind: str, wanted: str) -> Token:
        if self._token.kind != kind:
            self._refuse(wanted)
        return self._advance()

    def _refuse(self, wanted: str) -> NoReturn:
        token = self._token
        found = _SAID.get(token.kind, f"`{token.kind}`")
        raise SyntaxFault(f"{wanted} is expected here, not {found}", token.start)

    def _skip_newlines(self) -> None:
        while self._token.kind == "newline":
            self._advance()

    def _open(self, *, newlines: bool) -> bool:
        """Pass an opening bracket; within it, line ends count or don't. Returns what `_close` needs."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise SyntaxFault(f"is nested more than {MAX_DEPTH} levels deep", self._token.start)
        before, self._newlines = self._newlines, newlines
        self._advance()
        return before

    def _close(self, kind: str, before: bool) -> int:
        """Pass a closing bracket; returns its end."""
        if self._token.kind != kind:
            self._refuse(f"`{kind}`")
        self._depth -= 1
        self._newlines = before
        return self._advance().end

    # --- blocks -----------------------------------------------------------------------------------------------------

    def file(self, file: File) -> Body:
        """All of a text, as a body."""
        self._advance()
        return self._body(file, "end")

    def _body(self, file: File, closing: str) -> Body:
        body = Body()
        while True:
            self._skip_newlines()
            if self._token.kind == closing:
                return body
            if self._token.kind != "name":
                self._refuse("an argument or a block" if closing == "end" else "an argument, a block or `}`")
            name = self._advance()
            if self._token.kind == "=":
                self._advance()
                if name.text in body.attributes:
                    raise SyntaxFault(f"the argument {name.text} is set twice; remove one of them", name.start)
                value = self.expression()
                body.attributes[name.text] = Attribute(file, name.text, name.start, name.end, value)
            else:
                body.blocks.append(self._block(file, name))
            if self._token.kind not in ("newline", closing, "end"):
                self._refuse("a new line")

    def _block(self, file: File, name: Token) -> Block:
        labels: list[str] = []
        end = name.end
        while self._token.kind in ("name", "string"):
            label = self._advance()
            labels.append(label.text.strip('"'))
            end = label.end
        if self._token.kind != "{":
            self._refuse(f"`=` or `{{` after {name.text}")
        before = self._open(newlines=True)
        body = self._body(file, "}")
        self._close("}", before)
        return Block(file, name.text, tuple(labels), name.start, end, body)

    # --- expressions ------------------------------------------------------------------------------------------------

    def whole_expression(self) -> Expression:
        """All of a text, as one expression."""
        self._newlines = False
        self._advance()
        expression = self.expression()
        self._expect("end", "the end of the expression")
        return expression

    def expression(self) -> Expression:
        """An expression, conditional or not."""
        condition = self._binary(0)
        if self._token.kind != "?":
            return condition
        self._open(newlines=self._newlines)
        then = self.expression()
        self._expect(":", "`:` and what holds otherwise")
        otherwise = self.expression()
        self._depth -= 1
        return Conditional(condition.start, otherwise.end, condition, then, otherwise)

    def _binary(self, minimum: int) -> Expression:
        left = self._unary()
        for _ in range(MAX_CHAIN):
            level = _PRECEDENCE.get(self._token.kind, 0)
            if level <= minimum:
                return left
            operator = self._advance()
            right = self._binary(level)
            left = Binary(left.start, right.end, operator.text, left, right)
        raise SyntaxFault(f"more than {MAX_CHAIN} operators in one expression", left.end)

    def _unary(self) -> Expression:
        if self._token.kind not in ("-", "!"):
            return self._steps(self._primary())
        operator = self._token
        self._open(newlines=self._newlines)
        operand = self._unary()
        self._depth -= 1
        return Unary(operator.start, operand.end, operator.text, operand)

    def _steps(self, target: Expression) -> Expression:
        """What follows a value to reach into it."""
        for _ in range(MAX_CHAIN):
            if self._token.kind == ".":
                self._advance()
                if self._token.kind == "*":
                    end = self._advance().end
                    each = self._members(Name(target.end, end, MEMBER))
                    target = Splat(target.start, each.end, target, each)
                else:
                    target = self._member(target)
            elif self._token.kind == "[":
                before = self._open(newlines=False)
                if self._token.kind == "*":
                    self._advance()
                    end = self._close("]", before)
                    each = self._steps(Name(target.end, end, MEMBER))
                    return Splat(target.start, each.end, target, each)
                key = self.expression()
                target = Index(target.start, self._close("]", before), target, key)
            else:
                return target
        raise SyntaxFault(f"more than {MAX_CHAIN} steps in one expression", target.end)

    def _members(self, target: Expression) -> Expression:
        """The names that follow `.*`; an index after it is one into the list that the splat makes."""
        for _ in range(MAX_CHAIN):
            if self._token.kind != "." or self._lexer.ahead(self._token.end, 1) == "*":
                return target
            self._advance()
            target = self._member(target)
        raise SyntaxFault(f"more than {MAX_CHAIN} steps in one expression", target.end)

    def _member(self, target: Expression) -> Expression:
        if self._token.kind == "name":
            name = self._advance()
            return Member(target.start, name.end, target, name.text)
        if self._token.kind != "number":
            self._refuse("a name or a number after the point")
        digits = self._advance()
        for index in digits.text.split("."):  # `.0.1` looks like a number
            if not index.isdecimal():
                raise SyntaxFault(f"{digits.text} is no index", digits.start)
            target = Index(target.start, digits.end, target, Literal(digits.start, digits.end, _number(index)))
        return target

    def _primary(self) -> Expression:
        token = self._token
        match token.kind:
            case "string":
                self._advance()
                return Literal(token.start, token.end, token.text[1:-1])
            case "name":
                self._advance()
                if self._token.kind == "(":
                    return self._call(token)
                if token.text in _WORDS:
                    return Literal(token.start, token.end, _WORDS[token.text])
                return Name(token.start, token.end, token.text)
            case "number":
                self._advance()
                return Literal(token.start, token.end, _number(token.text))
            case "quote":
                return self._quoted()
            case "heredoc":
                return self._heredoc()
            case "[":
                return self._tuple()
            case "{":
                return self._object()
            case "(":
                before = self._open(newlines=False)
                inner = self.expression()
                inner.start, inner.end = token.start, self._close(")", before)
                return inner
            case _:
                return self._refuse("a value")

    def _call(self, name: Token) -> Call:
        before = self._open(newlines=False)
        arguments: list[Expression] = []
        expand = False
        while self._token.kind != ")":
            arguments.append(self.expression())
            if self._token.kind == "...":
                self._advance()
                expand = True
                break
            if self._token.kind != ")":
                self._expect(",", "`,` or `)`")
        return Call(name.start, self._close(")", before), name.text, arguments, expand)

    def _tuple(self) -> Expression:
        start = self._token.start
        before = self._open(newlines=False)
        if self._token.text == "for":
            return self._for(start, "]", before)
        items: list[Expression] = []
        while self._token.kind != "]":
            items.append(self.expression())
            if self._token.kind != "]":
                self._expect(",", "`,` or `]`")
        return Tuple(start, self._close("]", before), items)

    def _object(self) -> Expression:
        start = self._token.start
        before = self._open(newlines=True)
        self._skip_newlines()
        if self._token.text == "for":
            self._newlines = False
            return self._for(start, "}", before)
        items: list[tuple[Expression, Expression]] = []
        while self._token.kind != "}":
            items.append((self._key(), self.expression()))
            if self._token.kind == ",":
                self._advance()
            elif self._token.kind not in ("newline", "}"):
                self._refuse("`,`, a new line or `}`")
            self._skip_newlines()
        return Object(start, self._close("}", before), items)

    def _key(self) -> Expression:
        """A key of an object: a lone name means itself, unless it is in parentheses."""
        literal = self._token.kind == "name"
        key = self.expression()
        if self._token.kind not in ("=", ":"):
            self._refuse("`=` and a value")
        self._advance()
        if literal and isinstance(key, Name):
            return Literal(key.start, key.end, key.name)
        return key

    def _for(self, start: int, closing: str, before: bool) -> For:
        self._advance()
        names, collection = self._for_head()
        self._expect(":", "`:` and what to make of each member")
        key, value = None, self.expression()
        group = False
        if closing == "}":
            self._expect("=>", "`=>` and a value")
            key, value = value, self.expression()
            if self._token.kind == "...":
                self._advance()
                group = True
        condition = None
        if self._token.text == "if":
            self._advance()
            condition = self.expression()
        return For(start, self._close(closing, before), names, collection, key, value, condition, group)

    def _for_head(self) -> tuple[tuple[str, ...], Expression]:
        """`key, value in collection`."""
        names = [self._expect("name", "a name for each member").text]
        if self._token.kind == ",":
            self._advance()
            names.append(self._expect("name", "a name for each member").text)
        if self._token.text != "in":
            self._refuse("`in` and a collection")
        self._advance()
        return tuple(names), self.expression()

    # --- texts ------------------------------------------------------------------------------------------------------

    def whole_template(self) -> Expression:
        """All of a text, as a template."""
        start = self._token.start
        pieces, end = self._pieces(start, self._lexer.end, quoted=False)
        return assembled(pieces, start, end)

    def _quoted(self) -> Expression:
        start = self._token.start
        pieces, end = self._pieces(start + 1, self._lexer.end, quoted=True)
        self._goto(end + 1)
        return assembled(pieces, start, end + 1)

    def _heredoc(self) -> Expression:
        token = self._token
        marker = token.text[2:].strip().removeprefix("-")
        found = self._lexer.heredoc_end(token.end, marker)
        if found is None:
            raise SyntaxFault(f"the heredoc that begins here needs a line that holds only {marker}", token.start)
        body_end, end = found
        pieces, _ = self._pieces(token.end, body_end, quoted=False)
        self._goto(end)
        return assembled(pieces, token.start, end, indented=token.text[2] == "-")

    def _pieces(self, position: int, limit: int, *, quoted: bool) -> tuple[list[Piece], int]:
        """The pieces of a template, and where it ends: at its quote, or at `limit`."""
        start = position
        pieces: list[Piece] = []
        while True:
            text, end = self._lexer.literal(position, limit, quoted=quoted)
            lines = [text] if quoted else _LINE.findall(text)
            pieces += [Piece(Literal(position, end, line)) for line in lines if line]
            sign = self._lexer.ahead(end, 3)
            if quoted and sign[:1] == '"':
                return pieces, end
            if not quoted and end >= limit:
                return pieces, limit
            if sign[:2] not in ("${", "%{"):
                raise SyntaxFault("the text that begins here has no end on its line", start - 1)
            piece, position = self._sequence(end, sign)
            pieces.append(piece)
            if position > limit:
                raise SyntaxFault("the `${` that begins here has no end within its text", end)

    def _sequence(self, start: int, sign: str) -> tuple[Piece, int]:
        """One `${…}` or `%{…}`, and where it ends."""
        left = sign[2:] == "~"
        before = self._newlines
        self._token = Token(sign[:2], sign[:2], start, start + 2 + left)
        self._open(newlines=False)
        content = self.expression() if sign[0] == "$" else self._directive(start)
        right = self._token.kind == "~"
        if right:
            self._advance()
        if self._token.kind != "}":
            self._refuse("`}`")
        self._depth -= 1
        self._newlines = before
        return Piece(content, Strip(left, right)), self._token.end

    def _directive(self, start: int) -> Directive:
        word = self._expect("name", "`if`, `else`, `endif`, `for` or `endfor`").text
        directive = Directive(start, self._token.start, word)
        if word == "if":
            directive.value = self.expression()
        elif word == "for":
            directive.names, directive.value = self._for_head()
        elif word not in ("else", "endif", "endfor"):
            raise SyntaxFault(f"%{{ {word} }} has no meaning; a literal %{{ is written %%{{", start)
        return directive


def _number(digits: str) -> int | float:
    if digits.isdecimal():
        return int(digits) if len(digits) <= _MAX_DIGITS else float(digits)
    number = float(digits)
    return int(number) if number.is_integer() and abs(number) < _MAX_WHOLE else number
