"""The registry of collectors."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

import auditor.resources
from auditor.resources.base import TYPES
from auditor.sources.account import collector as registry
from auditor.sources.account.collector import AllBut, Collector, collector, collectors_of, load_collectors


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


def made(details, types=("AWS::S3::Bucket",)):
    return Collector("s3", types, ("ListBuckets",), lambda api: iter(()), details=details)


DETAILS = {
    "GetBucketPolicy": ("Policy",),
    "GetBucketAcl": ("Grants", "Owner"),
    "tagging:GetResources": ("Tags",),
    "GetBucketLocation": AllBut(("AWS::S3::Bucket", "Name", "Policy", "Grants")),
}


@pytest.mark.parametrize(
    ("wanted", "called"),
    [
        ((), set()),
        (("Name",), set()),
        (("Policy",), {"s3:GetBucketPolicy"}),
        (("Owner", "Name"), {"s3:GetBucketAcl", "s3:GetBucketLocation"}),
        (("Tags",), {"tagging:GetResources", "s3:GetBucketLocation"}),
        (("",), {"s3:GetBucketPolicy", "s3:GetBucketAcl", "s3:GetBucketLocation", "tagging:GetResources"}),
    ],
)
def test_what_tells_nothing_wanted_is_left_out(wanted, called):
    one = made(DETAILS)
    assert len(one.declared) == 5
    narrowed = one.only({"AWS::S3::Bucket": wanted, "AWS::EC2::Volume": ("Size",)})
    assert narrowed.declared == {"s3:ListBuckets", *called}
    assert narrowed.left_out == one.declared - narrowed.declared


def test_what_tells_a_whole_type_is_left_out_without_it():
    one = made({"GetBucketPolicy": ("AWS::S3::BucketPolicy",)}, ("AWS::S3::Bucket", "AWS::S3::BucketPolicy"))
    assert one.only({"AWS::S3::Bucket": ("Policy",)}).left_out == {"s3:GetBucketPolicy"}
    assert one.only({"AWS::S3::BucketPolicy": ()}).left_out == set()


def test_the_collectors_of_a_selection(collectors):
    collectors.append(made(DETAILS))
    collectors.append(Collector("x", ("usage:A", "usage:B"), ("GetData",), lambda api: iter(()), late=True))
    assert [one.left_out for one in collectors_of(None)] == [set(), set()]
    assert [one.left_out for one in collectors_of(["AWS::S3::Bucket"])] == [set()]
    (bucket,) = collectors_of({"AWS::S3::Bucket": ("Policy",)})
    assert bucket.declared == {"s3:ListBuckets", "s3:GetBucketPolicy"}
    (late,) = collectors_of({"usage:B": ("Sum",)})
    assert late.types == ("usage:B",)


def test_details_name_what_a_typed_resource_reads():
    """Else nobody would ever want it; a call whose answer is made into other properties says which."""
    for module in pkgutil.iter_modules(auditor.resources.__path__):
        importlib.import_module(f"auditor.resources.{module.name}")
    for one in load_collectors():
        paths = [field.path for type in one.types for field in TYPES[type].plan("live").values()]
        known = {*one.types, *(path[0] for path in paths if path)}
        for operation, told in one.details.items():
            assert isinstance(told, AllBut) or known.issuperset(told), f"{one.name}: {operation} tells {told}"


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
        assert one.declared or one.types == ("region",), one.name
        assert all(
            type.startswith(("AWS::", "api:", "usage:")) or type in ("account", "region") for type in one.types
        ), one.name
