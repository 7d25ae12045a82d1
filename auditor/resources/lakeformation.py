"""Lake Formation: settings of the data lake, registered locations, grants, LF-tags."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from auditor.policy.patterns import HOLE
from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From, wrong
from auditor.resources.glue_catalog import Database
from auditor.values import Unknown, known, settle

if TYPE_CHECKING:
    from auditor.inventory import Inventory

_IDENTIFIER = "DataLakePrincipalIdentifier"


class Identifier:
    """A principal's ARN, of which a template may not know the account."""

    def __init__(self, text: str) -> None:
        """`text` has a `HOLE` for each piece that is not known."""
        self.text = text

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """Read what has the identifier.

        Raises:
            Undecided: nothing of it is known.
        """
        if not isinstance(value, Mapping):
            raise wrong(path, "a map", value)
        given = settle(value.get(_IDENTIFIER))
        if isinstance(given, Unknown) and given.parts:
            return cls("".join(HOLE if part is None else part for part in given.parts))
        given = known(given)
        if not isinstance(given, str):
            raise wrong((*path, _IDENTIFIER), "text", given)
        return cls(given)

    @property
    def is_root(self) -> bool:
        """Whether it is the root user of an account."""
        return self.text.endswith(":root")

    @property
    def is_user(self) -> bool:
        """Whether it says itself that it is an IAM user."""
        return ":user/" in self.text


class Principal(Struct):
    """Somebody who administers the data lake."""

    from_json: ClassVar[bool] = False

    identifier: Annotated[str, From(cfn=_IDENTIFIER, tf=_IDENTIFIER, live=_IDENTIFIER)]
    who: Annotated[Identifier, From(cfn="", tf="", live="")]

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """View a principal: a map with its identifier, or, in Terraform, the identifier itself."""
        return super().from_raw({_IDENTIFIER: value} if isinstance(value, str) else value, raw, path)


class DefaultPermission(Struct):
    """What somebody gets on every new database or table."""

    principal: Annotated[str, From(cfn=f"Principal.{_IDENTIFIER}", live=f"Principal.{_IDENTIFIER}")]
    permissions: tuple[str, ...] = ()


class DataLakeSettings(Resource, cfn="AWS::LakeFormation::DataLakeSettings", tf="aws_lakeformation_data_lake_settings"):
    """The settings of a region's data lake; live, there are some for each region."""

    admins: Annotated[tuple[Principal, ...], From(live="DataLakeAdmins")] = ()
    create_database_default_permissions: tuple[DefaultPermission, ...] = ()
    create_table_default_permissions: tuple[DefaultPermission, ...] = ()

    def is_in_use(self, inventory: "Inventory") -> bool:
        """Whether a template declares it, or the region's catalog has a database: every region has settings."""
        return not self.scope.closed or bool(inventory.beside(Database, self))


class Location(Resource, cfn="AWS::LakeFormation::Resource", tf="aws_lakeformation_resource"):
    """A place in S3 that Lake Formation governs."""

    resource_arn: Annotated[str, From(tf="arn")]


class Grant(Resource, cfn="AWS::LakeFormation::PrincipalPermissions", tf="aws_lakeformation_permissions"):
    """What a principal may do with something in the catalog."""

    principal: Annotated[str, From(cfn=f"Principal.{_IDENTIFIER}", live=f"Principal.{_IDENTIFIER}")]
    permissions: tuple[str, ...] = ()
    permissions_with_grant_option: tuple[str, ...] = ()
    table_wildcard: Annotated[
        Any, From(cfn="Resource.Table.TableWildcard", tf="table.wildcard", live="Resource.Table.TableWildcard")
    ] = None


class LFTag(Struct):
    """An LF-tag on something."""

    tag_key: Annotated[str, From(tf="key")]


class TagAssociation(Resource, cfn="AWS::LakeFormation::TagAssociation", tf="aws_lakeformation_resource_lf_tags"):
    """The LF-tags of a database, which hold for its tables, too; in a template also those of a table itself."""

    lf_tags: Annotated[tuple[LFTag, ...], From(cfn="LFTags", tf="lf_tag", live="LFTags")] = ()
    database_name: Annotated[
        str | None, From(cfn="Resource.Database.Name", tf="database.name", live="Resource.Database.Name")
    ] = None
