"""Checks speak of CloudFormation's properties; who reads Terraform is told its arguments instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from auditor.resources.base import Struct
from auditor.resources.fields import NOWHERE, Field, steps

# A word like `KmsKeyId`; of those that may be plain English (`Encrypted`) only one that is to be set.
_PROPERTY: Final = re.compile(r"(?<![\w:./-])(?:[A-Z]\w*[a-z0-9][A-Z]\w*|(?:(?<=set )|(?<=and ))[A-Z][a-z]+)(?!\w|::)")
_ARTICLE: Final = re.compile(r"\ba(?= aws_)")


def in_terraform(text: str, classes: Iterable[type[Struct]]) -> str:
    """A text with the arguments, blocks and resources of Terraform in place of CloudFormation's properties.

    Args:
        text: what a check says.
        classes: of the resources that it speaks of; of several with such a property the first counts.
    """
    every = tuple(classes)

    def told(found: re.Match[str]) -> str:
        for cls in every:
            if cls not in _KNOWN:
                _KNOWN[cls] = _names(cls)
        return next((name for cls in every if (name := _KNOWN[cls].get(found[0]))), found[0])

    return _ARTICLE.sub("an", _PROPERTY.sub(told, text))


_KNOWN: Final[dict[type[Struct], dict[str, str]]] = {}


def _names(cls: type[Struct]) -> dict[str, str]:
    """What Terraform calls each property of a class and of the blocks in it, the outer ones first."""
    names: dict[str, str] = {}
    seen = {cls}
    level = [cls]
    while level:
        inner: list[type[Struct]] = []
        for one in level:
            for name, field in one.plan("cfn").items():
                for property, argument in _pairs(field, one.plan("tf")[name]):
                    names.setdefault(property, argument)
                if isinstance(field.inner, type) and issubclass(field.inner, Struct) and field.inner not in seen:
                    seen.add(field.inner)
                    inner.append(field.inner)
        level = inner
    return names


def _pairs(cfn: Field, tf: Field) -> Iterator[tuple[str, str]]:
    """The steps of a field's path in CloudFormation, each with what stands for it in Terraform."""
    if not cfn.path or cfn.path == (NOWHERE,):
        return
    *holders, last = cfn.path
    if tf.parts:
        part = tf.parts[0]
        yield from ((holder, part.type) for holder in holders)
        yield last, steps(part.take)[-1] if holders and part.take else part.type
    elif tf.path and tf.path != (NOWHERE,):
        if len(tf.path) == len(cfn.path):
            yield from zip(holders, tf.path, strict=False)
        yield last, tf.path[-1]
