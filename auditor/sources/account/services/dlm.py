"""Data Lifecycle Manager: lifecycle policies."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

regular(
    "dlm",
    "AWS::DLM::LifecyclePolicy",
    Listing("GetLifecyclePolicies", "Policies"),
    describe=Call("GetLifecyclePolicy", "Policy", {"PolicyId": "{PolicyId}"}, gone=("ResourceNotFoundException",)),
    arn="arn:{partition}:dlm:{region}:{account}:policy/{PolicyId}",
    title="{PolicyId}",
)
