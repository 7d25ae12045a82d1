"""Budgets, cost allocation tags and expiry tags, on a simulated account and on templates."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditor import clock
from auditor.config import Config
from tests.support import by_title, judge, statuses, template

ACCOUNT = "123456789012"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

# --- budgets --------------------------------------------------------------------------------------------------------

_WHOLE = {"BudgetName": "all", "BudgetType": "COST", "TimeUnit": "MONTHLY", "CostFilters": {}}
_TEAM = {**_WHOLE, "BudgetName": "ml", "CostFilters": {"TagKeyValue": ["user:team$ml"]}}
_EXPRESSION = {**_WHOLE, "BudgetName": "ml", "FilterExpression": {"Tags": {"Key": "team", "Values": ["ml"]}}}
_USAGE = {**_WHOLE, "BudgetName": "hours", "BudgetType": "USAGE"}
_TOLD = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}


def budgets(scripted: Any, *budgets: dict[str, Any], silent: tuple[str, ...] = ()) -> None:
    told = [
        {"BudgetName": one["BudgetName"], "Notifications": [_TOLD]}
        for one in budgets
        if one["BudgetName"] not in silent
    ]
    scripted(
        {
            "DescribeBudgets": {"Budgets": list(budgets)},
            "DescribeBudgetNotificationsForAccount": {"BudgetNotificationsForAccount": told},
        }
    )


@pytest.mark.parametrize(
    ("there", "silent", "words"),
    [
        ((), (), ["no cost budget for all of it", "no cost budget for a service, team"]),
        ((_WHOLE,), (), ["no cost budget for a service, team"]),
        ((_WHOLE, _TEAM), (), []),
        ((_WHOLE, _EXPRESSION), (), []),
        ((_WHOLE, _TEAM), ("ml",), ["no cost budget for a service, team"]),
        ((_USAGE, _TEAM), (), ["no cost budget for all of it"]),
    ],
)
def test_budgets_of_an_account(scan: Any, scripted: Any, there: Any, silent: Any, words: list[str]) -> None:
    budgets(scripted, *there, silent=silent)
    verdicts = judge(scan("budgets-missing"), "budgets-missing")
    (account,) = [one for one in verdicts.values() if one.resource.cfn == "account"]
    assert len(account.findings) == len(words)
    assert all(word in found.message for word, found in zip(words, account.findings, strict=True))
    assert all(found.saving is None for found in account.findings)
    others = {one.resource.title: one.status.value for one in verdicts.values() if one is not account}
    assert others == {one["BudgetName"]: "fail" if one["BudgetName"] in silent else "pass" for one in there}


def test_budgets_that_cannot_be_read(scan: Any, scripted: Any) -> None:
    scripted({"DescribeBudgets": "AccessDeniedException"})
    assert set(statuses(scan("budgets-missing"), "budgets-missing").values()) == {"unknown"}
    budgets(scripted, _WHOLE, _TEAM)
    scripted({"DescribeBudgetNotificationsForAccount": "AccessDeniedException"})
    assert set(statuses(scan("budgets-missing"), "budgets-missing").values()) == {"unknown"}


def test_templates_are_not_the_account(tmp_path: Path) -> None:
    assert statuses(template(tmp_path, "Resources: {B: {Type: AWS::S3::Bucket}}"), "budgets-missing") == {}
    text = """
Resources:
  Whole:
    Type: AWS::Budgets::Budget
    Properties:
      Budget: {BudgetType: COST, TimeUnit: MONTHLY}
      NotificationsWithSubscribers: [{Subscribers: [{SubscriptionType: EMAIL, Address: a@example.com}]}]
"""
    assert statuses(template(tmp_path, text), "budgets-missing") == {"Whole": "pass", "account": "unknown"}


# --- cost allocation ------------------------------------------------------------------------------------------------


def test_tags_of_whose_cost_it_is(aws: Any, scan: Any, deny: Any) -> None:
    check = "tags-cost-allocation-missing"
    for name, tags in (("bare", {}), ("half", {"team": "ml"}), ("whole", {"app": "a", "owner": "b", "stage": "dev"})):
        aws("s3").create_bucket(Bucket=name)
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        if pairs:
            aws("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs})
    verdicts = judge(scan(check), check)
    assert by_title(verdicts) == {"bare": "fail", "half": "fail", "whole": "pass"}
    messages = {one.resource.title: one.findings[0].message for one in verdicts.values() if one.findings}
    assert messages == {
        "bare": "has no tag for project, team, environment",
        "half": "has no tag for project, environment",
    }
    deny("GetResources")
    assert set(by_title(judge(scan(check), check)).values()) == {"unknown"}


def test_the_wanted_tags_are_configured(tmp_path: Path) -> None:
    text = "Resources: {B: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: billing-code, Value: a7}]}}}"
    collected, check = template(tmp_path, text), "tags-cost-allocation-missing"
    assert statuses(collected, check) == {"B": "fail"}
    assert statuses(collected, check, Config(cost_tags=("code|billing-code",))) == {"B": "pass"}


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ("!Ref Any", "unknown"),
        ("[{Key: !Ref Any, Value: a}]", "unknown"),
        ("[{Key: project, Value: a}, {Key: team, Value: !Ref Any}, {Key: env, Value: dev}]", "unknown"),
        ("[{Key: project, Value: ''}, {Key: team, Value: !Ref Any}, {Key: env, Value: dev}]", "fail"),
    ],
)
def test_tags_that_a_template_leaves_open(tags: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Any: {{Type: String}}}}
Resources: {{It: {{Type: AWS::EC2::Volume, Properties: {{Tags: {tags}}}}}}}
"""
    assert statuses(template(tmp_path, text), "tags-cost-allocation-missing") == {"It": status}


# --- expiry ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("2026-11-22", "fail"),
        ("2026-11-23", "pass"),  # until the end of the day
        ("2026/01/31", "fail"),
        ("20260131", "fail"),
        ("2026-11-22T18:00:00Z", "fail"),
        ("2999-12-31", "pass"),
        ("9999-12-31", "pass"),
        ("Never", "pass"),
        ("when done", "unknown"),
        ("2026-02-31", "unknown"),
        ("30", "unknown"),
    ],
)
def test_dates_of_expiry(told: str, status: str, tmp_path: Path) -> None:
    properties = f"{{InstanceType: g5.xlarge, Tags: [{{Key: Delete-After, Value: '{told}'}}]}}"
    collected = template(tmp_path, f"Resources: {{It: {{Type: AWS::EC2::Instance, Properties: {properties}}}}}")
    with clock.at(NOON):
        assert statuses(collected, "tags-expiry-passed") == {"It": status}


def test_what_expired_costs_what_it_costs(tmp_path: Path) -> None:
    text = """
Resources:
  Server: {Type: AWS::EC2::Instance, Properties: {InstanceType: g5.xlarge, Tags: [{Key: ttl, Value: 2026-01-31}]}}
  Data: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: ttl, Value: 2026-01-31}]}}
"""
    found: Any = judge(template(tmp_path, text, region="us-east-1"), "tags-expiry-passed")
    (server,), (data,) = found["Server"].findings, found["Data"].findings
    assert server.message == "was needed until 2026-01-31"
    assert (server.saving.high, server.saving.kind) == (round(1.006 * 730, 2), "idle")
    assert data.saving is None
    assert "what it costs depends on how much it is used" in data.message


def test_expired_instances_of_an_account(aws: Any, scan: Any, deny: Any) -> None:
    check = "tags-expiry-passed"
    specs = [{"ResourceType": "instance", "Tags": [{"Key": "expires", "Value": "2024-01-31"}]}]
    aws("ec2").run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, InstanceType="m5.large", TagSpecifications=specs
    )
    bucket = aws("s3")
    bucket.create_bucket(Bucket="data")
    verdicts: Any = judge(scan(check), check)
    (failed,) = [one for one in verdicts.values() if one.findings]
    assert failed.findings[0].saving.high == round(0.096 * 730, 2)
    deny("GetResources")
    assert by_title(judge(scan(check), check))["data"] == "unknown"
