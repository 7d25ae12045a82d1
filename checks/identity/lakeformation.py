"""Lake Formation: who administers the data lake, and who gets in without its permissions."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.members import some
from auditor.resources.glue_catalog import Database
from auditor.resources.iam import User
from auditor.resources.lakeformation import DataLakeSettings, Principal
from auditor.values import Reference

_EVERYONE = "{Principal: {DataLakePrincipalIdentifier: IAM_ALLOWED_PRINCIPALS}, Permissions: [ALL]}"
_MOST_ADMINS = 5
_SETTINGS = "AWS::LakeFormation::DataLakeSettings: {Admins: [%s]}"
_ADMIN = '{DataLakePrincipalIdentifier: "arn:aws:iam::111122223333:%s"}'


@check(
    "lakeformation-default-permissions",
    title="New databases and tables are governed by Lake Formation, not open to IAMAllowedPrincipals",
    severity=MEDIUM,
    uses=(Database,),
    bad=(
        f"AWS::LakeFormation::DataLakeSettings: {{CreateDatabaseDefaultPermissions: [{_EVERYONE}]}}",
        "AWS::LakeFormation::DataLakeSettings: "
        f"{{CreateDatabaseDefaultPermissions: [], CreateTableDefaultPermissions: [{_EVERYONE}]}}",
    ),
    good=(
        "AWS::LakeFormation::DataLakeSettings: "
        "{CreateDatabaseDefaultPermissions: [], CreateTableDefaultPermissions: []}",
        _SETTINGS % (_ADMIN % "role/LakeAdmin"),
    ),
)
def default_permissions(settings: DataLakeSettings, inventory: Inventory) -> Findings:
    """By default Lake Formation gives new tables to every identity that IAM lets in, so its own grants mean nothing.

    In an account, regions without a database are left out.

    Fix: make both default permissions empty; then revoke what IAMAllowedPrincipals has on what is there already.
    """
    if not settings.is_in_use(inventory):
        return
    defaults = (
        ("databases", "create_database_default_permissions", settings.create_database_default_permissions),
        ("tables", "create_table_default_permissions", settings.create_table_default_permissions),
    )
    for what, field, permissions in defaults:
        if some(permissions, lambda one: one.principal == "IAM_ALLOWED_PRINCIPALS"):
            yield settings.fail(f"opens new {what} to everybody whom IAM lets in", at=field, expected="[]")


@check(
    "lakeformation-admins",
    title="Data lake administrators are few and are not the root user or everyday users",
    severity=MEDIUM,
    uses=(User,),
    bad=(
        _SETTINGS % (_ADMIN % "root"),
        _SETTINGS % '{DataLakePrincipalIdentifier: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}',
        _SETTINGS % (_ADMIN % "user/ana"),
        _SETTINGS % ", ".join(_ADMIN % f"role/Team{number}" for number in range(6)),
        """
Resources:
  Ana: {Type: AWS::IAM::User}
  Lake:
    Type: AWS::LakeFormation::DataLakeSettings
    Properties: {Admins: [{DataLakePrincipalIdentifier: !GetAtt Ana.Arn}]}
""",
    ),
    good=(
        _SETTINGS % (_ADMIN % "role/LakeAdmin"),
        _SETTINGS % '{DataLakePrincipalIdentifier: !Sub "arn:aws:iam::${AWS::AccountId}:role/LakeAdmin"}',
        _SETTINGS % "",
        """
Resources:
  Admin: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Lake:
    Type: AWS::LakeFormation::DataLakeSettings
    Properties: {Admins: [{DataLakePrincipalIdentifier: !GetAtt Admin.Arn}]}
""",
    ),
)
def admins(settings: DataLakeSettings, inventory: Inventory) -> Findings:
    """An administrator can grant anybody everything in the lake; with an everyday login, so can whoever steals it.

    Fix: name one or two roles that people assume for the purpose, and nobody else; five is the most that passes.
    """
    for admin in settings.admins:
        if admin.who.is_root:
            yield settings.fail("has the root user as an administrator", at="admins")
        elif admin.who.is_user or _is_user(admin, settings, inventory):
            yield settings.fail("has an IAM user as an administrator", at="admins")
    if len(settings.admins) > _MOST_ADMINS:
        yield settings.fail(f"has {len(settings.admins)} administrators", at="admins")


def _is_user(admin: Principal, settings: DataLakeSettings, inventory: Inventory) -> bool:
    """Whether it refers to a user of the same template."""
    name = admin.who.text
    return isinstance(name, Reference) and some(inventory.beside(User, settings), lambda user: user.answers_to(name))
