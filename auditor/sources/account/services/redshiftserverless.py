"""Redshift Serverless: namespaces and workgroups."""

from __future__ import annotations

from auditor.sources.account.regular import Listing, regular

for _kind in ("Namespace", "Workgroup"):
    regular(
        "redshift-serverless",
        f"AWS::RedshiftServerless::{_kind}",
        Listing(f"List{_kind}s", f"{_kind}s"),
        arn=f"{{{_kind}Arn}}",
        title=f"{{{_kind}Name}}",
        names=(f"{{{_kind}Id}}",),
        drop="Status=='DELETING'",
        pascal=True,
    )
