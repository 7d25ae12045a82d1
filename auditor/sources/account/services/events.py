"""EventBridge rules."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

# Without a bus: the default one, which is where AWS services send their events.
regular(
    "events",
    "AWS::Events::Rule",
    Listing("ListRules", "Rules"),
    more=(
        Call(
            "ListTargetsByRule",
            "Targets",
            {"Rule": "{Name}"},
            into="Targets",
            gone=("ResourceNotFoundException",),
            pages=True,
        ),
    ),
    arn="{Arn}",
    title="{Name}",
)
