"""A call that failed, and the checks that it makes unknown."""

from __future__ import annotations

import time
from typing import Any

from auditor.config import Config
from auditor.raw import Gap
from auditor.registry import load_checks
from auditor.scan import _with_checks, scan_account

PUBLIC, GP2, ATTACHED = "s3-bucket-public-policy", "ebs-volume-gp2", "ebs-volume-unattached"


def test_checks_that_a_gap_makes_unknown(aws: Any, failing: Any) -> None:
    aws("s3").create_bucket(Bucket="data")
    failing({"GetBucketPolicy": "AccessDenied", "DescribeVolumes": "UnauthorizedOperation"})
    report = scan_account(Config(select=(PUBLIC, GP2, ATTACHED)), regions=["us-east-1"])
    assert {gap.operation: gap.checks for gap in report.gaps} == {
        "GetBucketPolicy": (PUBLIC,),  # by what its verdict says
        "DescribeVolumes": (GP2, ATTACHED),  # by what it hides
    }


def test_thousands_of_gaps_take_no_time() -> None:
    """As where one permission lacks, and there are many resources."""
    gaps = [
        Gap("s3", "GetBucketPolicy", "AccessDenied", "no", resource=str(number), types=("AWS::S3::Bucket",))
        for number in range(5_000)
    ]
    start = time.process_time()
    told = _with_checks(gaps, list(load_checks().values()), [])
    assert time.process_time() - start < 1
    assert len(told) == 5_000
    assert all(PUBLIC in gap.checks for gap in told)
