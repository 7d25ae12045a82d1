"""CloudWatch Logs checks on a simulated account, and on templates beyond their examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.raw import Collected
from auditor.sources.account.source import collect
from auditor.values import Unknown
from tests.support import judge, statuses, template

CHECK = "cloudwatch-log-group-retention"
ARN = "arn:aws:logs:us-east-1:123456789012:log-group:"


def scan() -> Collected:
    return collect(types={"AWS::Logs::LogGroup"}, regions=["us-east-1"])


def test_live_fail_pass_and_unknown(aws: Any, failing: Any) -> None:
    logs = aws("logs")
    for name in ("kept", "expiring"):
        logs.create_log_group(logGroupName=name)
    logs.put_retention_policy(logGroupName="expiring", retentionInDays=30)
    collected = scan()
    assert statuses(collected, CHECK) == {f"{ARN}kept": "fail", f"{ARN}expiring": "pass"}
    collected.raws[0].properties = {**collected.raws[0].properties, "retentionInDays": Unknown("not told")}
    assert "unknown" in statuses(collected, CHECK).values()
    failing({"DescribeLogGroups": "AccessDeniedException"})
    collected = scan()
    assert statuses(collected, CHECK) == {}
    assert [gap.types for gap in collected.gaps] == [("AWS::Logs::LogGroup",)]


def test_live_what_it_saves_is_at_most_what_storing_it_costs(aws: Any) -> None:
    aws("logs").create_log_group(logGroupName="kept")
    collected = scan()
    collected.raws[0].properties = {**collected.raws[0].properties, "storedBytes": 100 * 1024**3}
    finding = judge(collected, CHECK)[f"{ARN}kept"].findings[0]
    assert finding.saving is not None
    assert (finding.saving.low, finding.saving.high) == (0, 3)
    assert finding.message == "keeps its logs for ever"


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("RetentionInDays: !Ref P", "unknown"),
        ("RetentionInDays: !If [C, 7, 30]", "pass"),
        ("RetentionInDays: !If [C, 7, !Ref AWS::NoValue]", "unknown"),
        ("RetentionInDays: '14'", "pass"),
        ("LogGroupName: !Ref P", "fail"),
    ],
)
def test_templates(tmp_path: Path, properties: str, expected: str) -> None:
    text = f"""
Parameters: {{P: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref P, x]}}
Resources: {{L: {{Type: AWS::Logs::LogGroup, Properties: {{{properties}}}}}}}
"""
    assert statuses(template(tmp_path, text), CHECK) == {"L": expected}


def test_a_template_says_what_the_saving_depends_on(tmp_path: Path) -> None:
    finding = judge(template(tmp_path, "Resources: {L: {Type: AWS::Logs::LogGroup}}"), CHECK)["L"].findings[0]
    assert finding.saving is None
    assert "depends on how much it will store" in finding.message
