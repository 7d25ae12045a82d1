"""S3 buckets: data that costs more than it needs to."""

from typing import Final

from auditor import MEDIUM, Findings, Inventory, check
from auditor.config import Config
from auditor.definitions.content import reference
from auditor.knowledge.s3_places import Place
from auditor.knowledge.zones import BRONZE, is_lake, words, zones_of
from auditor.members import either, flat, if_decided, in_turn, known_first, some
from auditor.pricing import usage
from auditor.pricing.saving import Saving
from auditor.pricing.savings import s3_lifecycle, s3_standard
from auditor.resources.athena import WorkGroup
from auditor.resources.glue import Job
from auditor.resources.s3 import Bucket, BucketContents, LifecycleRule
from auditor.utilisation.services.s3 import BucketStorage
from auditor.values import known

_GIB: Final = 1024**3
_RULES = "AWS::S3::Bucket: {BucketName: %s, LifecycleConfiguration: {Rules: [{Status: %s, %s}]}}"


@check(
    "s3-bucket-lifecycle-missing",
    title="S3 buckets have a lifecycle configuration",
    severity=MEDIUM,
    uses=(BucketStorage,),
    bad=(
        "AWS::S3::Bucket: {BucketName: experiments}",
        "AWS::S3::Bucket: {LifecycleConfiguration: {Rules: [{Status: Disabled, ExpirationInDays: 30}]}}",
    ),
    good="AWS::S3::Bucket: {LifecycleConfiguration: {Rules: [{Status: Enabled, ExpirationInDays: 30}]}}",
)
def bucket_lifecycle_missing(bucket: Bucket, inventory: Inventory) -> Findings:
    """Data that nobody reads any more stays in the dearest storage class until a rule moves or deletes it.

    Fix: add lifecycle rules: move what is older than 90 days to Standard-IA or Glacier, expire temporary files and
    noncurrent versions, abort incomplete uploads after a week.
    """
    if some(bucket.lifecycle_rules, lambda rule: rule.is_enabled):
        return
    saving = s3_lifecycle(_standard_bytes(bucket, inventory), bucket.scope.region)
    depends = "" if saving else "; what one saves depends on how much of its data is old"
    yield bucket.fail(f"has no lifecycle rule in force{depends}", at="lifecycle_rules", saving=saving)


def _standard_bytes(bucket: Bucket, inventory: Inventory) -> float | None:
    """What a bucket holds in S3 Standard, where that was measured."""
    return if_decided(lambda: BucketStorage.of(bucket, inventory).standard_bytes.latest())


# --- colder classes -------------------------------------------------------------------------------------------------

_DATA: Final = frozenset({"data", "dataset", "datasets", "training", "features", "models"})
_COLD: Final = frozenset({"archive", "archives", "backup", "backups", "experiment", "experiments", "history"})
_ARCHIVES: Final = frozenset({"GLACIER", "GLACIER_IR", "DEEP_ARCHIVE", "INTELLIGENT_TIERING"})


@check(
    "s3-bucket-intelligent-tiering-missing",
    title="Large S3 buckets with unknown or changing access use S3 Intelligent-Tiering",
    severity=MEDIUM,
    uses=(BucketStorage,),
    bad=(
        "AWS::S3::Bucket: {BucketName: training-data}",
        _RULES % ("acme-data-lake", "Enabled", "AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}"),
        _RULES % ("curated", "Enabled", "Prefix: tmp/, ExpirationInDays: 7"),
        _RULES % ("datasets", "Disabled", "Transitions: [{StorageClass: INTELLIGENT_TIERING, TransitionInDays: 0}]"),
    ),
    good=(
        "AWS::S3::Bucket: {BucketName: acme-website}",
        _RULES % ("datasets", "Enabled", "Transitions: [{StorageClass: INTELLIGENT_TIERING, TransitionInDays: 0}]"),
        _RULES % ("datasets", "Enabled", "Transition: {StorageClass: STANDARD_IA, TransitionInDays: 90}"),
        _RULES % ("datasets", "Enabled", "ExpirationInDays: 30"),
        """
        AWS::S3::Bucket:
          BucketName: datasets
          IntelligentTieringConfigurations:
            - {Id: old, Status: Enabled, Tierings: [{AccessTier: ARCHIVE_ACCESS, Days: 90}]}
        """,
    ),
)
def bucket_intelligent_tiering_missing(bucket: Bucket, inventory: Inventory, config: Config) -> Findings:
    """Intelligent-Tiering moves what nobody reads to cheaper tiers by itself, and back without a retrieval fee.

    In an account, buckets with more than large-bucket-gb in S3 Standard are meant; before that, those whose names say
    that they hold data.

    Fix: add a lifecycle rule with a transition to INTELLIGENT_TIERING after 0 days, or write new objects in that class.
    """
    if some(bucket.lifecycle_rules, _moves_or_empties):
        return
    held = BucketStorage.where_measured(bucket, inventory)
    if held is None:
        if _holds_data(bucket) and not some(bucket.intelligent_tiering, lambda one: one.status == "Enabled"):
            depends = "what that saves depends on how much it will hold, and how much of it nobody reads"
            yield bucket.fail(f"has no rule that moves its data to a cheaper class; {depends}", at="lifecycle_rules")
        return
    size = held.movable_gb
    if size >= config.large_bucket_gb:
        saving = usage.colder(size, held.objects.latest(), bucket.scope.region)
        yield bucket.fail(
            f"keeps {size:,.0f} GB in S3 Standard, and has no rule that moves any of it",
            at="lifecycle_rules",
            saving=saving,
        )


def _moves_or_empties(rule: LifecycleRule) -> bool:
    """Whether somebody knows how a bucket is used: a rule moves some of it, or deletes all of it."""
    return rule.is_enabled and (bool(rule.all_transitions) or (rule.expires and rule.is_about("")))


def _holds_data(bucket: Bucket) -> bool:
    """Whether a bucket holds data that some read often and others never, by its name; of old data that is known."""
    by_name = bool(words(bucket.known_names) & _DATA)
    said = by_name or either(lambda: is_lake(bucket), lambda: bool(zones_of(bucket)))
    return said and not _is_cold(bucket)


def _is_cold(bucket: Bucket) -> bool:
    return bool(words(bucket.known_names) & _COLD) or BRONZE in zones_of(bucket)


@check(
    "s3-bucket-archive-transition-missing",
    title="Old raw data, finished experiments and backups move to Glacier classes",
    severity=MEDIUM,
    uses=(BucketStorage,),
    bad=(
        "AWS::S3::Bucket: {BucketName: acme-raw-zone}",
        "AWS::S3::Bucket: {BucketName: lake, Tags: [{Key: zone, Value: bronze}]}",
        _RULES % ("experiments", "Enabled", "Transitions: [{StorageClass: STANDARD_IA, TransitionInDays: 30}]"),
        _RULES % ("db-backups", "Disabled", "Transitions: [{StorageClass: GLACIER, TransitionInDays: 30}]"),
        _RULES % ("db-backups", "Enabled", "Prefix: tmp/, ExpirationInDays: 7"),
    ),
    good=(
        "AWS::S3::Bucket: {BucketName: acme-website}",
        _RULES % ("experiments", "Enabled", "Transitions: [{StorageClass: DEEP_ARCHIVE, TransitionInDays: 180}]"),
        _RULES % ("raw-events", "Enabled", "Transition: {StorageClass: GLACIER, TransitionInDays: 90}"),
        _RULES % ("raw-events", "Enabled", "Transitions: [{StorageClass: INTELLIGENT_TIERING, TransitionInDays: 0}]"),
        _RULES % ("db-backups", "Enabled", "ExpirationInDays: 35"),
    ),
)
def bucket_archive_transition_missing(bucket: Bucket, inventory: Inventory, config: Config) -> Findings:
    """Raw data is read when it is new, experiments until they end, backups hardly ever: archives cost a sixth or less.

    Which buckets are meant is told by their names, or a tag for the zone; in an account, those of them with more than
    large-bucket-gb in S3 Standard.

    Fix: add a lifecycle rule with a transition to GLACIER_IR (read at once), GLACIER or DEEP_ARCHIVE (hours later).
    """
    if not _is_cold(bucket) or some(bucket.lifecycle_rules, _archives):
        return
    held = BucketStorage.where_measured(bucket, inventory)
    if held is None:
        depends = "what archiving saves depends on how much of it is old"
        yield bucket.fail(f"never moves old data to a Glacier class; {depends}", at="lifecycle_rules")
    elif (size := held.movable_gb) >= config.large_bucket_gb:
        saving = usage.moved(
            "S3",
            s3_standard(size),
            "Glacier Instant Retrieval",
            size,
            bucket.scope.region,
            low=0.0,
            remark="the share that is old is not known; moving objects and reading them again costs extra",
            confidence="low",
        )
        yield bucket.fail(
            f"keeps {size:,.0f} GB in S3 Standard, and never moves old data to a Glacier class",
            at="lifecycle_rules",
            saving=saving,
        )


def _archives(rule: LifecycleRule) -> bool:
    if not rule.is_enabled:
        return False
    to_archive = some(rule.all_transitions, lambda transition: transition.storage_class in _ARCHIVES)
    return to_archive or (rule.expires and rule.is_about(""))


# --- what should be deleted -----------------------------------------------------------------------------------------

_TEMPORARY: Final = tuple(
    map(
        frozenset,
        (("tmp",), ("temp",), ("temporary",), ("scratch",), ("query", "results"), ("athena", "results")),
    )
)
"""Words that together say in a name that what it holds is temporary."""

_TEMPORARY_PREFIX: Final = (*_TEMPORARY, *map(frozenset, (("staging",), ("logs",), ("checkpoints",))))

_RESULTS = """
        Resources:
          Lake: {Type: AWS::S3::Bucket, Properties: {%s}}
          Analysts:
            Type: AWS::Athena::WorkGroup
            Properties:
              Name: analysts
              WorkGroupConfiguration: {ResultConfiguration: {OutputLocation: !Sub "s3://${Lake}/results/"}}
        """
_EXPIRES = "LifecycleConfiguration: {Rules: [{Status: Enabled, %s, ExpirationInDays: 7}]}"


@check(
    "s3-bucket-temp-data-expiration",
    title="Temporary S3 prefixes (query results, staging, logs, checkpoints of spot jobs) expire",
    severity=MEDIUM,
    uses=(WorkGroup, Job, BucketContents, BucketStorage),
    bad=(
        "AWS::S3::Bucket: {BucketName: acme-athena-query-results}",
        _RULES % ("emr-scratch", "Enabled", "Prefix: other/, ExpirationInDays: 7"),
        _RULES % ("emr-temp", "Enabled", "ExpirationInDays: 7, TagFilters: [{Key: temporary, Value: 'yes'}]"),
        _RESULTS % "",
        _RESULTS % (_EXPIRES % "Prefix: other/"),
        """
        AWS::S3::Bucket: {BucketName: etl}
        AWS::Glue::Job:
          Role: role
          Command: {Name: glueetl, ScriptLocation: s3://etl/a.py}
          DefaultArguments: {"--TempDir": "s3://etl/temporary/"}
        """,
    ),
    good=(
        "AWS::S3::Bucket: {BucketName: template-store}",
        _RULES % ("emr-scratch", "Enabled", "ExpirationInDays: 7"),
        _RESULTS % (_EXPIRES % "Prefix: results/"),
    ),
)
def bucket_temp_data_expiration(bucket: Bucket, inventory: Inventory) -> Findings:
    """Query results and temporary files are of use for days, and are paid for until something deletes them.

    What is temporary is told by names (tmp, temp, scratch, query results, and of prefixes also staging, logs and
    checkpoints), by where Athena workgroups write and by the temporary folders of Glue jobs.

    Fix: add a lifecycle rule for the prefix that expires objects after a few days; a month for logs.
    """
    found: set[str] = set()
    for prefix in _temporary(bucket, inventory):
        if prefix in found or _expires(bucket, prefix):
            continue
        found.add(prefix)
        saving = None if prefix else _expired(bucket, inventory)
        depends = "" if saving else "; what expiry saves depends on how much of it is old"
        what = f"what is under {prefix}/" if prefix else "temporary data"
        yield bucket.fail(f"keeps {what} for ever{depends}", at="lifecycle_rules", saving=saving)


def _expires(bucket: Bucket, prefix: str) -> bool:
    return some(bucket.lifecycle_rules, lambda rule: rule.is_enabled and rule.expires and rule.is_about(prefix))


def _temporary(bucket: Bucket, inventory: Inventory) -> tuple[str, ...]:
    """The prefixes of a bucket that hold what is temporary; an empty one is all of it."""
    if _is_temporary(bucket.known_names):
        return ("",)
    results = flat(inventory.referring(WorkGroup, _results_bucket, bucket), lambda one: _prefix(one.output_location))
    folders = flat(inventory.referring(Job, _folder_bucket, bucket), lambda one: _prefix(_folder(one)))
    contents = inventory.referring(BucketContents, lambda one: one.bucket, bucket)
    prefixes = flat(contents, lambda one: known_first(one.prefixes, _temporary_prefix))
    return in_turn(results, folders, prefixes, flat((bucket,), _named))


def _named(bucket: Bucket) -> tuple[str, ...]:
    """Nothing; undecided where nothing of a bucket's name is known, as that may say that it is temporary."""
    known(bucket.raw.unknown_name)
    return ()


def _is_temporary(names: tuple[str, ...]) -> bool:
    return any(some_words <= words((name,)) for name in names for some_words in _TEMPORARY)


def _temporary_prefix(prefix: str) -> str | None:
    name = prefix.rstrip("/")
    return name if any(some_words == words((name,)) for some_words in _TEMPORARY_PREFIX) else None


def _results_bucket(group: WorkGroup) -> str | None:
    return _bucket(group.output_location, group)


def _folder_bucket(job: Job) -> str | None:
    return _bucket(_folder(job), job)


def _folder(job: Job) -> str | None:
    return job.default_arguments.get("--TempDir")


def _bucket(location: str | None, of: WorkGroup | Job) -> str | None:
    place = Place.of(location)
    return reference(place.bucket, of.raw) if place else None


def _prefix(location: str | None) -> tuple[str, ...]:
    place = Place.of(location)
    return (place.prefix,) if place else ()


def _expired(bucket: Bucket, inventory: Inventory) -> Saving | None:
    size = _standard_bytes(bucket, inventory)
    if not size:
        return None
    gigabytes = size / _GIB
    remark = "the share older than the expiry is not known"
    return usage.less("S3", s3_standard(gigabytes), gigabytes, bucket.scope.region, low=0.0, remark=remark)


_VERSIONED = "AWS::S3::Bucket: {VersioningConfiguration: {Status: Enabled}%s}"
_EXPIRY = ", LifecycleConfiguration: {Rules: [{Status: %s, %s}]}"


@check(
    "s3-bucket-noncurrent-versions",
    title="Versioned S3 buckets expire noncurrent versions",
    severity=MEDIUM,
    uses=(BucketContents,),
    bad=(
        _VERSIONED % "",
        _VERSIONED % (_EXPIRY % ("Enabled", "ExpirationInDays: 30")),
        _VERSIONED % (_EXPIRY % ("Disabled", "NoncurrentVersionExpiration: {NoncurrentDays: 30}")),
    ),
    good=(
        "AWS::S3::Bucket: {BucketName: unversioned}",
        "AWS::S3::Bucket: {VersioningConfiguration: {Status: Suspended}}",
        _VERSIONED % (_EXPIRY % ("Enabled", "NoncurrentVersionExpiration: {NoncurrentDays: 30}")),
        _VERSIONED % (_EXPIRY % ("Enabled", "NoncurrentVersionExpirationInDays: 30")),
    ),
)
def bucket_noncurrent_versions(bucket: Bucket, inventory: Inventory) -> Findings:
    """In a versioned bucket, what is overwritten or deleted stays, at the full price, and is seen by nobody.

    Fix: add a lifecycle rule with NoncurrentVersionExpiration: 30 days are enough to take back a mistake.
    """
    if bucket.versioning != "Enabled":
        return
    if some(bucket.lifecycle_rules, lambda rule: rule.is_enabled and rule.expires_noncurrent):
        return
    saving = if_decided(lambda: _without_versions(bucket, inventory))
    depends = "" if saving else "; what that costs depends on how much is overwritten or deleted"
    yield bucket.fail(f"keeps noncurrent versions for ever{depends}", at="lifecycle_rules", saving=saving)


def _without_versions(bucket: Bucket, inventory: Inventory) -> Saving | None:
    contents = inventory.referring(BucketContents, lambda one: one.bucket, bucket)
    gigabytes = sum(one.noncurrent_bytes for one in contents) / _GIB
    if not gigabytes:
        return None
    remark = "noncurrent ones of the first 1,000 versions, of which it is not known how many are old; there may be more"
    return usage.less("S3", s3_standard(gigabytes), gigabytes, bucket.scope.region, low=0.0, remark=remark)
