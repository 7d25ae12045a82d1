"""What moto does not simulate: the demo's account has none of it, and answers so itself."""

from __future__ import annotations

from typing import Any

NOTHING = frozenset(
    {
        "accessanalyzer:ListAnalyzers",
        "backup:ListProtectedResources",
        "cloudformation:ListStacks",  # simulated, but only with a library that weighs more than the demo
        "dlm:GetLifecyclePolicies",
        "glue:GetResourcePolicies",
        "glue:ListDataQualityResults",
        "glue:ListDataQualityRulesets",
        "glue:ListSchemas",
        "mwaa:ListEnvironments",
        "redshift-serverless:ListWorkgroups",
        "sagemaker:ListAssociations",
        "sagemaker:ListMonitoringSchedules",
        "sagemaker:ListNotebookInstanceLifecycleConfigs",
        "sagemaker:ListStudioLifecycleConfigs",
        "sagemaker:ListUserProfiles",
    }
)
"""Lists that are empty here."""


def answer_the_rest(session: Any) -> None:
    """Let clients that a `boto3.Session` makes from now on have an empty answer where moto has none."""
    session.events.register_last("before-call", _answer)  # after what counts calls


def _answer(model: Any, **_: Any) -> tuple[Any, dict[str, Any]] | None:
    from botocore.awsrequest import AWSResponse

    if f"{model.service_model.service_name}:{model.name}" not in NOTHING:
        return None
    return AWSResponse("", 200, {}, None), {}
