"""Encoding and hash functions."""

from __future__ import annotations

import base64
import binascii
import csv
import gzip
import hashlib
import io
import uuid
import zlib
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote_plus, unquote_plus

from auditor.sources import json_text, yaml_text
from auditor.sources.documents import MAX_BYTES
from auditor.sources.nodes import SyntaxFault
from auditor.sources.terraform.functions.table import Function
from auditor.sources.terraform.functions.yaml_form import yaml_form
from auditor.sources.terraform.values import BadArgument, Encoded, encoded, kind_of, open_part
from auditor.values import Choice, Unknown


def _decoder(load: Callable[[str], Any], what: str) -> Callable[[Any], Any]:
    def decode(value: Any) -> Any:
        if type(value) is Encoded:
            return value.value
        if open_part(value):
            return Unknown(f"the {what} is known only at deployment")
        if not isinstance(value, str):
            raise BadArgument(f"a text is needed, not {kind_of(value)}")
        try:
            return load(value)
        except SyntaxFault as fault:
            raise BadArgument(f"the text {fault.message}") from None

    return decode


def _base64decode(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise BadArgument("the text is not base64 of a text") from None


def _textencodebase64(text: str, encoding: str) -> str:
    try:
        return base64.b64encode(text.encode(encoding)).decode()
    except (LookupError, UnicodeEncodeError):
        raise BadArgument("there is no such encoding, or it lacks a character of the text") from None


def _textdecodebase64(text: str, encoding: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode(encoding)
    except (LookupError, UnicodeDecodeError, ValueError):
        raise BadArgument("the text is not base64 of a text in such an encoding") from None


def _base64gzip(text: str) -> str:
    """What it holds is what Terraform's does; the bytes of that differ, as every packer has its own."""
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _base64gunzip(text: str) -> str:
    try:
        packed = base64.b64decode(text, validate=True)
        unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
        content = unpacking.decompress(packed, MAX_BYTES)
        if not unpacking.eof:
            raise BadArgument(f"the text is incomplete, or holds more than {MAX_BYTES / 1e6:.0f} MB")
        return content.decode()
    except (binascii.Error, ValueError, zlib.error):
        raise BadArgument("the text is not base64 of a text that gzip packed") from None


_NAMESPACES: Final = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


def _uuidv5(namespace: str, name: str) -> str:
    try:
        return str(uuid.uuid5(_NAMESPACES.get(namespace) or uuid.UUID(namespace), name))
    except ValueError:
        raise BadArgument("the namespace is neither a UUID nor dns, url, oid or x500") from None


def _csvdecode(text: str) -> list[Any]:
    try:
        return [
            {str(key): value for key, value in row.items()} for row in csv.DictReader(io.StringIO(text), strict=True)
        ]
    except csv.Error:
        raise BadArgument("the text is not valid CSV") from None


def _hash(name: str) -> Function:
    return Function("t", lambda text: hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest())


def _hash64(name: str) -> Function:
    def compute(text: str) -> str:
        return base64.b64encode(hashlib.new(name, text.encode(), usedforsecurity=False).digest()).decode()

    return Function("t", compute)


def _encode(value: Any) -> Any:
    """The JSON of a value; of a scalar, at once, as it is a text that conditions may be about."""
    if isinstance(value, dict | list) or type(value) in (Unknown, Choice) or open_part(value):
        return Encoded(value)
    return encoded(value)


FUNCTIONS: Final = {
    "base64decode": Function("t", _base64decode),
    "base64encode": Function("t", lambda text: base64.b64encode(text.encode()).decode()),
    "base64gunzip": Function("t", _base64gunzip),  # OpenTofu's
    "base64gzip": Function("t", _base64gzip),
    "base64sha256": _hash64("sha256"),
    "base64sha512": _hash64("sha512"),
    "csvdecode": Function("t", _csvdecode),
    "jsondecode": Function("a", _decoder(json_text.load, "JSON"), open=True),
    "jsonencode": Function("a", _encode, open=True, lenient=True),
    "md5": _hash("md5"),
    "sha1": _hash("sha1"),
    "sha256": _hash("sha256"),
    "sha512": _hash("sha512"),
    "textdecodebase64": Function("tt", _textdecodebase64),
    "textencodebase64": Function("tt", _textencodebase64),
    "urldecode": Function("t", unquote_plus),  # OpenTofu's
    "urlencode": Function("t", lambda text: quote_plus(text, safe="")),
    "uuidv5": Function("tt", _uuidv5),
    "yamldecode": Function("a", _decoder(lambda text: yaml_text.load(text)[0], "YAML"), open=True),
    "yamlencode": Function("a", lambda value: Encoded(value, yaml_form), open=True, lenient=True),
}
