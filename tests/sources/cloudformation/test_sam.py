"""SAM templates: translated offline, with findings on the lines that people wrote."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from auditor.raw import Collected, Raw
from auditor.sources.cloudformation import collect
from auditor.values import Choice, Unknown
from tests.support import judge, statuses, template

Scan = Callable[..., Collected]
SAM = "Transform: AWS::Serverless-2016-10-31\n"


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any call would be to AWS."""

    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)


FUNCTION = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String}
  Name: {Type: String, Default: hello}
Conditions:
  Prod: !Equals [!Ref Stage, prod]
Globals:
  Function:
    Runtime: python3.12
    Timeout: 30
    Environment: {Variables: {SHARED: x}}
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Condition: Prod
    Metadata: {Owner: me}
    Properties:
      Handler: app.handler
      CodeUri: src/
      FunctionName: !Sub "${Name}-fn"
      MemorySize: !If [Prod, 1024, 128]
      Tracing: Active
      Environment:
        Variables:
          STAGE: !Ref Stage
      Policies:
        - S3ReadPolicy: {BucketName: !Ref Data}
        - AmazonS3FullAccess
        - Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Action: "s3:*"
              Resource: "*"
      FunctionUrlConfig: {AuthType: NONE}
      Events:
        Nightly:
          Type: Schedule
          Properties:
            Schedule: rate(1 day)
  Data: {Type: "AWS::S3::Bucket"}
  Table: {Type: "AWS::Serverless::SimpleTable", Properties: {SSESpecification: {SSEEnabled: true}}}
  Layer: {Type: "AWS::Serverless::LayerVersion", Properties: {ContentUri: layer/}}
  User: {Type: "A::B::C", Properties: {Role: !GetAtt HelloRole.Arn, Layer: !Ref Layer}}
"""


@pytest.fixture
def function(scan: Scan) -> dict[str, Raw]:
    collected = scan(FUNCTION)
    assert collected.notices == []
    return {raw.id: raw for raw in collected.raws}


def test_what_it_becomes(function: dict[str, Raw]) -> None:
    types = {name: raw.type for name, raw in function.items() if not name.startswith("Layer")}
    assert types == {
        "Hello": "AWS::Lambda::Function",
        "HelloRole": "AWS::IAM::Role",
        "HelloUrl": "AWS::Lambda::Url",
        "HelloUrlPublicPermissions": "AWS::Lambda::Permission",
        "HelloURLInvokeAllowPublicAccess": "AWS::Lambda::Permission",
        "HelloNightly": "AWS::Events::Rule",
        "HelloNightlyPermission": "AWS::Lambda::Permission",
        "Data": "AWS::S3::Bucket",
        "Table": "AWS::DynamoDB::Table",
        "User": "A::B::C",
    }
    hello = function["Hello"].properties
    assert (hello["Runtime"], hello["Timeout"], hello["FunctionName"]) == ("python3.12", 30, "hello-fn")
    assert isinstance(hello["MemorySize"], Choice)
    assert hello["Environment"]["Variables"]["SHARED"] == "x"
    assert isinstance(hello["Environment"]["Variables"]["STAGE"], Unknown)
    assert str(function["User"].properties["Role"]) == "${HelloRole.Arn}"
    assert function["User"].properties["Layer"].startswith("${Layer")


def test_conditions_stay_three_valued(function: dict[str, Raw]) -> None:
    assert str(function["HelloRole"].exists) == "Stage == prod"
    assert function["HelloRole"].exists is function["Hello"].exists
    assert function["Table"].exists is None


@pytest.mark.parametrize(
    ("name", "path", "line", "present"),
    [
        ("Hello", (), 13, True),
        ("Hello", ("Handler",), 18, True),
        ("Hello", ("Code", "S3Bucket"), 19, True),
        ("Hello", ("FunctionName",), 20, True),
        ("Hello", ("MemorySize",), 21, True),
        ("Hello", ("TracingConfig", "Mode"), 22, True),
        ("Hello", ("Environment", "Variables", "STAGE"), 25, True),
        ("Hello", ("Environment", "Variables", "SHARED"), 11, True),
        ("Hello", ("Timeout",), 10, True),
        ("Hello", ("KmsKeyArn",), 13, False),
        ("HelloRole", (), 13, True),
        ("HelloRole", ("AssumeRolePolicyDocument",), 13, False),
        ("HelloRole", ("ManagedPolicyArns", 2), 28, True),
        ("HelloRole", ("Policies", 0, "PolicyDocument", "Statement", 0), 27, False),
        ("HelloRole", ("Policies", 1, "PolicyDocument", "Statement", 0, "Action"), 32, True),
        ("HelloUrl", ("AuthType",), 34, True),
        ("HelloNightly", ("ScheduleExpression",), 39, True),
        ("HelloNightlyPermission", (), 13, True),
        ("Data", (), 40, True),
        ("Table", ("SSESpecification", "SSEEnabled"), 41, True),
    ],
)
def test_locations(function: dict[str, Raw], name: str, path: tuple[str | int, ...], line: int, present: bool) -> None:
    location = function[name].origin.locate(path)
    assert (location.line, location.present) == (line, present)


def test_verdicts(tmp_path: Path) -> None:
    """Pass, fail and unknown of what the translator makes."""
    text = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Statements: {Type: String}}
Globals: {Function: {Runtime: python3.12, Handler: a.b, CodeUri: src/}}
Resources:
  Good:
    Type: AWS::Serverless::Function
    Properties: {Policies: [{Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/x"}]}]}
  Bad:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - AWSLambdaExecute
        - Statement:
            - {Effect: Allow, Action: "*", Resource: "*"}
  Open:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{Statement: [{Effect: Allow, Action: !Ref Statements, Resource: "*"}]}]
"""
    verdicts = judge(template(tmp_path, text), "iam-policy-admin-star")
    assert {name: verdict.status.value for name, verdict in verdicts.items()} == {
        "GoodRole": "pass",
        "BadRole": "fail",
        "OpenRole": "unknown",
    }
    (finding,) = verdicts["BadRole"].findings
    assert finding.raw.origin.locate(finding.path).line == 14


def test_plain_resources_beside_them(tmp_path: Path) -> None:
    text = FUNCTION.replace(
        'Data: {Type: "AWS::S3::Bucket"}',
        'Data: {Type: "AWS::S3::Bucket", Properties: {VersioningConfiguration: {Status: Enabled}}}',
    )
    assert statuses(template(tmp_path, text), "s3-bucket-versioning") == {"Data": "pass"}


def test_what_is_refused_is_said(scan: Scan) -> None:
    """One wrong resource costs only itself."""
    collected = scan(
        f"""\
        {SAM.strip()}
        Resources:
          Good:
            Type: AWS::Serverless::Function
            Properties: {{Handler: a.b, Runtime: python3.12, CodeUri: src/}}
          Bad:
            Type: AWS::Serverless::Function
            Properties: {{Handler: a.b, Runtime: python3.12, CodeUri: src/, Nonsense: 1}}
          Worse:
            Type: AWS::Serverless::Function
            Properties: {{Events: [1], Policies: {{a: [}}}}
          User: {{Type: "A::B::C", Properties: {{P: !GetAtt BadRole.Arn}}}}
        """.replace("{a: [}", "3")
    )
    assert [(notice.level, notice.location.line) for notice in collected.notices] == [("warning", 6), ("warning", 9)]
    assert "Nonsense" in collected.notices[0].message
    found = {raw.id: raw for raw in collected.raws}
    assert {name: raw.type for name, raw in found.items()} == {
        "Good": "AWS::Lambda::Function",
        "GoodRole": "AWS::IAM::Role",
        "Bad": "AWS::Serverless::Function",
        "Worse": "AWS::Serverless::Function",
        "User": "A::B::C",
    }
    assert isinstance(found["User"].properties["P"], Unknown)


def test_a_template_that_is_refused_as_a_whole(scan: Scan) -> None:
    collected = scan(f"""\
        {SAM.strip()}
        Globals: {{Nonsense: {{a: 1}}}}
        Resources:
          F: {{Type: "AWS::Serverless::Function", Properties: {{Handler: a.b, Runtime: python3.12, CodeUri: s}}}}
          B: {{Type: "AWS::S3::Bucket"}}
        """)
    assert [notice.location.line for notice in collected.notices] == [4]
    assert "can't be translated" in collected.notices[0].message
    assert [raw.type for raw in collected.raws] == ["AWS::Serverless::Function", "AWS::S3::Bucket"]


def test_without_the_transform(scan: Scan) -> None:
    collected = scan("Resources:\n  F: {Type: AWS::Serverless::Function}\n")
    assert [(notice.location.line, "without `Transform:" in notice.message) for notice in collected.notices] == [
        (2, True)
    ]


def test_applications(scan: Scan) -> None:
    """One of the repository can't be followed; a local one is a nested stack."""
    Path("child.yaml").write_text("Resources: {B: {Type: 'AWS::S3::Bucket'}}\nOutputs: {X: {Value: !Ref B}}\n")
    collected = scan(f"""\
        {SAM.strip()}
        Resources:
          Far:
            Type: AWS::Serverless::Application
            Properties: {{Location: {{ApplicationId: "arn:aws:serverlessrepo:x", SemanticVersion: 1.0.0}}}}
          Near: {{Type: "AWS::Serverless::Application", Properties: {{Location: child.yaml}}}}
          User: {{Type: "A::B::C", Properties: {{P: !GetAtt Far.Outputs.X, Q: !GetAtt Near.Outputs.X}}}}
        """)
    assert [notice.location.line for notice in collected.notices] == [5]
    found = {raw.address: raw for raw in collected.raws}
    assert "t.yaml/Near#B" in found
    assert isinstance(found["t.yaml#User"].properties["P"], Unknown)
    assert found["t.yaml#User"].properties["Q"].scope == "t.yaml/Near"


def test_every_kind_of_resource(scan: Scan) -> None:
    collected = scan(f"""\
        {SAM.strip()}
        Parameters: {{Stage: {{Type: String}}}}
        Resources:
          Api: {{Type: "AWS::Serverless::Api", Properties: {{StageName: !Ref Stage, DefinitionUri: swagger.yaml}}}}
          Http: {{Type: "AWS::Serverless::HttpApi"}}
          Image: {{Type: "AWS::Serverless::Function", Properties: {{PackageType: Image}}}}
          Fn:
            Type: AWS::Serverless::Function
            Connectors: {{C: {{Properties: {{Destination: {{Id: Table}}, Permissions: [Read]}}}}}}
            Properties:
              Handler: a.b
              Runtime: python3.12
              CodeUri: src/
              AutoPublishAlias: live
              DeploymentPreference: {{Type: AllAtOnce}}
              Events: {{Get: {{Type: Api, Properties: {{Path: /, Method: get}}}}}}
          Table: {{Type: "AWS::Serverless::SimpleTable"}}
          Machine:
            Type: AWS::Serverless::StateMachine
            Properties: {{DefinitionUri: machine.json, Policies: [{{LambdaInvokePolicy: {{FunctionName: !Ref Fn}}}}]}}
          Graph:
            Type: AWS::Serverless::GraphQLApi
            Properties: {{SchemaUri: schema.graphql, Auth: {{Type: AWS_IAM}}}}
        """)
    assert [notice.message for notice in collected.notices] == []
    types = {raw.type for raw in collected.raws}
    assert not any(kind.startswith("AWS::Serverless") for kind in types)
    assert {
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Stage",
        "AWS::ApiGatewayV2::Api",
        "AWS::AppSync::GraphQLApi",
        "AWS::CodeDeploy::DeploymentGroup",
        "AWS::IAM::ManagedPolicy",
        "AWS::Lambda::Alias",
        "AWS::StepFunctions::StateMachine",
    } <= types
    assert all(raw.origin.locate(()).line for raw in collected.raws)
    implicit = next(raw for raw in collected.raws if raw.id == "ServerlessRestApi")
    assert implicit.origin.locate(()).line == 7


def test_region_stays_open(scan: Scan) -> None:
    text = f"""\
        {SAM.strip()}
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties: {{Handler: a.b, Runtime: python3.12, CodeUri: s, Description: !Ref AWS::Region}}
        """
    open_one, known = (
        scan(text, **settings).raws[0].properties["Description"] for settings in ({}, {"region": "eu-west-1"})
    )
    assert isinstance(open_one, Unknown)
    assert known == "eu-west-1"


def test_the_translator_is_imported_only_for_sam(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("Resources: {B: {Type: 'AWS::S3::Bucket'}}\n")
    code = f"""
        import sys
        from auditor.sources.cloudformation import collect
        assert collect([{str(tmp_path / "t.yaml")!r}]).raws
        print([name for name in ("samtranslator", "boto3", "pydantic", "urllib.request") if name in sys.modules])
        """
    done = subprocess.run([sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert collect([str(tmp_path / "t.yaml")]).raws
