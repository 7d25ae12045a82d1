"""AWS Config."""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.resources.config import ConfigurationAggregator, ConfigurationRecorder
from auditor.values import ABSENT
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, one, scan

_RECORDER = f"arn:aws:config:{REGION}:{ACCOUNT}:configuration-recorder/default"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/config"


class TestConfig(Behaviour):
    cases = (
        Case(
            "AWS::Config::ConfigurationRecorder",
            _RECORDER,
            "DescribeConfigurationRecorders",
            {
                "DescribeConfigurationRecorders": {
                    "ConfigurationRecorders": [
                        {
                            "name": "default",
                            "roleARN": _ROLE,
                            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": False},
                        }
                    ]
                },
                "DescribeConfigurationRecorderStatus": {
                    "ConfigurationRecordersStatus": [{"name": "default", "recording": True}]
                },
            },
            {"RoleARN": _ROLE, "Recording": True},
            needs=("name",),
            title="default",
        ),
        Case(
            "AWS::Config::ConfigurationAggregator",
            f"arn:aws:config:{REGION}:{ACCOUNT}:config-aggregator/all",
            "DescribeConfigurationAggregators",
            {
                "DescribeConfigurationAggregators": {
                    "ConfigurationAggregators": [
                        {
                            "ConfigurationAggregatorName": "all",
                            "ConfigurationAggregatorArn": f"arn:aws:config:{REGION}:{ACCOUNT}:config-aggregator/all",
                            "OrganizationAggregationSource": {"RoleArn": _ROLE, "AllAwsRegions": True},
                        }
                    ]
                }
            },
            {"OrganizationAggregationSource": {"RoleArn": _ROLE, "AllAwsRegions": True}},
            token="NextToken",
            needs=("ConfigurationAggregatorArn", "RoleArn"),
            title="all",
        ),
    )


def test_a_recorder_without_a_state(moto, scripted):
    scripted(
        {
            "DescribeConfigurationRecorders": {"ConfigurationRecorders": [{"name": "one"}]},
            "DescribeConfigurationRecorderStatus": {"ConfigurationRecordersStatus": [{"name": "two"}]},
        }
    )
    raw = one(scan("AWS::Config::ConfigurationRecorder"), "AWS::Config::ConfigurationRecorder")
    assert raw.properties["Recording"] is ABSENT


def test_moto(aws):
    config = aws("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": _ROLE,
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )
    config.put_configuration_aggregator(
        ConfigurationAggregatorName="some",
        AccountAggregationSources=[{"AccountIds": [ACCOUNT], "AwsRegions": [REGION]}],
    )
    inventory = Inventory(scan("AWS::Config::ConfigurationRecorder", "AWS::Config::ConfigurationAggregator"))
    (recorder,) = inventory.of(ConfigurationRecorder)
    assert (recorder.role_arn, recorder.recording) == (_ROLE, False)
    assert recorder.recording_group is not None
    assert recorder.recording_group.all_supported
    assert recorder.recording_group.include_global_resource_types
    (aggregator,) = inventory.of(ConfigurationAggregator)
    assert [source.all_aws_regions for source in aggregator.account_aggregation_sources] == [False]
    assert aggregator.organization_aggregation_source is None
