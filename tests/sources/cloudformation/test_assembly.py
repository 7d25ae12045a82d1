"""What the CDK writes: stacks of the manifest and of stages, nested stacks, construct paths, assets left alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.raw import Collected, Raw
from auditor.sources.cloudformation import collect
from auditor.values import Reference, Unknown
from tests.support import judge, statuses

Output = Callable[..., Collected]
BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {}}


def stack(name: str, environment: str = "aws://unknown-account/unknown-region", **more: Any) -> dict[str, Any]:
    return {
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": {"templateFile": f"{name}.template.json"},
        **more,
    }


def cdk(path: str) -> dict[str, Any]:
    return {"Metadata": {"aws:cdk:path": path}}


ASSET = {"aws:asset:path": "Inner1.nested.template.json", "aws:asset:property": "TemplateURL"}
FILES: dict[str, Any] = {
    "manifest.json": {
        "version": "36.0.0",
        "artifacts": {
            "Main.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Main.assets.json"}},
            "Main": stack(
                "Main",
                "aws://123456789012/eu-west-1",
                metadata={"/Main/Bare/Resource": [{"type": "aws:cdk:logicalId", "data": "Bare1"}, 3]},
                additionalMetadataFile="Main.metadata.json",
            ),
            "assembly-Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}},
            "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
        },
    },
    "Main.metadata.json": {"/Main/Beside/Resource": [{"type": "aws:cdk:logicalId", "data": "Beside1"}]},
    "Main.template.json": {
        "Resources": {
            "Data1": {**BUCKET, **cdk("Main/Data/Resource"), "Properties": {"BucketName": {"Ref": "AWS::AccountId"}}},
            "Bare1": BUCKET,
            "Beside1": BUCKET,
            "Inner": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {
                    "TemplateURL": {"Fn::Sub": "https://s3.${AWS::Region}.amazonaws.com/cdk-assets/abc.json"},
                    "Parameters": {"referencetoData": {"Ref": "Data1"}, "status": "Suspended"},
                },
                "Metadata": {"aws:cdk:path": "Main/Inner", **ASSET},
            },
        },
        "Outputs": {"X": {"Value": {"Ref": "Data1"}, "Export": {"Name": "Main:X"}}},
        "Rules": {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": [1]}}]}},
    },
    "Inner1.nested.template.json": {
        "Parameters": {"referencetoData": {"Type": "String"}, "status": {"Type": "String"}},
        "Resources": {
            "Copy": {
                "Type": "AWS::S3::Bucket",
                "Properties": {
                    "BucketName": {"Ref": "referencetoData"},
                    "VersioningConfiguration": {"Status": {"Ref": "status"}},
                },
                **cdk("Main/Inner/Copy/Resource"),
            }
        },
    },
    "assembly-Prod/manifest.json": {"version": "36.0.0", "artifacts": {"Prod": stack("Prod")}},
    "assembly-Prod/Prod.template.json": {
        "Resources": {"Logs": {**BUCKET, "Properties": {"BucketName": {"Ref": "AWS::AccountId"}}}}
    },
    "asset.1/stray.json": {"Resources": {"Stray": BUCKET}},
    "deadbeef.template.json": {"Resources": {"Stray": BUCKET}},
    "tree.json": {"version": "tree-0.1", "tree": {}},
    "Main.assets.json": {"version": "36.0.0", "files": {}},
}


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Output:
    monkeypatch.chdir(tmp_path)

    def output(changed: Mapping[str, Any] | None = None, folder: str = "app/cdk.out", **settings: Any) -> Collected:
        for name, content in {**FILES, **(changed or {})}.items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
        return collect(["app"], **settings)

    return output


def by_id(collected: Collected) -> dict[str, Raw]:
    return {raw.id: raw for raw in collected.raws}


@pytest.mark.parametrize("folder", ["app/cdk.out", "app", "app/build/synth"])
def test_stacks_of_the_manifest(output: Output, folder: str) -> None:
    collected = output(folder=folder)
    assert collected.notices == []
    assert {raw.address.removeprefix(f"{folder}/") for raw in collected.raws} == {
        "Main.template.json#Data1",
        "Main.template.json#Bare1",
        "Main.template.json#Beside1",
        "Main.template.json#Inner",
        "Main.template.json/Inner#Copy",
        "assembly-Prod/Prod.template.json#Logs",
    }


def test_construct_paths(output: Output) -> None:
    assert {raw.id: raw.title for raw in output().raws} == {
        "Data1": "Main/Data/Resource",
        "Bare1": "Main/Bare/Resource",
        "Beside1": "Main/Beside/Resource",
        "Inner": "Main/Inner",
        "Copy": "Main/Inner/Copy/Resource",
        "Logs": "",
    }


def test_environments(output: Output) -> None:
    found = by_id(output())
    assert found["Data1"].properties["BucketName"] == "123456789012"
    assert (found["Copy"].scope.account, found["Copy"].scope.region) == ("123456789012", "eu-west-1")
    assert isinstance(found["Logs"].properties["BucketName"], Unknown)
    assert by_id(output(account="999999999999"))["Logs"].properties["BucketName"] == "999999999999"


def test_nested_stacks(output: Output) -> None:
    collected = output()
    name = by_id(collected)["Copy"].properties["BucketName"]
    assert isinstance(name, Reference)
    assert name.scope == "app/cdk.out/Main.template.json"
    verdict = judge(collected, "s3-bucket-versioning")["Copy"]
    assert (verdict.status.value, verdict.resource.title) == ("fail", "Main/Inner/Copy/Resource")
    (finding,) = verdict.findings
    assert finding.raw.origin.locate(finding.path).file == "app/cdk.out/Inner1.nested.template.json"


@pytest.mark.parametrize(("region", "found"), [("eu-west-1", True), ("us-east-1", False)])
def test_exports_stay_in_their_account_and_region(output: Output, region: str, found: bool) -> None:
    manifest = {"version": "36", "artifacts": {"Prod": stack("Prod", f"aws://123456789012/{region}")}}
    importer = {"Resources": {"Logs": {"Type": "A", "Properties": {"P": {"Fn::ImportValue": "Main:X"}}}}}
    collected = output({"assembly-Prod/manifest.json": manifest, "assembly-Prod/Prod.template.json": importer})
    assert isinstance(by_id(collected)["Logs"].properties["P"], Reference) is found


@pytest.mark.parametrize("manifest", ["{", "[]", '{"version": 1, "artifacts": {}}', '{"version": "1"}', "[" * 100_000])
def test_a_broken_manifest(output: Output, manifest: str) -> None:
    """It is said; the folder's templates are read like any other's."""
    collected = output({"manifest.json": manifest})
    assert [(notice.level, notice.location.file) for notice in collected.notices] == [
        ("error", "app/cdk.out/manifest.json")
    ]
    assert {"Data1", "Copy", "Logs"} <= set(by_id(collected))


def test_a_manifest_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "a web app", "icons": []}')
    (tmp_path / "t.yaml").write_text("Resources: {B: {Type: X}}\n")
    collected = collect([str(tmp_path)])
    assert collected.notices == []
    assert [raw.id for raw in collected.raws] == ["B"]


def test_a_missing_template(output: Output) -> None:
    manifest = {"version": "36", "artifacts": {"Gone": stack("Gone"), "Main": stack("Main"), "Odd": 3, "None": None}}
    collected = output({"manifest.json": manifest})
    (notice,) = collected.notices
    assert (notice.level, "Gone.template.json is not there" in notice.message) == ("error", True)
    assert "Data1" in by_id(collected)


def test_verdicts_of_an_ordinary_folder_with_a_cdk_out(output: Output) -> None:
    Path("app").mkdir()
    Path("app/own.yaml").write_text(
        "Resources: {Own: {Type: 'AWS::S3::Bucket', Properties: {VersioningConfiguration: {Status: Enabled}}}}\n"
    )
    found = statuses(output(), "s3-bucket-versioning")
    assert (found["Own"], found["Copy"]) == ("pass", "fail")
    assert "Stray" not in found
