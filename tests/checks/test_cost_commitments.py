"""Savings Plans, reservations, and what AWS itself recommends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditor import advice
from auditor.config import Config
from auditor.engine import evaluate
from auditor.findings import Verdict
from auditor.inventory import Inventory
from auditor.pricing import monthly
from auditor.raw import Collected, Gap, Raw, Scope
from auditor.registry import load_checks
from auditor.sources.account.origin import LiveOrigin
from auditor.utilisation.services.sagemaker import EndpointRequests
from auditor.values import Unknown
from tests.support import by_title, judge
from tests.usage import usage

ACCOUNT, REGION = "123456789012", "us-east-1"
SCOPE = Scope(f"{ACCOUNT}/{REGION}", "account", ACCOUNT, REGION)
NOW = datetime.now(UTC)


def live(type: str, arn: str, properties: dict[str, Any], *names: str) -> Raw:
    title = names[0] if names else arn.rpartition("/")[2]
    return Raw(type, arn, properties, SCOPE, LiveOrigin(type, arn, ACCOUNT, REGION), "live", names, title=title)


def account(**told: Any) -> Raw:
    return live("account", f"arn:aws:iam::{ACCOUNT}:root", told, ACCOUNT)


def only(raws: list[Raw], check: str) -> Verdict:
    (verdict,) = judge(Collected(raws=raws), check).values()
    return verdict


# --- the account's commitments ----------------------------------------------------------------------------------------


def coverage(covered: str, on_demand: str, sagemaker: tuple[str, str] = ("0", "0")) -> list[dict[str, str]]:
    return [
        {"Service": "Amazon Elastic Compute Cloud - Compute", "Covered": covered, "OnDemand": on_demand},
        {"Service": "Amazon SageMaker", "Covered": sagemaker[0], "OnDemand": sagemaker[1]},
    ]


ADVICE = {"MonthlySavings": "310.5", "HourlyCommitment": "1.2"}


def test_compute_that_no_plan_covers() -> None:
    told = account(SavingsPlansCoverage=coverage("100", "300"), ComputeSavingsPlansAdvice=ADVICE)
    (finding,) = only([told], "savingsplans-coverage-low").findings
    assert finding.message == "covers 25 % of its compute use with Savings Plans, less than 70 %"
    assert finding.saving
    assert (finding.saving.low, finding.saving.high, finding.saving.kind) == (310.5, 310.5, "commitment")
    assert "$1.20 an hour" in finding.saving.basis
    assert finding.saving.as_of == NOW.date().isoformat()


def test_sagemaker_is_covered_by_plans_of_its_own() -> None:
    told = account(
        SavingsPlansCoverage=coverage("900", "100", ("0", "500")),
        ComputeSavingsPlansAdvice=ADVICE,
        SageMakerSavingsPlansAdvice=ADVICE,
    )
    assert only([told], "savingsplans-coverage-low").status.value == "pass"
    (finding,) = only([told], "savingsplans-sagemaker-missing").findings
    assert finding.message == "covers 0 % of its SageMaker use with Savings Plans, less than 70 %"


@pytest.mark.parametrize(
    "told",
    [
        {"SavingsPlansCoverage": []},
        {"SavingsPlansCoverage": coverage("0", "0")},
        {"SavingsPlansCoverage": coverage("0", "300"), "ComputeSavingsPlansAdvice": {}},
    ],
)
def test_what_is_not_steady_needs_no_plan(told: dict[str, Any]) -> None:
    assert only([account(**told)], "savingsplans-coverage-low").status.value == "pass"


def test_commitments_that_are_not_used() -> None:
    told = account(
        SavingsPlansUse=[{"Utilization": "62.4", "Unused": "410.2"}],
        ReservationUse=[
            {"Service": "Amazon Redshift", "Utilization": "50", "Unused": "99", "Hours": "720"},
            {"Service": "Amazon Relational Database Service", "Utilization": "99", "Unused": "1", "Hours": "720"},
        ],
    )
    (plans,) = only([told], "savingsplans-utilization-low").findings
    assert plans.message == "used 62 % of what its Savings Plans commit to in 30 days"
    assert plans.saving
    assert plans.saving.high == 410.2
    (nodes,) = only([told], "reserved-instances-utilization-low").findings
    assert nodes.message == "used 50 % of its reserved hours of Amazon Redshift in 30 days"
    none = account(SavingsPlansUse=[], ReservationUse=[])
    assert only([none], "savingsplans-utilization-low").status.value == "pass"
    assert only([none], "reserved-instances-utilization-low").status.value == "pass"


@pytest.mark.parametrize(
    "check",
    [
        "savingsplans-coverage-low",
        "savingsplans-utilization-low",
        "savingsplans-sagemaker-missing",
        "reserved-instances-utilization-low",
    ],
)
def test_whoever_did_not_pay_or_may_not_does_not_know(check: str) -> None:
    assert "was not asked (--paid-apis)" in only([account()], check).reason
    denied = Unknown("ce:GetSomething was denied")
    told = account(**dict.fromkeys(("SavingsPlansCoverage", "SavingsPlansUse", "ReservationUse"), denied))
    assert only([told], check).reason == denied.reason


# --- what could be reserved -----------------------------------------------------------------------------------------

CANDIDATE = "reserved-instances-candidate"


def database(name: str = "orders", **more: Any) -> Raw:
    properties = {
        "DBInstanceClass": "db.m5.large",
        "Engine": "mysql",
        "DBInstanceStatus": "available",
        "InstanceCreateTime": NOW - timedelta(days=200),
        "MultiAZ": False,
        **more,
    }
    return live("AWS::RDS::DBInstance", f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{name}", properties, name)


def reserved(**more: Any) -> Raw:
    properties = {
        "DBInstanceClass": "db.m5.large",
        "ProductDescription": "mysql",
        "DBInstanceCount": 1,
        "State": "active",
        **more,
    }
    return live("api:RDS::ReservedDBInstance", f"arn:aws:rds:{REGION}:{ACCOUNT}:ri:one", properties)


def test_a_database_without_a_reservation() -> None:
    (finding,) = only([database()], CANDIDATE).findings
    assert finding.message == "has run for 90 days without a reservation in this account"
    assert finding.saving
    assert finding.saving.low == pytest.approx(0.171 * 730 * 0.3, abs=0.01)
    assert finding.saving.high == pytest.approx(0.171 * 730 * 0.4, abs=0.01)
    assert (finding.saving.kind, finding.saving.confidence) == ("commitment", "medium")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, "pass"),
        ({"DBInstanceClass": "db.m5.xlarge"}, "pass"),  # covers two of half its size
        ({"DBInstanceClass": "db.m5.24xlarge"}, "pass"),
        ({"DBInstanceClass": "db.r5.large"}, "fail"),
        ({"ProductDescription": "postgresql"}, "fail"),
        ({"State": "retired"}, "fail"),
    ],
)
def test_reservations_that_fit(more: dict[str, Any], status: str) -> None:
    assert by_title(judge(Collected(raws=[database(), reserved(**more)]), CANDIDATE)) == {"orders": status}


def test_half_of_the_databases_are_reserved() -> None:
    found = judge(Collected(raws=[database("a"), database("b"), reserved()]), CANDIDATE)
    messages = [finding.message for verdict in found.values() for finding in verdict.findings]
    assert len(messages) == 2
    assert all("for 50% of what the account has of mysql db.m5" in message for message in messages)


def test_young_stopped_and_serverless_databases() -> None:
    for more in (
        {"InstanceCreateTime": NOW - timedelta(days=20)},
        {"DBInstanceStatus": "stopped"},
        {"DBInstanceClass": "db.serverless"},
    ):
        assert only([database(**more)], CANDIDATE).status.value == "pass"


def test_no_price_no_figure() -> None:
    (finding,) = only([database(Engine="oracle-se2")], CANDIDATE).findings
    assert finding.saving is None
    assert "depends on the price of oracle-se2 db.m5" in finding.message


def test_warehouses_search_and_emr() -> None:
    warehouse = live(
        "AWS::Redshift::Cluster",
        f"arn:aws:redshift:{REGION}:{ACCOUNT}:namespace:dw",
        {
            "NodeType": "ra3.xlplus",
            "NumberOfNodes": 2,
            "ClusterStatus": "available",
            "ClusterCreateTime": NOW - timedelta(days=100),
        },
        "dw",
    )
    (finding,) = only([warehouse], CANDIDATE).findings
    assert finding.saving
    assert finding.saving.high == pytest.approx(2 * 1.086 * 730 * 0.4, abs=0.01)
    search = live(
        "AWS::OpenSearchService::Domain",
        f"arn:aws:es:{REGION}:{ACCOUNT}:domain/logs",
        {"ClusterConfig": {"InstanceType": "m5.large.search", "InstanceCount": 2}},
    )
    assert "since when it has been running" in only([search], CANDIDATE).reason
    group = {"InstanceType": "m5.xlarge", "InstanceCount": 3, "Market": "ON_DEMAND"}
    cluster = live(
        "AWS::EMR::Cluster",
        f"arn:aws:elasticmapreduce:{REGION}:{ACCOUNT}:cluster/j-1",
        {
            "Status": {"State": "WAITING", "Timeline": {"CreationDateTime": NOW - timedelta(days=100)}},
            "Instances": {"MasterInstanceGroup": group},
        },
    )
    plan = live(
        "api:SavingsPlans::SavingsPlan",
        f"arn:aws:savingsplans::{ACCOUNT}:savingsplan/1",
        {"SavingsPlanType": "Compute"},
    )
    assert only([cluster], CANDIDATE).status.value == "fail"
    assert "Savings Plans may cover it" in only([cluster, plan], CANDIDATE).reason


@pytest.mark.parametrize("product", ["oracle-se2(byol)", "oracle-se2 (li)"])
def test_a_reservation_names_the_licence_too(product: str) -> None:
    raws = [database(Engine="oracle-se2"), reserved(ProductDescription=product)]
    assert by_title(judge(Collected(raws=raws), CANDIDATE)) == {"orders": "pass"}


@pytest.mark.parametrize(
    ("kind", "count", "status"), [("m5.2xlarge", 1, "pass"), ("m5.xlarge", 1, "fail"), ("r5.4xlarge", 9, "fail")]
)
def test_reserved_instances_of_another_size_cover_nodes(kind: str, count: int, status: str) -> None:
    groups = {
        "MasterInstanceGroup": {"InstanceType": "m5.xlarge", "InstanceCount": 2, "Market": "ON_DEMAND"},
        "CoreInstanceGroup": {"InstanceType": "c5.xlarge", "InstanceCount": 0, "Market": "ON_DEMAND"},
    }
    cluster = live(
        "AWS::EMR::Cluster",
        f"arn:aws:elasticmapreduce:{REGION}:{ACCOUNT}:cluster/j-1",
        {
            "Status": {"State": "WAITING", "Timeline": {"CreationDateTime": NOW - timedelta(days=100)}},
            "Instances": groups,
        },
    )
    bought = live(
        "api:EC2::ReservedInstances",
        f"arn:aws:ec2:{REGION}:{ACCOUNT}:reserved-instances/1",
        {"InstanceType": kind, "InstanceCount": count},
    )
    verdict = only([cluster, bought], CANDIDATE)
    assert (verdict.status.value, len(verdict.findings)) == (status, int(status == "fail"))


def test_reservations_that_could_not_be_read() -> None:
    gap = Gap(
        "rds",
        "DescribeReservedDBInstances",
        "AccessDenied",
        "",
        ACCOUNT,
        REGION,
        types=("api:RDS::ReservedDBInstance",),
    )
    (verdict,) = judge(Collected(raws=[database()], gaps=[gap]), CANDIDATE).values()
    assert "DescribeReservedDBInstances was denied" in verdict.reason


# --- AWS's own advice -------------------------------------------------------------------------------------------------

ADVISED = "aws-cost-recommendations"
ENDPOINT = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/churn"
REFRESHED = NOW - timedelta(days=1)


def savings(value: float, currency: str = "USD") -> dict[str, Any]:
    return {"EstimatedMonthlySavings": {"Value": value, "Currency": currency}}


def idle(arn: str = ENDPOINT, value: float = 700, **more: Any) -> Raw:
    properties = {
        "ResourceArn": arn,
        "Finding": "Idle",
        "ResourceType": "SageMakerEndpoint",
        "SavingsOpportunity": savings(value),
        "LastRefreshTimestamp": REFRESHED,
        **more,
    }
    return live("api:ComputeOptimizer::IdleRecommendation", f"recommendation/{arn}", properties, "churn", arn)


def hub(arn: str = ENDPOINT, action: str = "Delete", value: float = 690) -> Raw:
    properties = {
        "ActionType": action,
        "EstimatedMonthlySavings": value,
        "CurrencyCode": "USD",
        "RecommendedResourceSummary": "none",
        "LastRefreshTimestamp": REFRESHED,
    }
    return live("api:CostOptimizationHub::Recommendation", f"hub/{arn}/{action}", properties, "churn", arn)


def instance(finding: str = "Overprovisioned", *options: dict[str, Any]) -> Raw:
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-1"
    properties = {"Finding": finding, "RecommendationOptions": list(options), "LastRefreshTimestamp": REFRESHED}
    return live("api:ComputeOptimizer::InstanceRecommendation", f"recommendation/{arn}", properties, "i-1", arn)


def endpoint(kind: str = "ml.g4dn.4xlarge") -> list[Raw]:
    running = {"VariantName": "a", "CurrentInstanceCount": 1}
    made = live(
        "AWS::SageMaker::Endpoint",
        ENDPOINT,
        {
            "EndpointName": "churn",
            "EndpointConfigName": "c",
            "EndpointStatus": "InService",
            "CreationTime": NOW - timedelta(days=40),
            "ProductionVariants": [running],
        },
        "churn",
    )
    variant = {"VariantName": "a", "ModelName": "m", "InstanceType": kind, "InitialInstanceCount": 1}
    config = live("AWS::SageMaker::EndpointConfig", f"{ENDPOINT}-config/c", {"ProductionVariants": [variant]}, "c")
    return [made, config, usage(EndpointRequests, made, invocations={"a": lambda hour: None})]


def test_what_aws_finds_idle() -> None:
    (finding,) = only([idle()], ADVISED).findings
    assert finding.message == "is Idle by Compute Optimizer"
    assert finding.saving
    assert (finding.saving.high, finding.saving.kind, finding.saving.source) == (700, "idle", "AWS, Compute Optimizer")
    assert finding.saving.as_of == REFRESHED.date().isoformat()


def test_the_best_of_the_sizes_that_cost_less() -> None:
    options = (
        {"InstanceType": "m5.large", "Rank": 2, "SavingsOpportunity": savings(40)},
        {"InstanceType": "m6i.large", "Rank": 1, "SavingsOpportunity": savings(42.5)},
    )
    (finding,) = only([instance("Overprovisioned", *options)], ADVISED).findings
    assert finding.message == "is Overprovisioned by Compute Optimizer; m6i.large would do"
    assert finding.saving
    assert (finding.saving.high, finding.saving.kind, finding.saving.confidence) == (42.5, "oversize", "medium")
    assert only([instance("Optimized")], ADVISED).status.value == "pass"


def test_other_currencies_have_no_figure_in_dollars() -> None:
    (finding,) = only([idle(SavingsOpportunity=savings(700, "CNY"))], ADVISED).findings
    assert finding.saving is None
    assert "700.00 CNY a month" in finding.message


def merged(*raws: Raw) -> list[Verdict]:
    checks = load_checks()
    chosen = [checks[name] for name in (ADVISED, "sagemaker-endpoint-idle")]
    return advice.merged(evaluate(Inventory(Collected(raws=list(raws))), chosen, Config()))


def test_one_finding_where_both_say_the_same() -> None:
    (verdict,) = merged(*endpoint(), idle(), hub())
    assert verdict.check.id == "sagemaker-endpoint-idle"
    (finding,) = verdict.findings
    assert finding.message == "had no request in 14 days; Compute Optimizer and Cost Optimization Hub say so, too"
    assert finding.saving
    assert finding.saving.high == pytest.approx(1.505 * 730, abs=0.01)  # as good evidence, and it shows its arithmetic
    assert "AWS, Compute Optimizer: $700.00 to $700.00 a month" in finding.saving.basis


def test_the_better_evidence_wins() -> None:
    (verdict,) = merged(*endpoint("ml.m5.4xlarge"), idle())  # the price is of another region: medium
    (finding,) = verdict.findings
    assert verdict.check.id == "sagemaker-endpoint-idle"
    assert finding.message == "had no request in 14 days; Compute Optimizer says so, too"
    assert finding.saving
    assert (finding.saving.high, finding.saving.confidence) == (700, "high")
    assert "$673.06" in finding.saving.basis


def test_recommendations_about_the_same_are_one_and_others_stay() -> None:
    elsewhere = f"{ENDPOINT}-2"
    verdicts = merged(idle(), hub(), idle(elsewhere), hub(action="Rightsize"))
    assert len(verdicts) == 3
    assert (
        sum("Cost Optimization Hub says so, too" in finding.message for one in verdicts for finding in one.findings)
        == 1
    )


def test_totals_count_a_resource_once() -> None:
    raws = [*endpoint(), idle(), hub(action="PurchaseSavingsPlans"), account()]
    payers = monthly.payers(Inventory(Collected(raws=raws)))
    assert payers[idle().address] == ENDPOINT
    assert payers[hub(action="PurchaseSavingsPlans").address] == account().address


def test_nothing_changes_without_advice() -> None:
    checks = load_checks()
    verdicts = evaluate(Inventory(Collected(raws=endpoint())), [checks["sagemaker-endpoint-idle"]], Config())
    assert advice.merged(verdicts) == verdicts
