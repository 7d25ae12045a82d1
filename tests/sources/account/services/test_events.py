"""EventBridge rules and schedules."""

from __future__ import annotations

import json

import pytest

from auditor.inventory import Inventory
from auditor.resources.events import Rule
from auditor.resources.scheduler import Schedule
from auditor.values import Undecided
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/failures"
_SCHEDULE = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/night"
_PATTERN = json.dumps({"source": ["aws.sagemaker"]})
_GONE = "ResourceNotFoundException"
_LISTED = {
    "Arn": _SCHEDULE,
    "Name": "night",
    "GroupName": "default",
    "State": "ENABLED",
    "Target": {"Arn": "arn:aws:scheduler:::aws-sdk:ec2:stopInstances"},
}


class TestEvents(Behaviour):
    cases = (
        Case(
            "AWS::Events::Rule",
            _RULE,
            "ListRules",
            {
                "ListRules": {
                    "Rules": [{"Arn": _RULE, "Name": "failures", "EventPattern": _PATTERN, "State": "ENABLED"}]
                },
                "ListTargetsByRule": {"Targets": [{"Id": "1", "Arn": "topic"}]},
            },
            {"Targets": [{"Id": "1", "Arn": "topic"}]},
            token="NextToken",
            gone={"ListTargetsByRule": _GONE},
            needs=("Arn", "Name", "Id"),
            title="failures",
        ),
        Case(
            "AWS::Scheduler::Schedule",
            _SCHEDULE,
            "ListSchedules",
            {
                "ListSchedules": {"Schedules": [_LISTED]},
                "GetSchedule": {
                    "ScheduleExpression": "cron(0 20 * * ? *)",
                    "Target": {"Arn": "x", "RoleArn": "r", "Input": '{"InstanceIds": ["i-1"]}'},
                },
            },
            {"State": "ENABLED"},
            empty={"Schedules": []},
            token="NextToken",
            gone={"GetSchedule": _GONE},
            needs=("Schedules", "Arn", "Name", "GroupName", "RoleArn", "Target"),
            title="night",
        ),
    )

    def test_what_is_read(self, scripted) -> None:
        for case in self.cases:
            scripted(case.answers)
        inventory = Inventory(scan(*(case.type for case in self.cases)))
        (rule,), (schedule,) = inventory.of(Rule), inventory.of(Schedule)
        assert (rule.event_pattern is not None, rule.state, rule.schedule_expression) == (True, "ENABLED", None)
        assert [target.arn for target in rule.targets] == ["topic"]
        assert (schedule.schedule_expression, schedule.target_input) == (
            "cron(0 20 * * ? *)",
            '{"InstanceIds": ["i-1"]}',
        )
        assert schedule.target_arn.endswith("stopInstances")

    def test_only_calls_of_aws_services_are_looked_at(self, scripted) -> None:
        scripted({"ListSchedules": {"Schedules": [{**_LISTED, "Target": {"Arn": "arn:aws:lambda:x"}}]}})
        found = scan("AWS::Scheduler::Schedule")
        assert "scheduler:GetSchedule" not in found.calls
        (schedule,) = Inventory(found).of(Schedule)
        assert schedule.target_arn == "arn:aws:lambda:x"
        with pytest.raises(Undecided):
            _ = schedule.schedule_expression


def test_what_moto_has(aws):
    events = aws("events")
    events.put_rule(Name="failures", EventPattern=_PATTERN)
    events.put_rule(Name="hourly", ScheduleExpression="rate(1 hour)", State="DISABLED")
    events.put_targets(Rule="failures", Targets=[{"Id": "1", "Arn": f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"}])
    aws("scheduler").create_schedule(
        Name="night",
        ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:scheduler:::aws-sdk:ec2:stopInstances", "RoleArn": "r", "Input": "{}"},
    )
    found = scan("AWS::Events::Rule", "AWS::Scheduler::Schedule")
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    rules = {rule.title: rule for rule in inventory.of(Rule)}
    assert [target.arn.rpartition(":")[2] for target in rules["failures"].targets] == ["alerts"]
    assert (rules["hourly"].state, rules["hourly"].targets) == ("DISABLED", ())
    assert [one.schedule_expression for one in inventory.of(Schedule)] == ["rate(1 day)"]
