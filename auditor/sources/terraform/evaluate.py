"""The values of expressions.

A value that only deployment decides is a member of `auditor.values`; a condition that is open makes a `Choice`, of
which every operation takes both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from auditor.sources.choices import could_be
from auditor.sources.terraform.functions import call
from auditor.sources.terraform.parser import MEMBER
from auditor.sources.terraform.syntax import (
    Binary,
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
    Template,
    TemplateFor,
    Tuple,
    Unary,
)
from auditor.sources.terraform.values import (
    BadArgument,
    Encoded,
    Failure,
    OpenList,
    OpenMap,
    Thing,
    each,
    joined,
    kind_of,
    members,
    number,
    open_part,
    rounded,
    same,
    shown,
    whole,
    whole_number,
)
from auditor.values import Choice, Reference, Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.files import File
    from auditor.sources.terraform.module import Module
    from auditor.sources.terraform.world import World

_MAX_SUBJECT: Final = 80


@dataclass(frozen=True, slots=True)
class Context:
    """Where an expression stands.

    Attributes:
        world, module, file: which it belongs to.
        names: what names stand for besides the module's own: `each`, `count`, those of loops.
    """

    world: World
    module: Module
    file: File
    names: Mapping[str, Any]

    def evaluate(self, node: Expression) -> Any:
        """The value of an expression that stands here; raises `Failure` where it has none."""
        return evaluate(node, self)

    def having(self, names: Mapping[str, Any]) -> Context:
        """The same with more names."""
        return replace(self, names={**self.names, **names})

    def each(self, function: Callable[..., Any], *values: Any) -> Any:
        """See `values.each`."""
        return each(function, *values, keep=self.world.keeping)

    def written(self, node: Expression) -> str:
        """How an expression is written, in one short line."""
        text = " ".join(self.file.text[node.start : node.end].split())
        return self.module.prefix + (text if len(text) <= _MAX_SUBJECT else f"{text[:_MAX_SUBJECT]}…")

    def truth(self, value: Any, node: Expression) -> Any:
        """A value as true or false, or a choice of these.

        Raises:
            BadArgument: it is neither.
        """
        return self.each(lambda settled: self._truth(settled, node), value)

    def _truth(self, value: Any, node: Expression) -> Any:
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return value == "true"
        if type(value) in (Unknown, Reference):
            return self.world.open(self.world.subject(value, self.written(node)))
        raise BadArgument(f"true or false is needed, not {kind_of(value)}")


def evaluate(node: Expression, context: Context) -> Any:
    """The value of an expression.

    Raises:
        Failure: it has none.
    """
    try:
        with context.world.deeper():
            return _EVALUATE[type(node)](node, context)
    except BadArgument as error:
        raise Failure(str(error), node) from None


# --- texts ----------------------------------------------------------------------------------------------------------


def _template(node: Template, context: Context) -> Any:
    world = context.world
    pieces = [evaluate(part, context) for part in node.parts]
    result = context.each(lambda *settled: joined(*map(world.literal, settled)), *pieces)
    if type(result) is str:
        world.charge(len(result))
    return result


def _template_for(node: TemplateFor, context: Context) -> Any:
    def text(collection: Any) -> Any:
        if type(collection) in (Unknown, Reference):
            return Unknown(_reason(collection))
        texts = [evaluate(node.body, context.having(names)) for names in _bindings(node.names, collection, context)]
        return context.each(joined, *texts)

    return context.each(text, evaluate(node.collection, context))


def _reason(value: Any) -> str:
    return value.reason if type(value) is Unknown else f"{shown(value)} is known only at deployment"


# --- reaching into values -------------------------------------------------------------------------------------------


def _name(node: Name, context: Context) -> Any:
    if node.name in context.names:
        return context.names[node.name]
    return context.module.first(node.name)


def _member(node: Member, context: Context) -> Any:
    return context.each(lambda target: member(target, node.name), evaluate(node.target, context))


def member(target: Any, name: str) -> Any:
    """`target.name` of a settled value.

    Raises:
        BadArgument: there is none.
    """
    if isinstance(target, Thing):
        return target.member(name)
    if isinstance(target, dict):
        if name in target:
            return target[name]
        if isinstance(target, OpenMap):
            return Unknown(target.reason)
        raise BadArgument(f"there is nothing called {name} in this object")
    if isinstance(target, list) and name.isdecimal():
        return item(target, int(name))
    return _deeper(target, name)


def _index(node: Index, context: Context) -> Any:
    return context.each(item, evaluate(node.target, context), evaluate(node.key, context))


def item(target: Any, key: Any) -> Any:
    """`target[key]` of settled values.

    Raises:
        BadArgument: there is none.
    """
    if type(key) in (Unknown, Reference) and isinstance(target, dict | list) and key not in target:
        only = list(target.values() if isinstance(target, dict) else target)
        return only[0] if len(only) == 1 and isinstance(only[0], Thing) else Unknown(_reason(key))
    if isinstance(target, dict | Thing):
        return member(target, str(joined(key)))
    if isinstance(target, list):
        place = whole_number(key)
        if 0 <= place < len(target):
            return target[place]
        if isinstance(target, OpenList):
            return target.rest()
        raise BadArgument(f"the list has {len(target)} members, so none has the index {place}")
    return _deeper(target, str(joined(key)))


def _deeper(target: Any, step: str) -> Any:
    """One step into what only deployment knows."""
    if type(target) is Unknown:
        return Unknown(target.reason)
    if type(target) is Reference:
        return Reference(target.target, f"{target.attribute}.{step}" if target.attribute else step, target.scope)
    raise BadArgument(f"{kind_of(target)} has no {step}")


def _splat(node: Splat, context: Context) -> Any:
    def spread_out(target: Any) -> Any:
        if type(target) in (Unknown, Reference):
            return Unknown(_reason(target))
        if target is None:
            return []
        things = target if isinstance(target, list) else [target]
        kind = OpenList if isinstance(target, OpenList) else list
        return kind(evaluate(node.each, context.having({MEMBER: thing})) for thing in things)

    return context.each(spread_out, evaluate(node.target, context))


# --- operators ------------------------------------------------------------------------------------------------------


def _unary(node: Unary, context: Context) -> Any:
    value = evaluate(node.operand, context)
    if node.operator == "!":
        return context.each(lambda truth: not truth, context.truth(value, node.operand))
    return context.each(lambda settled: _computed(lambda: whole(-number(settled)), settled), value)


def _computed(compute: Callable[[], Any], *operands: Any) -> Any:
    unknown = open_part(list(operands))
    if unknown:
        return Unknown(unknown.reason)
    try:
        return compute()
    except ZeroDivisionError:
        raise BadArgument("a number can't be divided by zero") from None
    except OverflowError:
        raise BadArgument("the number is too large") from None


_ARITHMETIC: Final[Mapping[str, Callable[[float, float], Any]]] = {
    "+": lambda left, right: rounded(left + right),
    "-": lambda left, right: rounded(left - right),
    "*": lambda left, right: rounded(left * right),
    "/": lambda left, right: left // right if left % right == 0 else left / right,
    "%": lambda left, right: left - right * int(left / right),
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}
_MAX_NUMBER: Final = 10**400


def _binary(node: Binary, context: Context) -> Any:
    if node.operator in ("&&", "||"):
        return _both(node, context)
    left, right = evaluate(node.left, context), evaluate(node.right, context)
    if node.operator in ("==", "!="):
        equal = context.each(lambda one, other: _equal(node, one, other, context), left, right)
        return equal if node.operator == "==" else context.each(lambda truth: not truth, equal)
    function = _ARITHMETIC[node.operator]

    def compute(one: Any, other: Any) -> Any:
        result = _computed(lambda: function(number(one), number(other)), one, other)
        if type(result) is Unknown and node.operator in ("<", ">", "<=", ">="):
            return context.world.open(context.written(node))
        if isinstance(result, int) and abs(result) > _MAX_NUMBER:
            raise BadArgument("the number is too large")
        return whole(result) if type(result) is float else result

    return context.each(compute, left, right)


def _both(node: Binary, context: Context) -> Any:
    absorbing = node.operator == "||"
    left = context.truth(evaluate(node.left, context), node.left)
    if left is absorbing:
        return left
    right = context.truth(evaluate(node.right, context), node.right)
    if right is absorbing:
        return right
    return context.each(lambda one, other: one or other if absorbing else one and other, left, right)


def _equal(node: Binary, left: Any, right: Any, context: Context) -> Any:
    if open_part(left) is None and open_part(right) is None:
        return same(left, right)
    for one, other, written in ((left, right, node.left), (right, left, node.right)):
        if other is None and (isinstance(one, Reference | Thing | list | dict) or (type(one) is Unknown and one.parts)):
            return False
        if open_part(other) is None and type(one) is Unknown and not isinstance(other, list | dict):
            text = "null" if other is None else joined(other)
            if other is not None and not could_be(one, text):
                return False
            return context.world.open(context.world.subject(one, context.written(written)), text)
    return context.world.open(context.written(node))


def _conditional(node: Conditional, context: Context) -> Any:
    condition = context.truth(evaluate(node.condition, context), node.condition)
    if isinstance(condition, bool):
        return evaluate(node.then if condition else node.otherwise, context)
    branches: dict[bool, Any] = {}

    def branch(truth: bool) -> Any:
        if truth not in branches:
            branches[truth] = evaluate(node.then if truth else node.otherwise, context)
        return branches[truth]

    return context.each(branch, condition)


# --- collections ----------------------------------------------------------------------------------------------------


def _tuple(node: Tuple, context: Context) -> Any:
    context.world.charge(len(node.items))
    return [evaluate(inner, context) for inner in node.items]


def _object(node: Object, context: Context) -> Any:
    context.world.charge(len(node.items))
    return _map_of([(evaluate(key, context), evaluate(value, context)) for key, value in node.items], context)


def _map_of(pairs: list[tuple[Any, Any]], context: Context) -> Any:
    keys = [context.world.literal(key) for key, _ in pairs]
    if all(type(key) is str for key in keys):
        return {key: value for key, (_, value) in zip(keys, pairs, strict=True)}
    return context.each(lambda *settled: _with_keys(settled, pairs), *keys)


def _with_keys(keys: tuple[Any, ...], pairs: list[tuple[Any, Any]]) -> Any:
    result: dict[str, Any] = {}
    reason = None
    for key, (_, value) in zip(keys, pairs, strict=True):
        name = joined(key)
        if type(name) is Unknown:
            reason = reason or name.reason
        else:
            result[name] = value
    return OpenMap(result, reason) if reason else result


def _bindings(names: tuple[str, ...], collection: Any, context: Context) -> list[dict[str, Any]]:
    """What the names of a loop stand for, in each turn."""
    if type(collection) is Encoded or isinstance(collection, Thing):
        raise BadArgument(f"a list, set or map is needed, not {kind_of(collection)}")
    pairs = list(members(collection))
    context.world.charge(len(pairs))
    if len(names) == 1:
        return [{names[0]: value} for _, value in pairs]
    return [{names[0]: key, names[1]: value} for key, value in pairs]


def _for(node: For, context: Context) -> Any:
    return context.each(lambda settled: _loop(node, settled, context), evaluate(node.collection, context))


def _loop(node: For, collection: Any, context: Context) -> Any:
    if type(collection) in (Unknown, Reference):
        return Unknown(_reason(collection))
    results: list[tuple[Any, Any, Any]] = []
    for names in _bindings(node.names, collection, context):
        inner = context.having(names)
        wanted = context.truth(evaluate(node.condition, inner), node.condition) if node.condition else True
        if wanted is not False:
            key = evaluate(node.key, inner) if node.key else None
            results.append((wanted, key, evaluate(node.value, inner)))
    is_open = isinstance(collection, OpenList | OpenMap)
    reason = open_part(collection) if is_open else None

    def made(*wanted: bool) -> Any:
        chosen = [(key, value) for want, (_, key, value) in zip(wanted, results, strict=True) if want]
        if node.key is None:
            values = [value for _, value in chosen]
            if reason is None:
                return values
            return OpenList(values if any(type(v) is Unknown for v in values) else [*values, Unknown(reason.reason)])
        made = _grouped(chosen, context) if node.group else _unique_map(chosen, context)
        return OpenMap(made, reason.reason) if reason and isinstance(made, dict) else made

    return context.each(made, *(wanted for wanted, _, _ in results))


def _unique_map(pairs: list[tuple[Any, Any]], context: Context) -> Any:
    made = _map_of(pairs, context)
    if type(made) is dict and len(made) < len(pairs):
        raise BadArgument("two members have the same key; `...` after the value would collect both")
    return made


def _grouped(pairs: list[tuple[Any, Any]], context: Context) -> Any:
    groups: dict[Any, list[Any]] = {}
    for key, value in pairs:
        if type(key) is Choice:
            return Unknown(f"its keys depend on the condition {key.condition}")
        if isinstance(key, dict | list):
            raise BadArgument(f"a key can't be {kind_of(key)}")
        groups.setdefault(key, []).append(value)
    return _map_of(list(groups.items()), context)


_EVALUATE: Final[Mapping[type[Expression], Callable[[Any, Context], Any]]] = {
    Literal: lambda node, context: node.value,
    Template: _template,
    TemplateFor: _template_for,
    Name: _name,
    Member: _member,
    Index: _index,
    Splat: _splat,
    Call: call,
    Unary: _unary,
    Binary: _binary,
    Conditional: _conditional,
    Tuple: _tuple,
    Object: _object,
    For: _for,
}
