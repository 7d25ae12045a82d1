"""Collectors of services whose API is regular, as tables.

List, describe each (one by one, or many at once), ask more about each, add tags:

    regular(
        "dynamodb",
        "AWS::DynamoDB::Table",
        Listing("ListTables", "TableNames[].{TableName: @}"),
        describe=Call("DescribeTable", "Table", {"TableName": "{TableName}"}, gone=("ResourceNotFoundException",)),
        more=(
            Call(
                "DescribeContinuousBackups",
                "ContinuousBackupsDescription.PointInTimeRecoveryDescription",
                {"TableName": "{TableName}"},
                into="PointInTimeRecovery",
            ),
        ),
        tagging="dynamodb:table",
        arn="arn:{partition}:dynamodb:{region}:{account}:table/{TableName}",
        title="{TableName}",
    )

A template such as `arn` is filled from `{partition}`, `{region}`, `{account}`, the resource's properties (dotted for a
nested one) and what it was listed within; `{QueueUrl!n}` is what follows the last `/` or `:`, `{Name!l}` is in lower
case. What is not regular is written as a generator function; see `collector`.

A call about each that tells nothing wanted is left out. A description is taken to tell all that nothing else tells: not
`more`, not the tags, not the listing as far as `arn`, the description's own parameters and `tells` show.
"""

from __future__ import annotations

import re
import string
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import Any, Literal

import jmespath

from auditor.raw import Raw
from auditor.sources.account.collector import AllBut, Api, Details, Incomplete, collector
from auditor.sources.account.failures import CallFailed
from auditor.sources.account.services.tagging import TAGS_OPERATION, tags_by_arn, tags_of
from auditor.values import ABSENT, Undecided, Unknown, known

Properties = Mapping[str, Any]
_NOTHING: Properties = {}


@dataclass(frozen=True, slots=True)
class Ago:
    """A parameter's value: the time so many days before the scan, for lists that have no end."""

    days: int


@dataclass(frozen=True, slots=True)
class Listing:
    """How to list resources.

    Attributes:
        operation: such as `ListTables`, or `otherservice:Operation`.
        key: JMESPath of the items in a page. Each must be a map: for names alone, `TableNames[].{TableName: @}`.
        params: its parameters: texts are templates, also in lists; `Ago` for a window.
        absent: error codes that say that there are none (a service that nobody switched on).
        within: the listing of what these are listed within, once for each of its items, from which `params` are filled.
        gone: error codes that say that this item was deleted meanwhile.
        most: how many are described, in the list's order; of the others all but what the list says is unknown.
        shared: other collectors begin with the same listing, so it is asked once for all of them.
        tells: properties that need no description, as the listing tells them.
    """

    operation: str
    key: str
    params: Mapping[str, Any] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    within: Listing | None = None
    gone: tuple[str, ...] = ()
    most: int | None = None
    shared: bool = False
    tells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A call about one resource.

    Attributes:
        operation: such as `DescribeTable`, or `otherservice:Operation`.
        key: JMESPath of what is wanted of the response; the whole response where empty.
        params: its parameters: texts are templates, also in lists.
        into: the property that the answer becomes; where empty, its members become properties.
        absent: error codes that say "not configured".
        gone: error codes that say that the resource was deleted since it was listed.
        pages: the answer is a list that comes in pages.
        when: JMESPath of the properties that must hold for the call to be made; the property is absent elsewhere.
        tells: the properties that it is asked for, where they are not `into`, as `reshape` makes others of it.
        decides: of a description: there may be no such resource though it is listed, which only `gone` tells.
    """

    operation: str
    key: str
    params: Mapping[str, Any]
    into: str = ""
    absent: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    pages: bool = False
    when: str = ""
    tells: tuple[str, ...] = ()
    decides: bool = False

    @property
    def told(self) -> tuple[str, ...]:
        """The properties that it is asked for."""
        return self.tells or (self.into,)


@dataclass(frozen=True, slots=True)
class Batch:
    """A call that describes many resources at once; one that is not in the answer was deleted meanwhile.

    Attributes:
        operation: such as `DescribeClusters`.
        key: JMESPath of the descriptions.
        ids: the parameter that takes the ids.
        listed: template of a listed item's id.
        described: template of the same id, in a description.
        size: how many ids the operation takes.
        params: its other parameters, filled from what the resources are listed within.
    """

    operation: str
    key: str
    ids: str
    listed: str
    described: str
    size: int
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Item:
    """A resource on its way; `about` is what the listing says of what it is within."""

    about: Properties
    listed: Properties
    described: Any = ABSENT


def regular(
    service: str,
    type: str,
    listing: Listing,
    *,
    arn: str,
    title: str = "",
    names: tuple[str, ...] = (),
    describe: Call | Batch | None = None,
    more: tuple[Call, ...] = (),
    tagging: str = "",
    drop: str = "",
    reshape: Callable[[dict[str, Any]], Mapping[str, Any]] | None = None,
    pascal: bool = False,
    scope: Literal["global", "region"] = "region",
) -> None:
    """Register the collector of a type of resource.

    Args:
        service: botocore's name of the service.
        type: `AWS::SQS::Queue`; `api:SageMaker::TrainingJob` where CloudFormation has none.
        listing: how to list them.
        arn: template of a resource's ARN; of what the list says, where the description may be denied.
        title: template of what people call it; counts as one of `names`.
        names: templates of what else it is referred to by; one that cannot be filled is left out.
        describe: the call that describes one, or many.
        more: further calls about each.
        tagging: its type in the Resource Groups Tagging API, such as `sqs` or `dynamodb:table`, to read all tags in a
            call for every hundred resources. For a call for tags of its own, use `more` with `into="Tags"`.
        drop: JMESPath of its properties that holds where it is on its way out, or nothing to judge.
        reshape: makes CloudFormation's shape of the properties that are known, where the API's is another.
        pascal: see `collector`; every JMESPath and template here then has CloudFormation's capitals too.
        scope: see `collector`.
    """
    details = _details(type, listing, describe, more, tagging, arn, {*_filled_from(title, names), *_searched(drop)})
    operations = tuple(one.operation for one in _listings(listing))
    if describe and describe.operation not in details:
        operations += (describe.operation,)

    def collect(api: Api) -> Iterator[Raw]:
        place = {"partition": api.partition, "region": api.region, "account": api.account}
        listed = _listed(api, type, listing, place)
        told = _told(api, listing, more, _described(api, describe, islice(listed, listing.most), place), place)
        beyond = Unknown(f"only the first {listing.most} are looked at")
        others = ((item, Incomplete(item.listed, beyond)) for item in listed)
        tags: dict[str, Any] | Unknown | None = None
        for item, properties in chain(told, others):
            if drop and _search(drop, properties):
                continue
            values = _values(item, properties, place)
            name = fill(arn, values)
            if tagging:
                tags = tags_by_arn(api, tagging) if tags is None else tags
                properties = _like(properties, {**properties, "Tags": tags_of(tags, name)})
            if reshape:
                properties = _like(properties, reshape(dict(properties)))
            called = _optional(title, values)
            found = dict.fromkeys((called, *(_optional(template, values) for template in names)))
            yield api.raw(type, name, properties, names=tuple(filter(None, found)), title=called)

    collect.__name__ = type.rpartition("::")[2]
    collector(service, types=(type,), operations=operations, details=details, scope=scope, pascal=pascal)(collect)


def fill(template: Any, values: Properties) -> Any:
    """A parameter or text with its templates filled: texts, also those within lists and maps, and `Ago`.

    Raises:
        LookupError: something to fill in is not there.
        Undecided: it is unknown.
    """
    if isinstance(template, str):
        return _FILLER.vformat(template, (), values)
    if isinstance(template, list | tuple):
        return [fill(member, values) for member in template]
    if isinstance(template, Mapping):
        return {name: fill(member, values) for name, member in template.items()}
    if isinstance(template, Ago):
        return datetime.now(UTC) - timedelta(days=template.days)
    return template


# --- what is told by what -------------------------------------------------------------------------------------------


def _details(
    type: str,
    listing: Listing,
    describe: Call | Batch | None,
    more: tuple[Call, ...],
    tagging: str,
    arn: str,
    needed: set[str],
) -> Details:
    """What each call about one resource tells; without the description where some of `needed` takes that anyway."""
    details: dict[str, tuple[str, ...]] = {}
    for call in more:
        details[call.operation] = (*details.get(call.operation, ()), *call.told)
    if tagging:
        details[TAGS_OPERATION] = ("Tags",)
    if describe:
        listed = {*listing.tells, *_filled_from(arn, describe.params, *(one.params for one in _listings(listing)))}
        if isinstance(describe, Batch):
            listed |= _filled_from(describe.listed)
        if needed <= listed and not (isinstance(describe, Call) and describe.decides):
            free = (call for call in more if _searched(call.when) | _filled_from(call.params) <= listed)
            elsewhere = [name for call in free for name in call.told]
            details[describe.operation] = AllBut((type, *sorted(listed), *elsewhere, *(("Tags",) if tagging else ())))
    for one in _listings(listing):
        details.pop(one.operation, None)
    return details


def _filled_from(*templates: Any) -> set[str]:
    """The properties, or what they are listed within, that templates are filled from."""
    found: set[str] = set()
    for template in templates:
        if isinstance(template, str):
            fields = [name for _, name, _, _ in string.Formatter().parse(template) if name]
            found |= {name.partition(".")[0] for name in fields}
        elif isinstance(template, Mapping):
            found |= _filled_from(*template.values())
        elif isinstance(template, list | tuple):
            found |= _filled_from(*template)
    return found - {"partition", "region", "account"}


def _searched(path: str) -> set[str]:
    """The properties that a JMESPath begins with, wherever in it."""
    return set(_FIRST_STEP.findall(_LITERAL.sub("", path)))


_LITERAL = re.compile(r"'[^']*'|`[^`]*`")
_FIRST_STEP = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?![\w(])")


# --- the steps ------------------------------------------------------------------------------------------------------


def _listed(api: Api, type: str, listing: Listing, place: Properties) -> Iterator[_Item]:
    """Every item of a listing, with what it is listed within."""
    service, operation = _operation(listing.operation)
    if listing.within is None:
        try:
            params = _filled(listing.params, place)
            for item in api.pages(operation, listing.key, service=service, shared=listing.shared, **params):
                yield _Item(_NOTHING, item)
        except CallFailed as failed:
            if failed.gap.code not in listing.absent:
                raise
        return

    def inside(owner: _Item) -> tuple[Properties, Any]:
        about = {**owner.about, **owner.listed}
        params = _filled(listing.params, {**about, **place})
        absent, gone = listing.absent, listing.gone
        return about, api.ask_all(
            operation, listing.key, service=service, types=(type,), absent=absent, gone=gone, **params
        )

    for about, found in api.each(inside, _listed(api, type, listing.within, place)):
        if isinstance(found, list):
            yield from (_Item(about, item) for item in found)


def _described(api: Api, describe: Call | Batch | None, items: Iterable[_Item], place: Properties) -> Iterator[_Item]:
    """The items with their descriptions, without those that are gone."""
    if describe is None:
        yield from items
    elif isinstance(describe, Batch):
        batch = describe
        chunks = _chunks(items, batch.size)
        yield from chain.from_iterable(api.each(lambda chunk: list(_together(api, batch, chunk, place)), chunks))
    else:
        call = describe
        described = api.each(lambda item: (item, _ask(api, call, _values(item, item.listed, place))), items)
        yield from (replace(item, described=answer) for item, answer in described if answer is not None)


def _chunks(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """At most so many at once, all of them listed within the same."""
    for _, group in groupby(items, attrgetter("about")):
        while chunk := list(islice(group, size)):
            yield chunk


def _together(api: Api, batch: Batch, items: list[_Item], place: Properties) -> Iterator[_Item]:
    """Items described with one call."""
    service, operation = _operation(batch.operation)
    ids = [fill(batch.listed, _values(item, item.listed, place)) for item in items]
    params = {**_filled(batch.params, _values(items[0], {}, place)), batch.ids: ids}
    resource = ids[0] if len(ids) == 1 else f"{ids[0]} and {len(ids) - 1} more"
    found = api.ask(operation, batch.key, service=service, resource=resource, **params)
    if isinstance(found, Unknown):
        yield from (replace(item, described=found) for item in items)
    elif found is not ABSENT:
        by_id = {fill(batch.described, one): one for one in found}
        yield from (
            replace(item, described=by_id[name]) for item, name in zip(items, ids, strict=True) if name in by_id
        )


def _told(
    api: Api, listing: Listing, more: tuple[Call, ...], items: Iterable[_Item], place: Properties
) -> Iterator[tuple[_Item, Properties]]:
    """The items with all their properties, without those that are gone."""
    told: Properties = dict.fromkeys(listing.tells, ABSENT)

    def tell(item: _Item) -> tuple[_Item, Properties] | None:
        properties = api.merge({**told, **item.listed}, item.described)
        for call in more:
            if isinstance(properties, Incomplete) and not _searched(call.when) <= properties.keys():
                answer: Any = properties.unknown
            elif call.when and not _search(call.when, properties):
                continue
            else:
                answer = _ask(api, call, _values(item, properties, place))
            if answer is None:
                return None
            if call.into:
                properties = _like(properties, {**properties, call.into: answer})
            else:
                properties = _like(properties, api.merge(properties, answer))
        return item, properties

    yield from filter(None, api.each(tell, items) if more else map(tell, items))


# --- how ------------------------------------------------------------------------------------------------------------


def _ask(api: Api, call: Call, values: Properties) -> Any:
    service, operation = _operation(call.operation)
    try:
        params = _filled(call.params, values)
    except Undecided as error:
        return Unknown(error.reason)
    if call.pages:
        return api.ask_all(operation, call.key, service=service, absent=call.absent, gone=call.gone, **params)
    return api.ask(operation, call.key or None, service=service, absent=call.absent, gone=call.gone, **params)


def _operation(name: str) -> tuple[str | None, str]:
    """The service, where it is not the collector's own, and the operation."""
    service, _, operation = name.rpartition(":")
    return service or None, operation


def _listings(listing: Listing | None) -> Iterator[Listing]:
    while listing:
        yield listing
        listing = listing.within


def _values(item: _Item, properties: Properties, place: Properties) -> Properties:
    """What templates are filled from; of properties that are incomplete, the known ones come before all else."""
    return ChainMap(*(dict(place), dict(properties), dict(item.about)), properties)  # type: ignore[arg-type]


def _like(properties: Properties, known_ones: Properties) -> Properties:
    """Other properties that are as incomplete."""
    return Incomplete(known_ones, properties.unknown) if isinstance(properties, Incomplete) else known_ones


def _search(path: str, properties: Properties) -> Any:
    """What a JMESPath finds among the properties that are there."""
    return jmespath.search(path, {name: value for name, value in properties.items() if value is not ABSENT})


def _filled(params: Mapping[str, Any], values: Properties) -> dict[str, Any]:
    return {name: fill(value, values) for name, value in params.items()}


def _optional(template: str, values: Properties) -> str:
    """The filled template, empty where something is missing or unknown."""
    try:
        return str(fill(template, values))
    except (LookupError, Undecided):
        return ""


class _Filler(string.Formatter):
    """Fills `{Name}`, `{Cluster.Name}`, `{QueueUrl!n}`."""

    def get_field(self, field_name: str, args: Any, kwargs: Properties) -> tuple[Any, str]:
        value: Any = kwargs
        for step in field_name.split("."):
            if not isinstance(value, Mapping):
                raise LookupError(f"there is no {field_name}")
            value = known(value.get(step))
        if value is None or value is ABSENT:
            raise LookupError(f"there is no {field_name}")
        return value, field_name

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return _CONVERSIONS[conversion](str(value)) if conversion else value


_CONVERSIONS: dict[str, Callable[[str], str]] = {"n": lambda text: re.split("[/:]", text)[-1], "l": str.lower}
_FILLER = _Filler()
