"""X-Ray: how a region's traces are encrypted."""

from __future__ import annotations

from auditor.sources.account.regular import Listing, regular

regular(
    "xray",
    "api:XRay::EncryptionConfig",
    Listing("GetEncryptionConfig", "EncryptionConfig"),
    arn="arn:{partition}:xray:{region}:{account}:encryption-config",
    title="X-Ray",
)
