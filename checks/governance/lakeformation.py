"""Lake Formation: what it governs of the data lake."""

from auditor import LOW, Findings, Inventory, check
from auditor.config import Config
from auditor.knowledge.s3_places import Place, bucket_in
from auditor.members import some, those
from auditor.resources.glue_catalog import Database, Table
from auditor.resources.lakeformation import Location, TagAssociation
from auditor.resources.s3 import Bucket


@check(
    "lakeformation-location-unregistered",
    title="Data lake locations are registered with Lake Formation",
    severity=LOW,
    uses=(Location, Table),
    inputs=("live",),
)
def location_unregistered(bucket: Bucket, inventory: Inventory, config: Config) -> Findings:
    """Lake Formation's permissions on a table hold only where its place is registered; elsewhere, S3 policies decide.

    Fix: register the bucket, or the prefix of the data, with Lake Formation (RegisterResource), with a role of its own.
    """
    if bucket.is_called(config.log_buckets):
        return
    places = inventory.referring(Location, lambda location: bucket_in(location.resource_arn), bucket)

    def is_registered(table: Table) -> bool:
        at = Place.of(table.location)
        return at is not None and some(places, lambda one: _place(one).holds(at))

    tables = inventory.referring(Table, lambda table: bucket_in(table.location), bucket)
    for table in those(tables, lambda table: not is_registered(table)):
        yield bucket.fail(f"holds tables whose place is not registered with Lake Formation, such as {table.title}")
        return


def _place(location: Location) -> Place:
    return Place.of(location.resource_arn) or Place("")


@check(
    "lakeformation-tags-missing",
    title="Databases carry LF-tags (zone, sensitivity, owner)",
    severity=LOW,
    uses=(TagAssociation,),
    inputs=("live",),
)
def tags_missing(database: Database, inventory: Inventory) -> Findings:
    """With LF-tags, one grant serves every table of a kind, also those of tomorrow; without, each needs its own.

    Tables inherit the tags of their database.

    Fix: define LF-tags such as zone, sensitivity and owner, put them on the database, and grant on the tags.
    """
    if not inventory.referring(TagAssociation, lambda tagged: tagged.database_name, database):
        yield database.fail("has no LF-tags")
