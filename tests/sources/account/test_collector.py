"""The registry of collectors."""

from __future__ import annotations

import subprocess
import sys

import pytest

from auditor.sources.account import collector as registry
from auditor.sources.account.collector import collector, load_collectors


def test_a_collector_is_registered(collectors):
    @collector("ec2", types=("AWS::EC2::Volume",), operations=("DescribeVolumes", "sts:GetCallerIdentity"))
    def volumes(api):
        yield from ()

    (made,) = registry.COLLECTORS
    assert made.name == "ec2.volumes"
    assert made.scope == "region"
    assert made.collect is volumes
    assert made.declared == {"ec2:DescribeVolumes", "sts:GetCallerIdentity"}


def test_a_write_operation_cannot_be_declared(collectors):
    with pytest.raises(ValueError, match="ec2:DeleteVolume is not a read operation"):
        collector("ec2", types=(), operations=("DescribeVolumes", "DeleteVolume"))(lambda api: iter(()))
    assert collectors == []


def test_loading_the_collectors_imports_no_boto3():
    code = (
        "import sys; from auditor.sources.account.permissions import policy;"
        "from auditor.sources.account.collector import load_collectors; policy(load_collectors());"
        "assert not {'boto3', 'botocore', 'moto'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_collector_declares_what_it_lists():
    for one in load_collectors():
        assert one.types, one.name
        assert one.operations or one.types == ("region",), one.name
        assert all(type.startswith(("AWS::", "api:")) or type in ("account", "region") for type in one.types), one.name
