"""The intrinsic functions: one Python function each, and the table that finds them by name.

Each takes the resolver and the function's argument as the template has it, resolves what it needs of it, and gives
plain data or a member of `auditor.values`. For a wrong argument it raises `BadArgument`, which the resolver notes.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from auditor.sources.choices import BadArgument, kind_of, spread, spread_list, text_of
from auditor.values import ABSENT, Choice, Reference, Unknown

if TYPE_CHECKING:
    from auditor.sources.cloudformation.resolve import Resolver

_VARIABLE: Final = re.compile(r"\$\{(!?)([^{}]*)\}")
_MAX_CIDRS: Final = 256


def ref(resolver: Resolver, argument: Any) -> Any:
    """`Ref`: a parameter's value, a pseudo-parameter, or a reference to a resource."""
    if not isinstance(argument, str):
        raise BadArgument(f"it takes a name, not {kind_of(argument)}")
    return resolver.ref(argument)


def get_att(resolver: Resolver, argument: Any) -> Any:
    """`Fn::GetAtt`: a reference to a resource's attribute."""
    if isinstance(argument, str):
        argument = argument.split(".", 1)
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
        raise BadArgument("it takes a resource and one of its attributes")
    name = argument[0]
    return spread(
        lambda attribute: attribute if type(attribute) is Unknown else resolver.attribute(name, text_of(attribute)),
        resolver.child(1, argument[1]),
    )


def sub(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Sub`: a text with `${Name}` and `${Resource.Attribute}` filled in."""
    variables: dict[str, Any] = {}
    template = argument
    if isinstance(argument, list):
        if len(argument) != 2 or not isinstance(argument[1], dict):
            raise BadArgument("it takes a text, or a list of a text and a mapping")
        template = argument[0]
        inner = resolver.descend(1)
        variables = {name: inner.child(name, value) for name, value in argument[1].items()}
        resolver.ascend()
    if isinstance(template, dict) and type(unknown := resolver.resolve(template)) is Unknown:
        return unknown  # a macro or a tool puts the text there
    if not isinstance(template, str):
        raise BadArgument(f"it takes a text, not {kind_of(template)}")
    return spread(lambda *pieces: resolver.text(pieces), *_sub_pieces(resolver, template, variables))


def _sub_pieces(resolver: Resolver, template: str, variables: dict[str, Any]) -> Iterator[Any]:
    end = 0
    for match in _VARIABLE.finditer(template):
        if match.start() > end:
            yield template[end : match.start()]
        end = match.end()
        name = match[2].strip()
        if match[1]:
            yield f"${{{match[2]}}}"
        elif name in variables:
            yield variables[name]
        elif "." in name:
            yield resolver.attribute(*name.split(".", 1))
        else:
            yield resolver.ref(name)
    if end < len(template) or not end:
        yield template[end:]


def join(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Join`: the members of a list as one text."""
    delimiter, members = _pair(argument, "a delimiter and a list")
    if not isinstance(delimiter, str):
        raise BadArgument(f"its delimiter must be a text, not {kind_of(delimiter)}")

    def joined(values: Any) -> Any:
        if unknown := _unknown(values):
            return unknown
        pieces: list[Any] = []
        for value in _list(values):
            if value is not ABSENT:
                pieces += (delimiter, value) if pieces and delimiter else (value,)
        return resolver.text(pieces)

    return spread_list(joined, resolver.child(1, members))


def select(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Select`: one member of a list."""
    index, members = _pair(argument, "an index and a list")

    def picked(place: Any, values: Any) -> Any:
        if unknown := _unknown(place, values):
            return unknown
        values, number = _list(values), _whole(place, "its index")
        if any(type(value) is Choice and _may_vanish(value) for value in values):
            return spread(lambda *each: picked(place, [value for value in each if value is not ABSENT]), *values)
        if not 0 <= number < len(values):
            raise BadArgument(f"its list has {len(values)} members, so there is no member {number}")
        return values[number]

    return spread(picked, resolver.child(0, index), resolver.child(1, members))


def _may_vanish(value: Any) -> bool:
    if type(value) is Choice:
        return _may_vanish(value.then) or _may_vanish(value.otherwise)
    return value is ABSENT


def split(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Split`: the pieces of a text as a list."""
    delimiter, text = _pair(argument, "a delimiter and a text")
    if not isinstance(delimiter, str) or not delimiter:
        raise BadArgument("its delimiter must be a text of one character or more")

    def pieces(value: Any) -> Any:
        if type(value) is Unknown:
            return Unknown(value.reason)
        whole = text_of(value)
        if "${" in whole:  # what it refers to may hold the delimiter
            return Unknown(f"{whole} is known only after deployment")
        resolver.charge(len(whole))
        return whole.split(delimiter)

    return spread(pieces, resolver.child(1, text))


def base64_of(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Base64`. The pieces of a text that is known in part stay unencoded, so that checks can match them."""

    def encoded(value: Any) -> Any:
        if type(value) is Unknown:
            return value
        content = text_of(value).encode()
        resolver.charge(len(content))
        return base64.b64encode(content).decode()

    return spread(encoded, resolver.resolve(argument))


def get_azs(resolver: Resolver, argument: Any) -> Any:
    """`Fn::GetAZs`: only the account knows which zones it has."""
    resolver.resolve(argument)
    return Unknown("the availability zones depend on the account and region")


def cidr(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Cidr`: the first address blocks of a block."""
    if not isinstance(argument, list) or len(argument) not in (2, 3):
        raise BadArgument("it takes an address block, a count and a number of bits")

    def blocks(block: Any, count: Any, bits: Any = None) -> Any:
        if unknown := _unknown(block, count, bits):
            return unknown
        if bits is None:
            return Unknown("the number of bits of Fn::Cidr is not given")
        number = _whole(count, "its count")
        if not 1 <= number <= _MAX_CIDRS:
            raise BadArgument(f"its count must be from 1 to {_MAX_CIDRS}")
        resolver.charge(number * 20)
        import ipaddress  # here, as few templates need it

        try:
            network = ipaddress.ip_network(text_of(block), strict=False)
            prefix = network.max_prefixlen - _whole(bits, "its number of bits")
            found = [str(each) for each in islice(network.subnets(new_prefix=prefix), number)]
        except ValueError as error:
            raise BadArgument(f"the address block can't be divided so: {error}") from None
        if len(found) < number:
            raise BadArgument(f"the address block has room for {len(found)} blocks, not {number}")
        return found

    return spread(blocks, *(resolver.child(index, value) for index, value in enumerate(argument)))


def import_value(resolver: Resolver, argument: Any) -> Any:
    """`Fn::ImportValue`: an output of another stack, which may be among the templates that are read together."""

    def imported(name: Any) -> Any:
        value = resolver.imported(name)
        if value is not None:
            return value
        shown = "".join(part or "*" for part in name.parts or (None,)) if type(name) is Unknown else text_of(name)
        return Unknown(f"the export {shown} belongs to another stack")

    with resolver.naming():
        return spread(imported, resolver.resolve(argument))


def length(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Length`: how many members a list has."""

    def counted(members: Any) -> Any:
        if unknown := _unknown(members):
            return unknown
        return spread(lambda *each: sum(member is not ABSENT for member in each), *_list(members))

    return spread(counted, resolver.resolve(argument))


def to_json_string(resolver: Resolver, argument: Any) -> Any:
    """`Fn::ToJsonString`: a list or a mapping as a JSON text, unknown pieces left open."""
    value = resolver.resolve(argument)
    if not isinstance(value, Choice | Unknown | Mapping | list):
        raise BadArgument(f"it takes a list or a mapping, not {kind_of(value)}")
    return spread(lambda *pieces: resolver.text(pieces), *_json(resolver, value))


def _json(resolver: Resolver, value: Any) -> Iterator[Any]:
    """The pieces of a JSON text: texts, and what is unknown or open."""
    if type(value) is Choice and _may_vanish(value):
        yield Unknown(f"it depends on the condition {value.condition}")
    elif type(value) is Choice:
        yield spread(lambda settled: resolver.text(_json(resolver, settled)), value)
    elif type(value) is Unknown:
        yield value
    elif isinstance(value, dict):
        yield "{"
        for number, (key, item) in enumerate(value.items()):
            yield f"{',' if number else ''}{json.dumps(key)}:"
            yield from _json(resolver, item)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for number, item in enumerate(value):
            if number:
                yield ","
            yield from _json(resolver, item)
        yield "]"
    elif isinstance(value, Mapping):
        yield Unknown("what a macro adds to it is unknown")
    else:
        yield json.dumps(value)


def find_in_map(resolver: Resolver, argument: Any) -> Any:
    """`Fn::FindInMap`: a value of the template's `Mappings`, or the default that the fourth argument gives."""
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        raise BadArgument("it takes the name of a mapping and two keys")
    default: Any = ABSENT
    if len(argument) == 4:
        if not isinstance(argument[3], dict) or "DefaultValue" not in argument[3]:
            raise BadArgument("its fourth argument must be a mapping with DefaultValue")
        default = resolver.descend(3).child("DefaultValue", argument[3]["DefaultValue"])
        resolver.ascend()

    def found(*names: Any) -> Any:
        if unknown := _unknown(*names):
            return unknown
        mapping, first, second = (text_of(name) for name in names)
        return resolver.find_in_map(mapping, first, second, default)

    return spread(found, *(resolver.child(index, argument[index]) for index in range(3)))


def if_(resolver: Resolver, argument: Any) -> Any:
    """`Fn::If`: one of two values, or a choice between them where the condition is open."""
    if not isinstance(argument, list) or len(argument) != 3:
        raise BadArgument("it takes the name of a condition and two values")
    name = argument[0]
    if isinstance(name, dict) and len(name) == 1:
        name = name.get("Condition")
    if not isinstance(name, str):
        raise BadArgument("its first argument must be the name of a condition")
    condition = resolver.conditions.named(name)
    if isinstance(condition, bool):
        return resolver.child(1 if condition else 2, argument[1 if condition else 2])
    with resolver.under_condition():
        then, otherwise = resolver.child(1, argument[1]), resolver.child(2, argument[2])
    if type(then) is type(otherwise) and type(then) not in (dict, list) and then == otherwise:
        return then
    resolver.found_choice = True
    return Choice(condition, then, otherwise)


def _pair(argument: Any, what: str) -> tuple[Any, Any]:
    if not isinstance(argument, list) or len(argument) != 2:
        raise BadArgument(f"it takes {what}")
    return argument[0], argument[1]


def _unknown(*values: Any) -> Unknown | None:
    """The first value that only deployment knows; a reference is one where its own value matters, not what it names."""
    for value in values:
        if type(value) is Unknown:
            return Unknown(value.reason)
        if type(value) is Reference:
            return Unknown(f"{value} is known only after deployment")
    return None


def _list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    raise BadArgument(f"a list is needed where there is {kind_of(value)}")


def _whole(value: Any, what: str) -> int:
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise BadArgument(f"{what} must be a whole number")


FUNCTIONS: Final[dict[str, Callable[[Resolver, Any], Any]]] = {
    "Ref": ref,
    "Fn::Base64": base64_of,
    "Fn::Cidr": cidr,
    "Fn::FindInMap": find_in_map,
    "Fn::GetAZs": get_azs,
    "Fn::GetAtt": get_att,
    "Fn::If": if_,
    "Fn::ImportValue": import_value,
    "Fn::Join": join,
    "Fn::Length": length,
    "Fn::Select": select,
    "Fn::Split": split,
    "Fn::Sub": sub,
    "Fn::ToJsonString": to_json_string,
}
"""The functions that give values, by name. Those that give conditions are in `conditions`."""
