"""Account Management: whom AWS calls about security."""

from __future__ import annotations

from auditor.sources.account.regular import Listing, regular

regular(
    "account",
    "api:Account::AlternateContact",
    Listing(
        "GetAlternateContact",
        "AlternateContact.{AlternateContactType: AlternateContactType}",
        {"AlternateContactType": "SECURITY"},
        absent=("ResourceNotFoundException",),
    ),
    arn="arn:{partition}:account::{account}:alternate-contact/{AlternateContactType!l}",
    title="{AlternateContactType}",
    scope="global",
)
