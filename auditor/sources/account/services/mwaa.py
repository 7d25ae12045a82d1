"""Managed Workflows for Apache Airflow: environments."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

regular(
    "mwaa",
    "AWS::MWAA::Environment",
    Listing("ListEnvironments", "Environments[].{Name: @}"),
    describe=Call("GetEnvironment", "Environment", {"Name": "{Name}"}, gone=("ResourceNotFoundException",)),
    drop="Status=='DELETING' || Status=='DELETED'",
    arn="arn:{partition}:airflow:{region}:{account}:environment/{Name}",
    title="{Name}",
)
