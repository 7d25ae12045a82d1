"""Small raw resources for tests of the core, in a made-up vocabulary of two types."""

from typing import Annotated, Any, Literal

from auditor.raw import Location, Path, Raw, Scope
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From, Part
from auditor.resources.tags import Tags
from auditor.values import Condition

TEMPLATE = Scope("app.yaml", "template")
ACCOUNT = Scope("123456789012/eu-west-1", "account", "123456789012", "eu-west-1")


class FileOrigin:
    """Every path is found on the line that its length says."""

    def locate(self, path: Path) -> Location:
        return Location(file="app.yaml", line=1 + len(path), column=1)


def raw(type_name: str, name: str, properties: dict[str, Any] | None = None, **more: Any) -> Raw:
    more.setdefault("scope", TEMPLATE)
    more.setdefault("dialect", "live" if more["scope"].kind == "account" else "cfn")
    return Raw(type_name, name, properties or {}, origin=FileOrigin(), **more)


def when(condition: Condition) -> dict[str, Any]:
    return {"exists": condition, "volatile": True}


class Rule(Struct):
    """A block in a list."""

    cidr: str | None = None
    port: int | None = None


class Logging(Struct):
    """A block."""

    target: str | None = None
    level: Literal["all", "none"] = "none"


class Door(Resource, cfn="Test::Made::Door", tf="test_door"):
    """Has a field of every kind."""

    label: str | None = None
    size: int
    weight: float = 0.5
    locked: bool = False
    mode: Literal["open", "shut"] = "open"
    logging: Annotated[Logging | None, From(cfn="LoggingConfiguration")] = None
    level: Annotated[str | None, From(cfn="LoggingConfiguration.Level")] = None
    rules: Annotated[tuple[Rule, ...], Part("Test::Made::DoorRule", by="Door")] = ()
    only_live: Annotated[str | None, From(cfn=None, tf=None)] = None
    policy: Annotated[str | None, Part("Test::Made::DoorPolicy", by="Door", take="Text")] = None
    house: str | None = None
    tags: Tags = Tags({})


class House(Resource, cfn="Test::Made::House"):
    """Something to look up."""

    name: str | None = None
