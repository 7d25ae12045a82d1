"""What a scan of the demo's templates gives, by checks that are named here, so that a new check changes nothing."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.config import Config
from auditor.report import Report
from auditor.scan import scan_templates

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
CHECKS = (
    "ec2-gpu-previous-generation",
    "ec2-gpu-spot-candidate",
    "iam-policy-admin-star",
    "kms-key-rotation",
    "s3-bucket-public-access-block",
    "s3-bucket-public-policy",
    "s3-bucket-versioning",
    "sagemaker-notebook-direct-internet",
    "sagemaker-training-managed-spot",
    "vpc-sg-ingress-all-ports",
)


@cache
def demo_report() -> Report:
    """The report, with a version and a moment that stay."""
    with _at(ROOT):
        report = scan_templates(["auditor/demo/templates"], Config(select=CHECKS, region="us-east-1"))
    return replace(report, version="0.1.0", created="2026-07-01T06:00:00+00:00", compliance=[])


@contextmanager
def _at(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
