"""The typed resources of a scan: joined with their parts, found by id, ARN or reference, with what is missing known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from auditor.index import Index, Reading, several
from auditor.members import every, in_turn, some, those
from auditor.raw import Collected, Gap, Raw, Scope
from auditor.resources.base import TYPES, Resource
from auditor.resources.fields import Part
from auditor.values import Partial, Reference, Undecided, Unknown, settle

R = TypeVar("R", bound=Resource)
T = TypeVar("T")


class _Elsewhere(Mapping[str, Any]):
    """The properties of a resource of which only a part is declared here."""

    def __init__(self, what: str) -> None:
        self._unknown = Unknown(f"the {what} itself is declared elsewhere", elsewhere=True)

    def __getitem__(self, key: str) -> Any:
        return self._unknown

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


class Inventory:
    """Every typed resource of a scan.

    Attributes:
        resources: all of them, in the order their sources gave them.
        gaps: the calls that did not answer.
        types_seen: the classes that `all`, `get` and `declared` were asked for (tests hold checks to their `uses`).
    """

    def __init__(self, collected: Collected) -> None:
        """Type the raw resources and join their parts; types that no resource class names are left out."""
        self.gaps = collected.gaps
        self.resources: list[Resource] = []
        self.types_seen: set[type[Resource]] = set()
        self._by_class: dict[type[Resource], list[Resource]] = {}
        self._by_world: dict[type[Resource], dict[str | None, list[Any]]] = {}
        self._memory: dict[Hashable, Any] = {}
        self._by_id: dict[tuple[str, str], Resource] = {}
        self._by_name: dict[str, list[Resource]] | None = None
        self._open_kinds = {raw.scope.kind for raw in collected.raws} - {"account"}
        self._seen = {
            (place["name"], region)
            for place in collected.inputs
            if place["kind"] == "account"
            for region in (*place["regions"], "")
        }
        for raw in collected.raws:
            cls = TYPES.get(raw.type)
            if cls is not None:
                self._add(cls(raw))
        self._join(collected.raws)
        self._has_conditions = any(raw.volatile or raw.exists for raw in collected.raws if not raw.scope.closed)

    def _add(self, resource: Resource) -> None:
        self.resources.append(resource)
        self._by_class.setdefault(type(resource), []).append(resource)
        self._by_id[resource.scope.name, resource.raw.id] = resource

    # --- lookups for checks ---------------------------------------------------------------------------------------

    def of(self, cls: type[R]) -> list[R]:
        """The resources of a class and its subclasses, whatever their scope: what the engine judges."""
        found: list[Any] = []
        for kind, resources in self._by_class.items():
            if issubclass(kind, cls):
                found.extend(resources)
        return found

    def get(self, cls: type[R], reference: str | None, near: Resource | None = None) -> R | None:
        """The resource that `reference` (an id, name, ARN or template reference) means.

        Args:
            cls: its class.
            reference: what refers to it; None for nothing.
            near: what refers to it by a name, which is one resource's in each region (an endpoint configuration's, a
                log group's): only what is beside it is meant.

        Returns:
            None where there is no reference, or where all is known and nothing answers to it.

        Raises:
            Undecided: it is declared elsewhere, or could not be listed, or may not exist.
        """
        self.types_seen.add(cls)
        if not reference:
            return None
        if isinstance(reference, Reference):
            candidates = [found] if (found := self._by_id.get((reference.scope, reference.target))) else []
        else:
            candidates = self._named(reference)
        for resource in candidates:
            if isinstance(resource, cls) and (near is None or _may_name(near, resource)) and self._is_there(resource):
                return resource
        if self._open_kinds:
            raise Undecided(f"{reference} is not declared here")
        if self._is_outside(reference):
            raise Undecided(f"{reference} is in an account or region that was not scanned")
        for gap in self._gaps_of(cls, near.scope if near else None):
            raise Undecided(gap.reason)
        return None

    def all(self, cls: type[R], near: Resource) -> tuple[R, ...]:
        """The resources of a class beside `near`: in its template, or in its account and region.

        Where more may exist than is seen (a template is never the whole account; a list call failed), reading past
        the known ones raises `Undecided`.
        """
        self.types_seen.add(cls)
        found, undecided = self._beside(cls, near)
        if undecided is None and not near.scope.closed:
            undecided = Undecided(f"another template may declare an {cls.cfn}")
        return Partial(found, undecided) if undecided else found

    def declared(self, cls: type[R], near: Resource) -> tuple[R, ...]:
        """As `all`, but taking what a template declares for everything there is.

        Raises:
            Undecided: the template declares none, so that there is nothing here to judge.
        """
        self.types_seen.add(cls)
        found, undecided = self._beside(cls, near)
        if undecided is None and not found and not near.scope.closed:
            raise Undecided(f"no {cls.cfn} is declared here", elsewhere=True)
        return Partial(found, undecided) if undecided else found

    def beside(self, cls: type[R], near: Resource) -> tuple[R, ...]:
        """As `declared`, but empty where a template declares none."""
        self.types_seen.add(cls)
        found, undecided = self._beside(cls, near)
        return Partial(found, undecided) if undecided else found

    def referring(self, cls: type[R], read: Callable[[R], Reading], to: Resource) -> tuple[R, ...]:
        """Those of `beside` that refer to a resource: where there are many of both, in no more time than it takes.

        Args:
            cls: the class that refers.
            read: gives what one refers to, an id, name or ARN, or several: `lambda log: log.resource_id`. It must
                use nothing but its argument, as what it gives is remembered.
            to: what is referred to.
        """
        self.types_seen.add(cls)
        certain, others, undecided = self._in_sight(cls, to.scope)
        everything = Partial(certain, undecided) if undecided else certain
        index = self._once((to.scope.name, cls, read.__code__), lambda: Index(everything, read))
        if not others:
            return index.of(to)

        def refers(one: R) -> bool:
            return every(lambda: some(several(read(one)), to.answers_to), lambda: self._is_there(one))

        return in_turn(index.of(to), those(others, refers))

    def remembered(self, near: Resource, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for each key and the scope of `near`, unless open conditions may change it."""
        is_settled = near.scope.closed or not self._has_conditions
        return self._once((near.scope.name, key), make) if is_settled else make()

    # --- how --------------------------------------------------------------------------------------------------------

    def _beside(self, cls: type[R], near: Resource) -> tuple[tuple[R, ...], Undecided | None]:
        certain, others, undecided = self._in_sight(cls, near.scope)
        if not others:
            return certain, undecided
        there = those(others, self._is_there)
        if isinstance(there, Partial):
            undecided = there.undecided
        return (*certain, *tuple.__iter__(there)), undecided

    def _in_sight(self, cls: type[R], scope: Scope) -> tuple[tuple[R, ...], tuple[R, ...], Undecided | None]:
        """The resources of a class beside what is in a scope: those that no open condition has to do with, the others.

        And why there may be more.
        """
        return self._once((scope.name, cls), lambda: self._look(cls, scope))

    def _look(self, cls: type[R], scope: Scope) -> tuple[tuple[R, ...], tuple[R, ...], Undecided | None]:
        found = [one for one in self._world(cls, scope) if _beside(one.scope, scope)]
        certain = tuple(one for one in found if one.exists is None and not one.raw.volatile)
        others = tuple(one for one in found if one.exists is not None or one.raw.volatile)
        gap = next(iter(self._gaps_of(cls, scope)), None)
        return certain, others, Undecided(gap.reason) if gap else None

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._memory:
            self._memory[key] = make()
        made: T = self._memory[key]
        return made

    def _world(self, cls: type[R], scope: Scope) -> list[R]:
        """The resources of a class in one template, or in one account with all its regions."""
        if cls not in self._by_world:
            worlds = self._by_world[cls] = {}
            for resource in self.of(cls):
                worlds.setdefault(_world_of(resource.scope), []).append(resource)
        return self._by_world[cls].get(_world_of(scope), [])

    def _gaps_of(self, cls: type[Resource], scope: Scope | None) -> Iterable[Gap]:
        for gap in self.gaps:
            if not gap.types or (scope and gap.account not in (None, scope.account)):
                continue
            if scope and scope.region != "global" and gap.region not in (None, "global", scope.region):
                continue
            if any(issubclass(TYPES[name], cls) for name in gap.types if name in TYPES):
                yield gap

    @staticmethod
    def _is_there(resource: Resource) -> bool:
        if resource.exists is None:
            return True
        answer = resource.exists.decide()
        if answer is None:
            raise Undecided(f"{resource.title} depends on the condition {resource.exists}", resource.exists.open_atom())
        return answer

    def _is_outside(self, reference: str) -> bool:
        """Whether an ARN names an account or region that was not scanned; other names do not tell."""
        fields = reference.split(":", 5)
        if len(fields) < 6 or fields[0] != "arn" or not fields[4]:
            return False
        return (fields[4], fields[3]) not in self._seen

    def _named(self, name: str) -> list[Resource]:
        if self._by_name is None:
            self._by_name = defaultdict(list)
            for resource in self.resources:
                for known_name in {resource.raw.id, *(n for n in resource.raw.names if isinstance(n, str))}:
                    self._by_name[known_name].append(resource)
        return self._by_name.get(name, [])

    # --- parts ------------------------------------------------------------------------------------------------------

    def _join(self, raws: Iterable[Raw]) -> None:
        """Give every part (a bucket policy, a security-group rule) to the resource it belongs to."""
        fields = _owner_fields()
        owners = _Owners(self._by_class)
        for raw in raws:
            if raw.dialect == "live":
                continue
            for cls, field, part in fields.get(raw.type, ()):
                if _is_of_another_field(raw, part):
                    continue
                for reference in _references(raw.properties.get(part.by)):
                    self._give(raw, cls, field, part, reference, owners)

    def _give(self, raw: Raw, cls: type[Resource], field: str, part: Part, reference: Any, owners: _Owners) -> None:
        found: list[Resource] = []
        if isinstance(reference, Reference):
            owner = self._by_id.get((reference.scope, reference.target))
            if isinstance(owner, cls):
                found = [owner]
        else:
            candidates = owners.of(cls, raw.scope)
            found = candidates.named.get(reference, []) if isinstance(reference, str) else []
            if not found:
                possible = candidates.unnamed if isinstance(reference, str) else candidates.everything
                for candidate in possible:
                    unknown = Unknown(f"{raw.id} may belong to it: {_why(reference)}")
                    candidate._parts.setdefault(field, []).append(unknown)
        if not found:
            found = [self._stand_in(raw, cls)]
        for owner in found:
            owner._parts.setdefault(field, []).append((raw, part))
            if raw.exists is not None or raw.volatile:
                owner.raw.volatile = True

    def _stand_in(self, part: Raw, cls: type[Resource]) -> Resource:
        """An owner for a part whose real owner is declared elsewhere, so that the part is judged all the same."""
        known_one = self._by_id.get((part.scope.name, part.id))
        if isinstance(known_one, cls):
            return known_one
        stand_in = Raw(
            type=cls.cfn if part.dialect == "cfn" else cls.tf,
            id=part.id,
            properties=_Elsewhere(cls.__name__.lower()),
            scope=part.scope,
            origin=part.origin,
            dialect=part.dialect,
            exists=part.exists,
            volatile=part.volatile,
        )
        resource = cls(stand_in)
        self._add(resource)
        return resource


def _is_of_another_field(raw: Raw, part: Part) -> bool:
    """Whether it is known that a part's resource does not hold its field."""
    try:
        return not part.is_in(raw)
    except Undecided:
        return False


class _Candidates:
    """The resources of a class in one template: by name, those of an unknown name, and all."""

    def __init__(self, resources: list[Resource]) -> None:
        self.everything = resources
        self.named: dict[str, list[Resource]] = defaultdict(list)
        self.unnamed: list[Resource] = []
        for resource in resources:
            for name in dict.fromkeys(resource.raw.names):
                if isinstance(name, str):
                    self.named[name].append(resource)
            if any(isinstance(name, Unknown) for name in resource.raw.names):
                self.unnamed.append(resource)


class _Owners:
    """The resources that parts may belong to, as they were before stand-ins joined them."""

    def __init__(self, by_class: Mapping[type[Resource], list[Resource]]) -> None:
        self._by_class = {cls: list(resources) for cls, resources in by_class.items()}
        self._candidates: dict[type[Resource], dict[str, _Candidates]] = {}

    def of(self, cls: type[Resource], scope: Scope) -> _Candidates:
        """Those of a class in a scope."""
        if cls not in self._candidates:
            scopes: dict[str, list[Resource]] = defaultdict(list)
            for kind, resources in self._by_class.items():
                for resource in resources if issubclass(kind, cls) else ():
                    scopes[resource.scope.name].append(resource)
            self._candidates[cls] = {name: _Candidates(resources) for name, resources in scopes.items()}
        return self._candidates[cls].get(scope.name, _NONE)


_NONE = _Candidates([])


def _world_of(scope: Scope) -> str | None:
    return scope.name if scope.kind == "template" else scope.account


def _beside(scope: Scope, near: Scope) -> bool:
    """Whether what lives in one scope is beside what lives in another of the same template or account."""
    return near.kind == "template" or "global" in (scope.region, near.region) or scope.region == near.region


def _may_name(near: Resource, resource: Resource) -> bool:
    """Whether a name that stands in one resource may be another's; templates name what others declare, too."""
    same_account = _world_of(resource.scope) == _world_of(near.scope)
    return not near.scope.closed or (same_account and _beside(resource.scope, near.scope))


def _owner_fields() -> dict[str, list[tuple[type[Resource], str, Part]]]:
    """By part type: which class has which field from it; a class stands for those that inherit the field, too."""
    owners: dict[str, list[tuple[type[Resource], str, Part]]] = defaultdict(list)
    classes = dict.fromkeys(TYPES.values())
    for cls in classes:
        bases = [base for base in cls.__mro__[1:] if base in classes]
        for dialect in ("cfn", "tf"):
            for field in cls.plan(dialect).values():
                inherited = [base.plan(dialect)[field.name].parts for base in bases if field.name in base.plan(dialect)]
                for part in field.parts:
                    if not any(part in parts for parts in inherited):
                        owners[part.type].append((cls, field.name, part))
    return owners


def _references(value: Any) -> list[Any]:
    value = settle(value)
    if isinstance(value, list):
        return [settle(member) for member in value]
    return [] if value is None else [value]


def _why(reference: Any) -> str:
    return reference.reason if isinstance(reference, Unknown) else "its name is not known"
