"""AWS Config."""

from typing import Annotated

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From, Part


class RecordingGroup(Struct):
    """Which types of resources are recorded."""

    all_supported: Annotated[bool, From(tf_default=True)] = False
    include_global_resource_types: bool = False


class ConfigurationRecorder(Resource, cfn="AWS::Config::ConfigurationRecorder", tf="aws_config_configuration_recorder"):
    """A recorder of a region's configuration, which `recording` says to run.

    In CloudFormation a recorder runs once there is a delivery channel.
    """

    role_arn: Annotated[str, From(cfn="RoleARN", live="RoleARN")]
    recording_group: RecordingGroup | None = None
    recording: Annotated[
        bool,
        From(cfn=None, tf=None),
        Part("aws_config_configuration_recorder_status", by="name", take="is_enabled"),
    ]


class Source(Struct):
    """The accounts or the organization of which an aggregator collects."""

    all_aws_regions: Annotated[bool, From(tf="all_regions")] = False


class ConfigurationAggregator(
    Resource, cfn="AWS::Config::ConfigurationAggregator", tf="aws_config_configuration_aggregator"
):
    """An aggregator of several accounts and regions."""

    account_aggregation_sources: Annotated[tuple[Source, ...], From(tf="account_aggregation_source")] = ()
    organization_aggregation_source: Source | None = None
