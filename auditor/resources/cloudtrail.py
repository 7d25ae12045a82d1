"""CloudTrail trails and event data stores."""

from collections.abc import Callable
from typing import Annotated

from auditor.members import every, known_first, some
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From


class DataResource(Struct):
    """Data events of one kind, such as AWS::S3::Object, of the resources whose ARNs begin with a value."""

    type: str
    values: tuple[str, ...] = ()


class EventSelector(Struct):
    """A basic event selector."""

    data_resources: Annotated[tuple[DataResource, ...], From(tf="data_resource")] = ()

    include_management_events: bool = True
    read_write_type: str = "All"


class FieldSelector(Struct):
    """One condition of an advanced event selector."""

    field: str
    equals: Annotated[tuple[str, ...], From(tf="equals")] = ()
    not_equals: tuple[str, ...] = ()


class AdvancedEventSelector(Struct):
    """An advanced event selector: an event must meet all its conditions."""

    field_selectors: Annotated[tuple[FieldSelector, ...], From(tf="field_selector")] = ()

    def records(self, kind: str) -> bool:
        """Whether it records all management events that read ("true") or that write ("false").

        Leaving out noisy sources (KMS, the RDS Data API) is no gap; any other limit is one.
        """
        category = some(self.field_selectors, lambda one: one.field == "eventCategory" and "Management" in one.equals)
        return category and not some(self.field_selectors, lambda one: _limits(one, kind))


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


class EventDataStore(Resource, cfn="AWS::CloudTrail::EventDataStore", tf="aws_cloudtrail_event_data_store"):
    """A CloudTrail Lake event data store."""

    kms_key_id: str | None = None
