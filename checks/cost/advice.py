"""What AWS itself recommends to the account."""

from auditor import MEDIUM, Findings, check
from auditor.pricing import commitment
from auditor.pricing.saving import Confidence
from auditor.resources.computeoptimizer import Advice, Recommended

_CONFIDENCE: dict[str, Confidence] = {"idle": "high", "commitment": "high", "oversize": "medium"}


@check(
    "aws-cost-recommendations",
    title="What Compute Optimizer and Cost Optimization Hub recommend is done",
    severity=MEDIUM,
    inputs=("live",),
)
def aws_cost_recommendations(recommendation: Recommended) -> Findings:
    """AWS looks at more metrics than it publishes, and knows the account's own prices.

    What it says of a resource of which another check says the same is added to that check's finding.

    Fix: follow the recommendation in the console of Cost Optimization Hub or Compute Optimizer, or dismiss it there.
    """
    advice = recommendation.advice
    if advice is None:
        return
    if advice.currency != "USD":
        yield recommendation.fail(f"{advice.message}; it saves {advice.savings:,.2f} {advice.currency} a month")
        return
    basis = f"{recommendation.by}'s own estimate: ${advice.savings:,.2f} a month at list prices{_rest(advice)}"
    as_of = recommendation.last_refresh_timestamp.date().isoformat()
    saving = commitment.reported(
        advice.savings, basis, recommendation.by, as_of, confidence=_CONFIDENCE[advice.kind], kind=advice.kind
    )
    yield recommendation.fail(advice.message, saving=saving)


def _rest(advice: Advice) -> str:
    return ", if the smaller one is enough" if advice.kind == "oversize" else ""
