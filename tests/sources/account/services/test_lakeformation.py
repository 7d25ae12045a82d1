"""Lake Formation."""

from __future__ import annotations

import pytest

from auditor.resources.lakeformation import DataLakeSettings, Grant, TagAssociation
from auditor.values import Undecided
from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_ADMIN = f"arn:aws:iam::{ACCOUNT}:role/Admin"
_EVERYONE = {"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}
_TAGS = "AWS::LakeFormation::TagAssociation"
_GRANTS = "AWS::LakeFormation::PrincipalPermissions"


class TestLakeFormation(Reads):
    cases = (
        Reading(
            "AWS::LakeFormation::DataLakeSettings",
            f"arn:aws:lakeformation:{REGION}:{ACCOUNT}:catalog:{ACCOUNT}",
            "GetDataLakeSettings",
            {
                "GetDataLakeSettings": {
                    "DataLakeSettings": {
                        "DataLakeAdmins": [{"DataLakePrincipalIdentifier": _ADMIN}],
                        "CreateDatabaseDefaultPermissions": [_EVERYONE],
                        "CreateTableDefaultPermissions": [],
                    }
                }
            },
            {},
            empty=None,
            title=f"the data lake of {REGION}",
            service="lakeformation",
            reads={
                "admins.0.identifier": _ADMIN,
                "create_database_default_permissions.0.principal": "IAM_ALLOWED_PRINCIPALS",
                "create_database_default_permissions.0.permissions": ("ALL",),
                "create_table_default_permissions": (),
            },
        ),
        Reading(
            "AWS::LakeFormation::Resource",
            "arn:aws:s3:::lake/raw",
            "ListResources",
            {"ListResources": {"ResourceInfoList": [{"ResourceArn": "arn:aws:s3:::lake/raw", "RoleArn": _ADMIN}]}},
            {},
            empty={"ResourceInfoList": []},
            token="NextToken",
            needs=("ResourceArn",),
            title="arn:aws:s3:::lake/raw",
            service="lakeformation",
            reads={"resource_arn": "arn:aws:s3:::lake/raw"},
        ),
        Reading(
            _TAGS,
            f"arn:aws:glue:{REGION}:{ACCOUNT}:database/sales",
            "ListLFTags",
            {
                "ListLFTags": {"LFTags": [{"TagKey": "zone", "TagValues": ["raw", "gold"]}]},
                "GetDatabases": {"DatabaseList": [{"Name": "sales"}]},
                "GetResourceLFTags": {"LFTagOnDatabase": [{"TagKey": "zone", "TagValues": ["gold"]}]},
            },
            {},
            empty={},
            token="NextToken",
            gone={"GetResourceLFTags": "EntityNotFoundException"},
            needs=("Name", "DatabaseList"),
            title="sales",
            service="lakeformation",
            reads={"lf_tags.0.tag_key": "zone", "database_name": "sales"},
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")


def test_grants(scripted):
    table = {"Table": {"DatabaseName": "sales", "Name": "orders", "TableWildcard": {}}}
    granted = [
        {"Principal": {"DataLakePrincipalIdentifier": _ADMIN}, "Resource": table, "Permissions": ["SELECT"]},
        {"Principal": {"DataLakePrincipalIdentifier": _ADMIN}, "Resource": {"Catalog": {}}, "Permissions": ["ALL"]},
        {
            "Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
            "Resource": table,
            "PermissionsWithGrantOption": ["SELECT"],
        },
        {"Permissions": []},
    ]
    pages = [
        {"PrincipalResourcePermissions": granted[:2], "NextToken": "more"},
        {"PrincipalResourcePermissions": granted[2:]},
    ]
    scripted({"ListPermissions": pages})
    found = scan(_GRANTS)
    assert (found.gaps, found.notices) == ([], [])
    assert len({raw.id for raw in found.raws}) == 4
    assert [raw.title for raw in found.raws] == [
        "Admin on Table sales.orders",
        "Admin on Catalog",
        "IAM_ALLOWED_PRINCIPALS on Table sales.orders",
        " on the catalog",
    ]
    first, _, third, last = map(Grant, found.raws)
    assert (first.principal, first.permissions, first.table_wildcard) == (_ADMIN, ("SELECT",), {})
    assert third.permissions_with_grant_option == ("SELECT",)
    with pytest.raises(Undecided, match="DataLakePrincipalIdentifier is missing"):
        last.principal  # noqa: B018


def test_a_grant_keeps_its_id(scripted):
    grant = {**_EVERYONE, "Resource": {"Database": {"Name": "sales"}}}
    scripted({"ListPermissions": {"PrincipalResourcePermissions": [grant]}})
    first = one(scan(_GRANTS), _GRANTS).id
    scripted({"ListPermissions": {"PrincipalResourcePermissions": [{**grant, "Permissions": ["SELECT"]}]}})
    assert one(scan(_GRANTS), _GRANTS).id == first


def test_denied_grants(scripted):
    scripted({"ListPermissions": "AccessDeniedException"})
    (gap,) = scan(_GRANTS).gaps
    assert gap.types == (_GRANTS,)


def test_where_no_tag_exists_no_database_is_asked(scripted):
    scripted({"ListLFTags": {}})
    found = scan(_TAGS)
    assert (found.raws, found.gaps) == ([], [])
    assert not {"glue:GetDatabases", "lakeformation:GetResourceLFTags"} & set(found.calls)


def test_a_database_without_tags(scripted):
    scripted({**TestLakeFormation.cases[2].answers, "GetResourceLFTags": {}})
    found = scan(_TAGS)
    assert TagAssociation(one(found, _TAGS)).lf_tags == ()


def test_settings_in_a_simulated_account(aws):
    aws("lakeformation").put_data_lake_settings(
        DataLakeSettings={"DataLakeAdmins": [{"DataLakePrincipalIdentifier": _ADMIN}]}
    )
    found = scan("AWS::LakeFormation::DataLakeSettings")
    settings = DataLakeSettings(one(found, "AWS::LakeFormation::DataLakeSettings"))
    assert [admin.identifier for admin in settings.admins] == [_ADMIN]


def test_locations_and_grants_in_a_simulated_account(aws):
    client = aws("lakeformation")
    client.register_resource(ResourceArn="arn:aws:s3:::lake", RoleArn=_ADMIN)
    client.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": _ADMIN},
        Resource={"Database": {"Name": "sales"}},
        Permissions=["ALL"],
    )
    found = scan("AWS::LakeFormation::Resource", _GRANTS)
    assert (found.gaps, found.notices) == ([], [])
    assert one(found, _GRANTS).title == "Admin on Database sales"
    assert one(found, "AWS::LakeFormation::Resource").id == "arn:aws:s3:::lake"
