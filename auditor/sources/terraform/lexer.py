"""The tokens of HCL's native syntax, one at a time: the parser knows when it is within a text, and reads that itself.

See https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from auditor.sources.nodes import SyntaxFault

# Nothing possessive here: Python 3.11.2, which Debian 12 has, gets such repetitions within others wrong.
_TOKEN: Final = re.compile(
    r"""[ \t]*(?:
      (?P<name>[^\W\d][\w-]*(?:::[^\W\d][\w-]*)*)
    | (?P<operator>\.\.\.|[=!<>]=|&&|\|\||=>|/(?![/*])|<(?!<)|[-+*%>!?:=,.~(){}\[\]])
    | (?P<string>"[^"\\$%\r\n]*(?:[$%](?!\{)[^"\\$%\r\n]*)*")
    | (?P<quote>")
    | (?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)
    | (?P<newline>\r?\n|(?:\#|//)[^\n]*(?:\n|\Z))
    | (?P<comment>/\*(?s:.)*?\*/)
    | (?P<heredoc><<-?[^\W\d][\w-]*[ \t]*\r?\n)
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)

# What stands in a text up to its end or the next `${` or `%{`.
_QUOTED: Final = re.compile(r'(?:[^"\\$%\r\n]+|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{))*')
_BARE: Final = re.compile(r"(?:[^$%]+|\$\$\{|%%\{|[$%](?!\{))*")
_ESCAPE: Final = re.compile(r"\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|\$\$\{|%%\{", re.DOTALL)
_SIMPLE_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class Token(NamedTuple):
    """A token: `kind` is the name of its group in the lexer's table; an operator's kind is the operator itself."""

    kind: str
    text: str
    start: int
    end: int


class Lexer:
    """Reads tokens off a text, which stands at `base` of its file: all positions are those of the file."""

    def __init__(self, text: str, base: int = 0) -> None:
        self._text = text
        self._base = base
        self.end = base + len(text)

    def token(self, position: int, *, newlines: bool) -> Token:
        """The next token at or after a position; line ends count only where `newlines`.

        Raises:
            SyntaxFault: there is none.
        """
        base = self._base
        position -= base
        while True:
            match = _TOKEN.match(self._text, position)
            if match is None:
                raise self._no_token(position)
            kind = match.lastgroup or ""
            if kind == "comment" or (kind == "newline" and not newlines):
                position = match.end()
                continue
            text = match[kind]
            return Token(text if kind == "operator" else kind, text, match.start(kind) + base, match.end() + base)

    def _no_token(self, position: int) -> SyntaxFault:
        rest = self._text[position:].lstrip(" \t")
        place = self.end - len(rest)
        if rest.startswith("/*"):
            return SyntaxFault("a comment that begins with /* never ends", place)
        if rest.startswith("<<"):
            return SyntaxFault("a heredoc needs a marker and then a new line after <<", place)
        if rest.startswith("'"):
            return SyntaxFault("a text stands between double quotes in Terraform, not single ones", place)
        return SyntaxFault(f"the character {rest[:1]!a} has no meaning here", place)

    def literal(self, position: int, end: int, *, quoted: bool) -> tuple[str, int]:
        """The literal text at a position of a template, as it is meant, and where it stops: a quote, `${` or `%{`.

        Raises:
            SyntaxFault: an escape has no meaning.
        """
        base = self._base
        found = (_QUOTED if quoted else _BARE).match(self._text, position - base, end - base)
        text = found[0] if found else ""
        return _meant(text, position, quoted=quoted), position + len(text)

    def ahead(self, position: int, length: int) -> str:
        """The next characters at a position."""
        return self._text[position - self._base : position - self._base + length]

    def heredoc_end(self, position: int, marker: str) -> tuple[int, int] | None:
        """Where the line that ends a heredoc begins, and where its marker does; None where there is no such line."""
        line = re.compile(rf"^[ \t]*({re.escape(marker)})[ \t]*\r?$", re.MULTILINE)
        found = line.search(self._text, position - self._base)
        return (found.start() + self._base, found.end(1) + self._base) if found else None


def _meant(text: str, start: int, *, quoted: bool) -> str:
    """What is meant by literal text; backslashes mean something only between quotes."""

    def one(match: re.Match[str]) -> str:
        if match[0][0] != "\\":
            return match[0][1:]
        if not quoted:
            return match[0]
        if match[1]:
            return _SIMPLE_ESCAPES[match[1]]
        code = int(match[2] or match[3] or "110000", 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            message = f"the escape {ascii(match[0])[1:-1]} has no meaning; a backslash itself is written twice"
            raise SyntaxFault(message, start + match.start())
        return chr(code)

    if not quoted:
        text = text.replace("\r\n", "\n")
    return _ESCAPE.sub(one, text) if "\\" in text or "{" in text else text
