"""Lake Formation: settings of the data lake, registered locations, grants, LF-tags."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Listing, regular
from auditor.sources.account.services.glue_catalog import DATABASES

# One for each region.
regular(
    "lakeformation",
    "AWS::LakeFormation::DataLakeSettings",
    Listing("GetDataLakeSettings", "DataLakeSettings"),
    arn="arn:{partition}:lakeformation:{region}:{account}:catalog:{account}",
    title="the data lake of {region}",
)

# The ARN is that of the place in S3: a registration has none.
regular(
    "lakeformation",
    "AWS::LakeFormation::Resource",
    Listing("ListResources", "ResourceInfoList"),
    arn="{ResourceArn}",
    title="{ResourceArn}",
)


@collector("lakeformation", types=("AWS::LakeFormation::PrincipalPermissions",), operations=("ListPermissions",))
def grants(api: Api) -> Iterator[Raw]:
    """Every grant; it has no ARN, so one is made of who got what."""
    for grant in api.pages("ListPermissions", "PrincipalResourcePermissions"):
        principal = grant.get("Principal", {}).get("DataLakePrincipalIdentifier", "")
        content = json.dumps([principal, grant.get("Resource"), grant.get("Condition")], sort_keys=True, default=str)
        arn = (
            f"arn:{api.partition}:lakeformation:{api.region}:{api.account}:grant/{sha256(content.encode()).hexdigest()}"
        )
        title = f"{principal.rpartition('/')[2] or principal} on {_what(grant.get('Resource') or {})}"
        yield api.raw("AWS::LakeFormation::PrincipalPermissions", arn, grant, title=title)


def _what(resource: Mapping[str, Any]) -> str:
    """What a grant is about, for people: `Table sales.orders`."""
    for kind, about in resource.items():
        names = (about.get(key) for key in ("DatabaseName", "Name", "TagKey", "ResourceArn"))
        return f"{kind} {'.'.join(name for name in names if name)}".strip()
    return "the catalog"


@collector(
    "lakeformation",
    types=("AWS::LakeFormation::TagAssociation",),
    operations=("ListLFTags", "GetResourceLFTags", "glue:GetDatabases"),
)
def tag_associations(api: Api) -> Iterator[Raw]:
    """The LF-tags of every database that has some: its tables inherit them. No call for each where no tag exists."""
    if not list(api.pages("ListLFTags", "LFTags")):
        return

    def tags(database: str) -> tuple[str, Any]:
        about = {"Database": {"Name": database}}
        gone = ("EntityNotFoundException",)
        return database, api.ask("GetResourceLFTags", "LFTagOnDatabase", gone=gone, resource=database, Resource=about)

    databases = api.pages(DATABASES.operation, DATABASES.key, service="glue", shared=DATABASES.shared)
    for name, found in api.each(tags, (database["Name"] for database in databases)):
        if found:
            arn = f"arn:{api.partition}:glue:{api.region}:{api.account}:database/{name}"
            properties = {"Resource": {"Database": {"Name": name}}, "LFTags": found}
            yield api.raw("AWS::LakeFormation::TagAssociation", arn, properties, names=(name,), title=name)
