"""AWS Config: recorders with their state, aggregators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Listing, regular
from auditor.values import ABSENT, Unknown


@collector(
    "config",
    types=("AWS::Config::ConfigurationRecorder",),
    operations=("DescribeConfigurationRecorders",),
    details={"DescribeConfigurationRecorderStatus": ("Recording",)},
    pascal=True,
)
def recorders(api: Api) -> Iterator[Raw]:
    """The recorders of a region with whether they run, which another call tells of all at once."""
    states: Any = None
    for recorder in api.pages("DescribeConfigurationRecorders", "ConfigurationRecorders"):
        if states is None:
            states = api.ask_all(
                "DescribeConfigurationRecorderStatus", "ConfigurationRecordersStatus", resource="the recorders"
            )
        name = recorder["Name"]
        arn = recorder.get("Arn") or (
            f"arn:{api.partition}:config:{api.region}:{api.account}:configuration-recorder/{name}"
        )
        properties = {**recorder, "Recording": _recording(states, name)}
        yield api.raw("AWS::Config::ConfigurationRecorder", arn, properties, names=(name,), title=name)


def _recording(states: list[dict[str, Any]] | Unknown, name: str) -> Any:
    if isinstance(states, Unknown):
        return states
    return next((state.get("Recording", ABSENT) for state in states if state.get("Name") == name), ABSENT)


regular(
    "config",
    "AWS::Config::ConfigurationAggregator",
    Listing("DescribeConfigurationAggregators", "ConfigurationAggregators"),
    arn="{ConfigurationAggregatorArn}",
    title="{ConfigurationAggregatorName}",
)
