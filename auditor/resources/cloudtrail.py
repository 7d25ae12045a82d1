"""CloudTrail trails and event data stores."""

import re
from collections.abc import Callable
from typing import Annotated

from auditor.definitions.content import reference
from auditor.members import either, every, in_turn, known_first, some
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From
from auditor.values import Reference

_OBJECTS = "AWS::S3::Object"
_S3_ARN = re.compile(r"arn:[\w-]+:s3(?::::?|$)")


class DataResource(Struct):
    """Data events of one kind, such as AWS::S3::Object, of the resources whose ARNs begin with a value."""

    type: str
    values: tuple[str, ...] = ()

    def covers(self, bucket: Resource) -> bool:
        """Whether the events of all objects of a bucket are among these."""
        return self.type == _OBJECTS and some(self.values, lambda prefix: _covers(prefix, bucket))


class EventSelector(Struct):
    """A basic event selector."""

    data_resources: Annotated[tuple[DataResource, ...], From(tf="data_resource")] = ()

    include_management_events: bool = True
    read_write_type: str = "All"

    def records_objects(self, kind: str, bucket: Resource) -> bool:
        """Whether it records all ReadOnly or WriteOnly events of a bucket's objects."""
        return self.read_write_type in ("All", kind) and some(self.data_resources, lambda one: one.covers(bucket))


class FieldSelector(Struct):
    """One condition of an advanced event selector."""

    field: str
    equals: Annotated[tuple[str, ...], From(tf="equals")] = ()
    not_equals: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    not_starts_with: tuple[str, ...] = ()
    not_ends_with: tuple[str, ...] = ()


class AdvancedEventSelector(Struct):
    """An advanced event selector: an event must meet all its conditions."""

    field_selectors: Annotated[tuple[FieldSelector, ...], From(tf="field_selector")] = ()

    def records(self, kind: str) -> bool:
        """Whether it records all management events that read ("true") or that write ("false").

        Leaving out noisy sources (KMS, the RDS Data API) is no gap; any other limit is one.
        """
        category = some(self.field_selectors, lambda one: one.field == "eventCategory" and "Management" in one.equals)
        return category and not some(self.field_selectors, lambda one: _limits(one, kind))

    def records_objects(self, kind: str, bucket: Resource) -> bool:
        """Whether it records all events that read ("true") or write ("false") of a bucket's objects."""
        objects = some(self.field_selectors, lambda one: one.field == "resources.type" and _OBJECTS in one.equals)
        return objects and not some(self.field_selectors, lambda one: _leaves_out(one, kind, bucket))


def _leaves_out(condition: FieldSelector, kind: str, bucket: Resource) -> bool:
    """Whether a condition leaves out events of a bucket's objects, be it of some of them.

    Many exclude the bucket that the trail itself delivers to, which says nothing of the others.
    """
    if condition.field in ("eventCategory", "resources.type"):
        return False
    if condition.field == "readOnly":
        return kind not in condition.equals
    if condition.field != "resources.ARN" or condition.equals or condition.ends_with or condition.not_ends_with:
        return True  # one name of an event, some users, some objects
    excluded = in_turn(condition.not_starts_with, condition.not_equals)
    return either(
        lambda: bool(condition.starts_with) and not some(condition.starts_with, lambda one: _covers(one, bucket)),
        lambda: some(excluded, lambda one: _covers(one, bucket) or _covers(one.partition("/")[0] + "/", bucket)),
    )


def _covers(prefix: str, bucket: Resource) -> bool:
    """Whether the ARNs of all objects of a bucket begin with a text; it may be a reference to the bucket's ARN."""
    start = _S3_ARN.sub("", prefix, count=1)
    name, slash, key = start.partition("/")
    if not start or key:
        return not start
    if isinstance(meant := reference(name, bucket.raw), Reference):
        return bucket.answers_to(meant)
    return bucket.answers_to(name) if slash else any(str(one).startswith(name) for one in bucket.raw.names)


def _limits(condition: FieldSelector, kind: str) -> bool:
    if condition.field == "eventCategory":
        return False
    if condition.field == "eventSource":
        return not condition.not_equals
    return condition.field != "readOnly" or kind not in condition.equals


class InsightSelector(Struct):
    """Unusual activity that a trail records."""

    insight_type: str


class Trail(Resource, cfn="AWS::CloudTrail::Trail", tf="aws_cloudtrail"):
    """A CloudTrail trail."""

    is_logging: Annotated[bool, From(tf="enable_logging")] = True
    is_multi_region_trail: bool = False
    enable_log_file_validation: Annotated[bool, From(live="LogFileValidationEnabled")] = False
    event_selectors: Annotated[tuple[EventSelector, ...], From(tf="event_selector")] = ()
    advanced_event_selectors: Annotated[tuple[AdvancedEventSelector, ...], From(tf="advanced_event_selector")] = ()
    include_global_service_events: bool = True
    insight_selectors: Annotated[tuple[InsightSelector, ...], From(tf="insight_selector")] = ()
    kms_key_id: Annotated[str | None, From(cfn="KMSKeyId")] = None
    cloud_watch_logs_log_group_arn: Annotated[str | None, From(tf="cloud_watch_logs_group_arn")] = None
    s3_bucket_name: Annotated[str | None, From(live="S3BucketName")] = None
    sns_topic_name: str | None = None

    def lacks(self) -> str | None:
        """What it lacks to record management events of the whole account, as far as anything is known to be lacking."""
        shortcomings: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("covers one region only", lambda: self.is_multi_region_trail),
            ("is not logging", lambda: self.is_logging),
            ("does not record all management events", self.records_management_events),
        )
        for words in known_first(shortcomings, lambda one: None if one[1]() else one[0]):
            return words
        return None

    def records_management_events(self) -> bool:
        """Whether it records management events, both those that read and those that write."""
        return every(lambda: self._records("ReadOnly", "true"), lambda: self._records("WriteOnly", "false"))

    def records_objects(self, bucket: Resource) -> bool:
        """Whether it records all reads and all writes of a bucket's objects."""
        return every(
            lambda: self.is_logging,
            lambda: self.is_multi_region_trail or _region(self) == _region(bucket),
            lambda: self._records_objects("ReadOnly", "true", bucket),
            lambda: self._records_objects("WriteOnly", "false", bucket),
        )

    def _records_objects(self, read_write_type: str, read_only: str, bucket: Resource) -> bool:
        advanced, basic = self.advanced_event_selectors, self.event_selectors
        return either(
            lambda: some(advanced, lambda selector: selector.records_objects(read_only, bucket)),
            lambda: some(basic, lambda selector: selector.records_objects(read_write_type, bucket)),
        )

    def _records(self, read_write_type: str, read_only: str) -> bool:
        if not self.event_selectors and not self.advanced_event_selectors:
            return True  # what a trail without selectors does
        if some(self.advanced_event_selectors, lambda selector: selector.records(read_only)):
            return True
        return some(
            self.event_selectors,
            lambda selector: (
                selector.include_management_events and selector.read_write_type in ("All", read_write_type)
            ),
        )


def _region(resource: Resource) -> str | None:
    """Where it is: a template is of one region, and an account lists all buckets at once."""
    return resource.raw.origin.locate(()).region if resource.scope.closed else resource.scope.region


class EventDataStore(Resource, cfn="AWS::CloudTrail::EventDataStore", tf="aws_cloudtrail_event_data_store"):
    """A CloudTrail Lake event data store."""

    kms_key_id: str | None = None
