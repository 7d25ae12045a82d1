"""Plans as Terraform prints them. `planned/` is a real one: Terraform 1.11.4, provider hashicorp/aws 5.100.0."""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.config import Config
from auditor.engine import evaluate
from auditor.inventory import Inventory
from auditor.raw import Collected, Raw
from auditor.registry import load_checks
from auditor.resources.s3 import AccessPoint, Bucket
from auditor.scan import scan_templates
from auditor.secrets import hidden
from auditor.sources.kinds import is_plan
from auditor.sources.terraform import collect, collect_plans
from auditor.sources.terraform.planned import SECRET
from auditor.values import Choice, Reference, Unknown
from tests.support import hcl, judge, statuses

PLANNED = Path(__file__).parent / "planned"
Change = dict[str, Any]
Planned = Callable[..., Raw]


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Raw]:
    """The real plan without the files that it was made of."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(PLANNED / "plan.json", tmp_path)
    return by_address(collect_plans(["plan.json"]))


@pytest.fixture(scope="module")
def beside() -> dict[str, Raw]:
    """The real plan beside its files."""
    return by_address(collect_plans([str(PLANNED / "plan.json")]))


def by_address(collected: Collected) -> dict[str, Raw]:
    assert collected.notices == []
    return {raw.id: raw for raw in collected.raws}


def target(value: Any) -> tuple[str, str | None]:
    assert type(value) is Reference
    return value.target, value.attribute


# --- the plan alone -------------------------------------------------------------------------------------------------


def test_what_there_will_be(alone: Mapping[str, Raw]) -> None:
    assert 'module.m["x"].aws_subnet.s[1]' in alone
    assert not any(address.startswith("data.") for address in alone)
    assert alone['aws_s3_bucket.b["one"]'].names == ("my-one",)
    assert [type(name) for name in alone['aws_s3_bucket.b["two"]'].names] == [Unknown]
    assert alone["aws_vpc.v"].scope.region == "eu-west-1"  # the provider's, a variable of the plan


def test_computed_is_absent_and_written_is_not(alone: Mapping[str, Raw]) -> None:
    bucket = alone['aws_s3_bucket.b["one"]'].properties
    assert dict(bucket) == {"bucket": "my-one", "force_destroy": False}
    versioning = alone['aws_s3_bucket_versioning.b["one"]'].properties
    assert versioning["versioning_configuration"] == [{"status": "Enabled"}]  # mfa_delete is computed
    reason = "description is known only after apply, or not set"
    assert alone["aws_security_group.b"].properties["ingress"][0]["description"] == Unknown(reason)  # a dynamic block


@pytest.mark.parametrize(
    ("address", "name", "targets"),
    [
        ("aws_security_group.a", "vpc_id", ("aws_vpc.v", "id")),
        ('aws_s3_bucket_versioning.b["two"]', "bucket", ('aws_s3_bucket.b["two"]', "id")),  # each.value.id
        ('aws_s3_bucket_public_access_block.b["one"]', "bucket", ('aws_s3_bucket.b["one"]', None)),  # [each.key]
        ("aws_sagemaker_notebook_instance.n", "subnet_id", ("module.n.aws_subnet.s[0]", "id")),  # an output
        ('module.m["x"].aws_subnet.s[1]', "vpc_id", ("aws_vpc.v", "id")),  # each.value of a module's for_each
        ("module.n.aws_subnet.s[0]", "vpc_id", ("aws_vpc.v", "id")),  # a variable of a module
    ],
)
def test_references(alone: Mapping[str, Raw], address: str, name: str, targets: tuple[str, str | None]) -> None:
    assert target(alone[address].properties[name]) == targets


def test_references_in_lists(alone: Mapping[str, Raw]) -> None:
    groups = alone["aws_sagemaker_notebook_instance.n"].properties["security_groups"]
    assert [target(group)[0] for group in groups] == [
        "module.n.aws_security_group.g",
        'module.m["x"].aws_security_group.g',
    ]
    rules = alone["aws_security_group.d"].properties["ingress"]
    assert [target(one)[0] for one in rules[1]["security_groups"]] == ["aws_security_group.a", "aws_security_group.b"]


def test_texts_made_of_references_are_unknown(alone: Mapping[str, Raw]) -> None:
    function = alone["aws_lambda_function.f"].properties
    assert function["image_uri"].reason == "image_uri depends on aws_vpc.v.id, known only after apply"
    assert target(function["image_uri"].made_of) == ("aws_vpc.v", "id")
    assert isinstance(alone["aws_s3_bucket_policy.b"].properties["policy"], Unknown)


def test_a_policy_document_that_is_read_later(alone: Mapping[str, Raw]) -> None:
    policy = alone["aws_iam_policy.d"].properties["policy"]
    (statement,) = policy["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "s3:*")
    assert isinstance(statement["Resource"], Unknown)
    assert "s3:*" in alone["aws_iam_policy.e"].properties["policy"]  # known now


def test_secrets_are_not_kept(alone: Mapping[str, Raw]) -> None:
    assert alone["aws_db_instance.d"].properties["password"] == Unknown("password is sensitive, so it is not read")
    assert alone["aws_db_instance.e"].properties["password"] == "(sensitive)"  # that one is written there
    report = scan_templates(["plan.json"], Config())
    assert "database-password-plaintext" in {one.check for one in report.results if one.status.value == "fail"}
    for secret in ('"hunter2"', "hunter3"):
        assert secret not in report.to_json()


# --- with its files -------------------------------------------------------------------------------------------------


def test_lines_are_those_of_the_files(beside: Mapping[str, Raw]) -> None:
    place = beside['aws_s3_bucket_versioning.b["two"]'].origin.locate(("versioning_configuration", 0, "status"))
    line = (PLANNED / "main.tf").read_text().splitlines()[(place.line or 0) - 1]
    assert (place.file, place.present) == (str(PLANNED / "main.tf"), True)
    assert 'status = "Enabled"' in line
    open_to_all = beside["aws_security_group.d"].origin.locate(("ingress", 0, "cidr_blocks"))  # the second in the file
    assert 'cidr_blocks = ["0.0.0.0/0"]' in (PLANNED / "main.tf").read_text().splitlines()[(open_to_all.line or 0) - 1]
    module = beside['module.m["x"].aws_subnet.s[1]'].origin.locate(("cidr_block",))
    assert (Path(module.file or "").parent.name, module.line) == ("mod", 6)


def test_without_files_the_plan_is_the_place(alone: Mapping[str, Raw]) -> None:
    place = alone["aws_vpc.v"].origin.locate(("cidr_block",))
    assert (place.file, place.line, place.present) == ("plan.json", None, False)


def test_files_say_what_unknown_values_are_made_of(beside: Mapping[str, Raw]) -> None:
    (statement,) = beside["aws_s3_bucket_policy.b"].properties["policy"]["Statement"]
    assert statement["Resource"] == '${aws_s3_bucket.b["one"].arn}/*'
    assert beside["aws_sagemaker_notebook_instance.n"].properties["tags"]["env"] == "prod"
    groups = beside["aws_db_instance.e"].properties["vpc_security_group_ids"]
    assert (target(groups[0])[0], groups[1]) == ("aws_security_group.a", "sg-1")


def test_files_of_something_else_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(PLANNED / "plan.json", tmp_path)
    Path("main.tf").write_text('resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n')
    collected = collect_plans(["plan.json"])
    assert collected.inputs[0]["files"] == []
    assert all(raw.origin.locate(()).file == "plan.json" for raw in collected.raws)


def test_plan_and_files_agree(beside: Mapping[str, Raw]) -> None:
    """Every check gives the real plan and its files the same verdict; what only a plan knows may decide more."""
    checks = [check for check in load_checks().values() if "terraform" in check.inputs]

    def verdicts(raws: list[Raw]) -> dict[tuple[str, str], str]:
        found = evaluate(Inventory(Collected(raws=raws)), checks, Config())
        return {(one.check.id, one.resource.raw.id): one.status.value for one in found}

    planned = verdicts(list(beside.values()))
    written = verdicts(collect([str(PLANNED)], environment={}).raws)
    assert len(planned) > 100
    assert {key: (status, written.get(key)) for key, status in planned.items() if status != written.get(key)} == {}


# --- changes --------------------------------------------------------------------------------------------------------


def change(actions: list[str], after: Any, **more: Any) -> Change:
    what = {"actions": actions, "before": None, "after": after, "after_unknown": {}, "after_sensitive": {}}
    return {
        "address": "aws_x.r",
        "mode": "managed",
        "type": "aws_x",
        "name": "r",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": what | more.pop("change", {}),
        **more,
    }


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Collected]:
    """Collect a plan of some changes and a configuration."""
    monkeypatch.chdir(tmp_path)

    def plan(*changes: Change, expressions: Any = None, **more: Any) -> Collected:
        declared = [{"address": "aws_x.r", "expressions": expressions or {}}]
        data = {"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": list(changes)}
        data |= {"configuration": {"root_module": {"resources": declared}}} | more
        Path("p.json").write_text(json.dumps(data))
        return collect_plans(["p.json"])

    return plan


@pytest.mark.parametrize(
    ("actions", "count"),
    [
        (["create"], 1),
        (["no-op"], 1),
        (["update"], 1),
        (["delete", "create"], 1),
        (["create", "delete"], 1),
        (["delete"], 0),
        (["forget"], 0),
    ],
)
def test_what_stays(plan: Callable[..., Collected], actions: list[str], count: int) -> None:
    after = None if actions in (["delete"], ["forget"]) else {"a": 1}
    collected = plan(change(actions, after), change(["delete"], None, deposed="abc"))
    assert [raw.properties for raw in collected.raws] == [{"a": 1}] * count


def test_values(plan: Callable[..., Collected]) -> None:
    """A provider gives what was not written as an empty text or list; what was written empty stays."""
    after = {"unset": "", "none": [], "empty": [], "block": [{"a": "", "b": ""}], "nothing": None, "map": {"k": "v"}}
    unknown = {"whole": True, "block": [{"c": True, "d": True}], "function": True, "map": {"u": True}}
    expressions = {
        "empty": {"constant_value": []},
        "block": [{"b": {"constant_value": ""}, "c": {"references": ["local.x"]}}],
        "function": {},
        "map": {"references": ["var.x"]},
    }
    (raw,) = plan(change(["create"], after, change={"after_unknown": unknown}), expressions=expressions).raws
    assert dict(raw.properties) == {
        "empty": [],
        "block": [{"b": "", "c": Unknown("c depends on local.x, known only after apply")}],
        "function": Unknown("function is known only after apply"),
        "map": {"k": "v", "u": Unknown("u depends on var.x, known only after apply")},
    }


def block(order: Any, *references: str) -> Change:
    return {"order": {"constant_value": order}, "target_id": {"references": list(references)}}


@pytest.mark.parametrize(
    ("written", "orders", "targets"),
    [
        ([block(1, "aws_y.a.id"), block(2, "aws_y.b.id")], [1, 2], ["aws_y.a", "aws_y.b"]),
        ([block(2, "aws_y.b.id"), block(1, "aws_y.a.id")], [1, 2], ["aws_y.a", "aws_y.b"]),
        ([block("1", "aws_y.a.id"), block(2, "aws_y.b.id")], [1, 2], ["aws_y.a", "aws_y.b"]),
        ([block(1, "aws_y.a.id"), block(1, "aws_y.b.id")], [1, 1], [None, None]),
        ([block(1, "aws_y.a.id"), block("two", "aws_y.b.id")], [1, 2], [None, None]),  # the provider changed it
        ([block(1, "aws_y.a.id")], [1, 1], [None, None]),  # and a dynamic one
        ([block(1, "aws_y.a.id"), block(2, "aws_y.b.id")], [1, 2, 3], [None, None, None]),
    ],
)
def test_blocks_are_told_apart_by_what_is_constant(
    plan: Callable[..., Collected], written: list[Change], orders: list[Any], targets: list[str | None]
) -> None:
    unknown = {"block": [{"target_id": True} for _ in orders]}
    after = {"block": [{"order": order} for order in orders]}
    others = [{**change(["create"], {}), "address": address} for address in ("aws_y.a", "aws_y.b")]
    made = change(["create"], after, change={"after_unknown": unknown})
    blocks = plan(made, *others, expressions={"block": written}).raws[0].properties["block"]
    found = [one["target_id"] for one in blocks]
    assert [one.target if type(one) is Reference else None for one in found] == targets


def test_what_a_text_is_made_of(plan: Callable[..., Collected]) -> None:
    """One attribute, besides what is known: of several it is open which are in it."""
    others = [{**change(["create"], {}), "address": address} for address in ("aws_y.a", "aws_y.b")]
    made = change(["create"], {}, change={"after_unknown": {"one": True, "two": True, "local": True}})
    expressions = {
        "one": {"references": ["aws_y.a.id", "aws_y.a"]},
        "two": {"references": ["aws_y.a.id", "aws_y.a", "aws_y.b.id", "aws_y.b"]},
        "local": {"references": ["aws_y.a.id", "aws_y.a", "local.x"]},
    }
    properties = plan(made, *others, expressions=expressions).raws[0].properties
    assert target(properties["one"].made_of) == ("aws_y.a", "id")
    assert (properties["two"].made_of, properties["local"].made_of) == (None, None)


def test_blocks_that_are_one_argument(plan: Callable[..., Collected]) -> None:
    """Their expressions say nothing of what is in each, as of `route` of a route table."""
    after = {"route": [{"cidr_block": "0.0.0.0/0", "ipv6_cidr_block": "", "ids": [], "port": 0}]}
    unknown = {"route": [{"gateway_id": True, "ids": []}]}
    expressions = {"route": {"references": ["aws_y.g.id", "aws_y.g"]}}
    (raw,) = plan(change(["create"], after, change={"after_unknown": unknown}), expressions=expressions).raws
    (route,) = raw.properties["route"]
    assert route == {"cidr_block": "0.0.0.0/0", "port": 0, "gateway_id": route["gateway_id"]}


def test_sensitive_members(plan: Callable[..., Collected]) -> None:
    after = {"env": {"A": "open", "B": "hidden"}, "list": ["hidden"]}
    sensitive = {"env": {"B": True}, "list": True}
    (raw,) = plan(change(["create"], after, change={"after_sensitive": sensitive})).raws
    assert raw.properties["env"]["A"] == "open"
    assert "hidden" not in repr(dict(raw.properties))


def test_maps_that_may_hold_a_secret(plan: Callable[..., Collected]) -> None:
    """The provider calls all of such a map sensitive; names are kept, and of the values what shows no secret."""
    after = {"written": {"URL": "jdbc:x", "PASSWORD": "hunter2"}, "made": {"URL": "jdbc:x", "TLS": "true"}}
    sensitive = {"written": True, "made": True}
    expressions = {"written": {"constant_value": after["written"]}, "made": {"references": ["var.made"]}}
    (raw,) = plan(change(["create"], after, change={"after_sensitive": sensitive}), expressions=expressions).raws
    written, made = raw.properties["written"], raw.properties["made"]
    assert written == {"URL": "jdbc:x", "PASSWORD": hidden("hunter2", "PASSWORD")}
    assert made == {"URL": Unknown("URL is sensitive, so it is not read"), "TLS": "true"}


def test_what_is_sent_but_not_kept(plan: Callable[..., Collected]) -> None:
    after = {"a_wo": None, "b_wo": None, "c_wo": None, "d_wo": None}
    expressions = {
        "a_wo": {"constant_value": "hunter2"},
        "b_wo": {"references": ["ephemeral.x.y"]},
        "c_wo": {"constant_value": None},
    }
    change_ = {"after_unknown": {"a_wo": True}}
    (raw,) = plan(change(["create"], after, change=change_), expressions=expressions).raws
    assert dict(raw.properties) == {"a_wo": SECRET, "b_wo": Unknown("b_wo is write-only, so it is not read")}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"constant_value": "export A=b"}, "export A=b"),
        ({"references": ["var.script"]}, Unknown("the plan holds but a hash of user_data")),
    ],
)
def test_user_data_that_is_hashed(plan: Callable[..., Collected], expression: Any, expected: Any) -> None:
    after = {"user_data": hashlib.sha1(b"export A=b").hexdigest()}  # noqa: S324 - as the provider does
    (raw,) = plan(change(["create"], after), expressions={"user_data": expression}).raws
    assert dict(raw.properties) == {"user_data": expected}


def test_a_reference_through_another_resource(plan: Callable[..., Collected]) -> None:
    """What is taken from an argument of a resource is what that argument takes."""
    resources = [
        {"address": "aws_s3_bucket.b", "expressions": {"bucket": {"references": ["random_id.x.hex", "random_id.x"]}}},
        {"address": "aws_x.y", "expressions": {"bucket": {"references": ["aws_s3_bucket.b.bucket"]}}},
        {"address": "aws_x.r", "expressions": {"bucket": {"references": ["aws_x.y.bucket", "aws_x.y"]}}},
    ]
    changes = [
        change(["create"], {}, address=entry["address"], change={"after_unknown": {"bucket": True}})
        for entry in resources
    ]
    raws = plan(*changes, configuration={"root_module": {"resources": resources}}).raws
    assert target(raws[-1].properties["bucket"]) == ("aws_s3_bucket.b", "bucket")


def test_tags_of_the_provider_count(plan: Callable[..., Collected]) -> None:
    (raw,) = plan(change(["create"], {"tags": {"a": "1"}, "tags_all": {"a": "1", "team": "ml"}})).raws
    assert dict(raw.properties) == {"tags": {"a": "1", "team": "ml"}}


@pytest.mark.parametrize(
    ("written", "everything", "wanted"),
    [
        ({"constant_value": {"team": "ml"}}, True, {"team": "ml", "a": "1"}),
        ({"constant_value": {"team": "ml"}}, {"a": "1", "team": "ml"}, {"a": "1", "team": "ml"}),
        ({"references": ["var.team"]}, {"a": "1", "team": "ml"}, {"a": "1", "team": "ml"}),
        ({"references": ["aws_vpc.v.id"]}, {"a": "1"}, None),  # as provider 5.100.0 leaves out what it doesn't know
        ({"references": ["aws_vpc.v.id"]}, True, None),
    ],
)
def test_tags_of_the_provider_that_are_left_out(
    plan: Callable[..., Collected], written: Any, everything: Any, wanted: Any
) -> None:
    after, unknown = {"tags": {"a": "1"}}, {}
    if everything is True:
        unknown["tags_all"] = True
    else:
        after["tags_all"] = everything
    provider = {"aws": {"name": "aws", "expressions": {"default_tags": [{"tags": written}]}}}
    root = {"resources": [{"address": "aws_x.r", "provider_config_key": "aws", "expressions": {"tags": {}}}]}
    configuration = {"provider_config": provider, "root_module": root}
    made = change(["create"], after, change={"after_unknown": unknown})
    tags = plan(made, configuration=configuration).raws[0].properties["tags"]
    if wanted:
        assert tags == wanted
    else:
        assert {"Key": "a", "Value": "1"} in tags
        assert [type(tag) for tag in tags].count(Unknown) == 1
    without = change(["create"], {"name": "x"})
    assert "tags" not in plan(without, configuration=configuration).raws[0].properties


def test_cloud_control_types(plan: Callable[..., Collected]) -> None:
    load_checks()
    (raw,) = plan(change(["create"], {"bucket_name": "b"}, type="awscc_s3_bucket", address="awscc_s3_bucket.b")).raws
    assert (raw.type, raw.dialect, dict(raw.properties)) == ("AWS::S3::Bucket", "cfn", {"BucketName": "b"})


def test_a_dynamic_block_that_may_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("main.tf").write_text(
        'resource "aws_x" "other" {}\nresource "aws_x" "r" {\n  dynamic "rule" {\n'
        '    for_each = aws_x.other.id == "x" ? ["1"] : []\n    content {\n      port = 22\n    }\n  }\n}\n'
    )
    declared: list[Any] = [
        {"address": f"aws_x.{name}", "type": "aws_x", "name": name, "expressions": {}} for name in ("r", "other")
    ]
    changes = [
        change(["create"], {"rule": [{"self": False}]}, change={"after_unknown": {"rule": [{"port": True}]}}),
        change(["create"], {}, address="aws_x.other", name="other"),
    ]
    data: Change = {"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": changes}
    data["configuration"] = {"root_module": {"resources": declared}}
    Path("p.json").write_text(json.dumps(data))
    rule = collect_plans(["p.json"]).raws[0].properties["rule"]
    assert type(rule) is Choice
    assert (rule.then, rule.otherwise) == ([{"port": 22}], [])


# --- what the provider writes where an author does not ---------------------------------------------------------------


def test_a_rule_that_deletes_markers_only(plan: Callable[..., Collected]) -> None:
    """The provider plans 0 days for it: no object expires."""
    load_checks()
    rule = {"id": "r", "status": "Enabled", "expiration": [{"days": 0, "expired_object_delete_marker": True}]}
    rules = change(["create"], {"bucket": "b", "rule": [rule]}, type="aws_s3_bucket_lifecycle_configuration")
    owner = change(["create"], {"bucket": "b"}, type="aws_s3_bucket", address="aws_s3_bucket.b")
    (bucket,) = Inventory(plan(rules, owner)).of(Bucket)
    assert [one.expires for one in bucket.lifecycle_rules] == [False]


@pytest.mark.parametrize(
    ("block", "off"),
    [("", ()), ("block_public_policy = false", ("block_public_policy",))],
)
def test_an_access_point_blocks_what_is_not_said(tmp_path: Path, block: str, off: tuple[str, ...]) -> None:
    inner = f"  public_access_block_configuration {{\n    {block}\n  }}\n"
    text = f'resource "aws_s3_access_point" "p" {{\n  bucket = "b"\n  name = "p"\n{inner}}}\n'
    (point,) = Inventory(hcl(tmp_path, text)).of(AccessPoint)
    assert point.public_access_block
    assert tuple(point.public_access_block.off()) == off


def test_what_an_account_holds_once_is_judged_where_it_is_declared(tmp_path: Path) -> None:
    """Elsewhere another configuration may declare it, so that there is no verdict, and no pass."""
    bucket = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
    checks = ("s3-account-public-access-block", "ebs-default-encryption", "glue-catalog-policy-public")
    assert [judge(hcl(tmp_path, bucket), check) for check in checks] == [{}, {}, {}]
    declared = 'resource "aws_s3_account_public_access_block" "a" {\n  block_public_acls = true\n}\n'
    assert statuses(hcl(tmp_path, bucket + declared), checks[0]) == {"aws_s3_account_public_access_block.a": "fail"}


# --- what is no plan ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04...", "is a plan in Terraform's binary form: scan what `terraform show -json FILE` prints"),
        (
            b'{"format_version": "0.2", "terraform_version": "1.0"}',
            "is a plan of format version 0.2; plans of version 1",
        ),
        (b'{"format_version": "2.0", "resource_changes": []}', "is a plan of format version 2.0; plans of version 1"),
        (b'{"format_version": 1, "resource_changes": []}', "is a plan of format version 1; plans of version 1.x"),
        (b'{"format_version": "1.0", "terraform_version": "1", "values": {}}', "is a state, not a plan"),
        (b'{"version": 4, "lineage": "x", "serial": 1}', "is a state, not a plan"),
        (b'{"@level": "info"}\n{"@level": "info"}', "is a log of Terraform"),
        (b'{"format_version": "1.2", "terraform_version": ', "is not valid JSON: Expecting value"),
        (b'{"format_version": "1.2", "terraform_version": ' + b"[" * 200_000, "is not valid JSON: nested too deep"),
    ],
)
def test_what_is_no_plan(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "p.json"
    file.write_bytes(content)
    assert is_plan(str(file))
    report = scan_templates([str(file)], Config())
    (notice,) = [one for one in report.notices if one.level == "error"]
    assert notice.message.startswith(message)
    assert report.gate.exit_code == 3


@pytest.mark.parametrize("content", [b"", b"[]", b'{"Resources": {}}', b"\xff\xfe{", b'{"format_version": "1.0"}'])
def test_what_is_not_taken_for_one(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "p.json"
    file.write_bytes(content)
    assert not is_plan(str(file))


def test_a_plan_of_another_provider(plan: Callable[..., Collected]) -> None:
    google = change(["create"], {"a": 1}, type="google_x", provider_name="registry.terraform.io/hashicorp/google")
    collected = plan(google)
    assert collected.raws == []
    (notice,) = collected.notices
    assert notice.message == "holds no resources of AWS's providers, only of registry.terraform.io/hashicorp/google"


@pytest.mark.parametrize(
    ("said", "level", "words"),
    [
        ({"errored": True, "complete": False}, "error", "is a plan that ended in an error, so that it lacks resources"),
        ({"errored": False, "complete": False}, "warning", "is a plan of a part only"),
        ({"errored": False, "complete": True}, None, ""),
        ({}, None, ""),  # older versions do not say
    ],
)
def test_a_plan_that_lacks_something(tmp_path: Path, said: Change, level: str | None, words: str) -> None:
    data = json.loads((PLANNED / "plan.json").read_text())
    for name in ("errored", "complete"):
        data.pop(name, None)
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(data | said))
    report = scan_templates([str(file)], Config(select=("vpc-sg-ingress-ssh",), fail_on="critical"))
    assert report.results
    found = [(one.level, one.message) for one in report.notices]
    assert [place for place, _ in found] == ([level] if level else [])
    assert all(message.startswith(words) for _, message in found)
    assert report.gate.exit_code == (3 if level == "error" else 0)


def test_plans_in_folders(tmp_path: Path) -> None:
    shutil.copy(PLANNED / "plan.json", tmp_path)
    report = scan_templates([str(tmp_path)], Config(select=("vpc-sg-ingress-ssh",)))
    assert report.results
    assert report.gate.exit_code == 1
    shutil.copy(PLANNED / "main.tf", tmp_path)
    report = scan_templates([str(tmp_path)], Config(select=("vpc-sg-ingress-ssh",)))
    assert any("is a plan and was not scanned" in one.message for one in report.notices)
    assert {place["kind"] for place in report.inputs} == {"terraform", "folder"}


def test_hostile_plans_end(tmp_path: Path) -> None:
    """Anything of another shape than a plan's is passed over or unknown, never an exception."""
    data = json.loads((PLANNED / "plan.json").read_text())
    file = tmp_path / "p.json"
    values: list[Any] = [None, 1, "x", [], {}, [None], [[]], {"a": 1}, True]
    for value in values:
        for path in PLACES:
            changed = copy.deepcopy(data)
            holder = changed
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = value
            file.write_text(json.dumps(changed))
            Inventory(collect_plans([str(file)]))


PLACES: list[tuple[Any, ...]] = [
    ("resource_changes",),
    ("resource_changes", 5),
    *(("resource_changes", 5, name) for name in ("address", "type", "change", "mode", "provider_name", "index")),
    *(("resource_changes", 5, "change", name) for name in ("actions", "after", "after_unknown", "after_sensitive")),
    ("configuration",),
    ("configuration", "provider_config"),
    ("configuration", "provider_config", "aws", "expressions", "region"),
    ("configuration", "provider_config", "aws", "expressions", "region", "references"),
    ("configuration", "root_module"),
    ("configuration", "root_module", "resources"),
    ("configuration", "root_module", "resources", 5, "expressions"),
    ("configuration", "root_module", "resources", 5, "for_each_expression"),
    ("configuration", "root_module", "module_calls"),
    ("configuration", "root_module", "module_calls", "m"),
    ("configuration", "root_module", "module_calls", "m", "module"),
    ("configuration", "root_module", "module_calls", "m", "expressions"),
    ("configuration", "root_module", "module_calls", "m", "module", "outputs"),
    ("configuration", "root_module", "module_calls", "m", "module", "outputs", "group"),
    ("variables",),
    ("variables", "region"),
]
