"""Clients know the permitted operations, whole, and no others."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.model import ServiceModel, Shape

from auditor.sources.account.collector import load_collectors
from auditor.sources.account.models import LeanModels
from auditor.sources.account.session import open_session, twin

DECLARED = frozenset[str]().union(*(one.declared for one in load_collectors()))


@pytest.fixture
def lean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions of this test share nothing with those of others (`tests.quick`)."""
    monkeypatch.setattr("auditor.sources.account.models.LeanModels", LeanModels)


@pytest.mark.usefixtures("lean")
def test_a_client_knows_what_is_permitted_and_no_more() -> None:
    client = open_session(operations=["ec2:DescribeVolumes"]).client("ec2")
    assert {*client.meta.service_model.operation_names} == {"DescribeRegions", "DescribeVolumes"}
    assert not hasattr(client, "terminate_instances")
    assert client.can_paginate("describe_volumes")


@pytest.mark.usefixtures("lean")
def test_more_is_known_once_it_is_permitted() -> None:
    base = open_session(operations=["organizations:ListAccounts"])
    assert not hasattr(base.client("kms"), "list_keys")
    session = open_session(session=twin(base), operations=["kms:ListKeys"])
    assert hasattr(session.client("kms"), "list_keys")
    assert hasattr(session.client("organizations"), "list_accounts")


@pytest.mark.usefixtures("lean")
def test_models_of_ones_own_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    loader = open_session()._session.get_component("data_loader")
    assert (isinstance(loader, LeanModels), loader.search_paths[0]) == (True, str(tmp_path))


@pytest.mark.parametrize("service", sorted({operation.partition(":")[0] for operation in DECLARED}))
def test_what_is_left_of_a_model_is_whole(service: str) -> None:
    names = [operation.partition(":")[2] for operation in DECLARED if operation.startswith(f"{service}:")]
    models = LeanModels()
    models.permit(f"{service}:{name}" for name in names)
    left = ServiceModel(models.load_service_model(service, "service-2"), service)
    full = botocore.session.Session().get_service_model(service)
    assert sorted(left.operation_names) == sorted(names)
    for name in names:
        mine, theirs = left.operation_model(name), full.operation_model(name)
        for one, other in ((mine.input_shape, theirs.input_shape), (mine.output_shape, theirs.output_shape)):
            assert _written_out(one) == _written_out(other)
        assert [shape.name for shape in mine.error_shapes] == [shape.name for shape in theirs.error_shapes]


def _written_out(shape: Shape | None, above: tuple[str, ...] = ()) -> Any:
    """A shape with all that is in it; one that is within itself, once."""
    if shape is None or shape.name in above:
        return shape and shape.name
    above = (*above, shape.name)
    parts = {"structure": "members", "list": "member", "map": "value"}.get(shape.type_name)
    within = getattr(shape, parts) if parts else None
    if isinstance(within, dict):
        within = {name: _written_out(member, above) for name, member in within.items()}
    elif within is not None:
        within = _written_out(within, above)
    return (shape.name, shape.type_name, within)
