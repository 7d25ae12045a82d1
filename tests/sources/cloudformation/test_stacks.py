"""Nested stacks, and exports among the templates that are read together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from auditor.inventory import Inventory
from auditor.raw import Collected, Raw
from auditor.resources.base import TYPES
from auditor.scan import accounts
from auditor.sources.cloudformation import collect, world
from auditor.values import Choice, Reference, Unknown
from tests.support import judge, statuses

Files = Callable[..., Collected]
BUCKET = "Resources: {B: {Type: 'AWS::S3::Bucket'}}\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """Write files (dedented) and collect the folder."""
    monkeypatch.chdir(tmp_path)

    def files(texts: Mapping[str, str], *paths: str, **settings: Any) -> Collected:
        for name, text in texts.items():
            file = Path("in", name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text))
        return collect(paths or ["in"], **settings)

    return files


def by_address(collected: Collected) -> dict[str, Raw]:
    assert len({raw.address for raw in collected.raws}) == len(collected.raws)
    return {raw.address.removeprefix("in/"): raw for raw in collected.raws}


def messages(collected: Collected) -> list[tuple[str, str | None, int | None]]:
    return [(n.message, n.location.file, n.location.line) for n in collected.notices]


PARENT = """\
    Parameters: {Stage: {Type: String}, Status: {Type: String, Default: Enabled}}
    Conditions:
      Prod: !Equals [!Ref Stage, prod]
      Never: !Equals [a, b]
    Resources:
      Data:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: nested/data.yaml
          Parameters:
            Stage: !Ref Stage
            Status: !Ref Status
            Key: !GetAtt Key.Arn
            Size: !If [Prod, 9, 1]
            Subnets: !Join [",", [!Ref Subnet, subnet-2]]
      Key: {Type: "AWS::KMS::Key"}
      Subnet: {Type: "AWS::EC2::Subnet"}
      User: {Type: "A::B::C", Properties: {Bucket: !GetAtt Data.Outputs.Bucket, Size: !GetAtt Data.Outputs.Size}}
      Unmade: {Type: "AWS::CloudFormation::Stack", Condition: Never, Properties: {TemplateURL: unmade.yaml}}
      Maybe: {Type: "AWS::CloudFormation::Stack", Condition: Prod, Properties: {TemplateURL: maybe.yaml}}
    """
CHILD = """\
    Parameters:
      Stage: {Type: String}
      Status: {Type: String}
      Key: {Type: String}
      Size: {Type: Number}
      Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
      Region: {Type: String, Default: here}
      Needed: {Type: String}
    Conditions: {Prod: !Equals [!Ref Stage, prod]}
    Resources:
      Bucket:
        Type: AWS::S3::Bucket
        Properties:
          VersioningConfiguration:
            Status: !Ref Status
      Thing:
        Type: A::B::C
        Condition: Prod
        Properties: {Key: !Ref Key, Size: !Ref Size, Subnets: !Ref Subnets, Region: !Ref Region, Needed: !Ref Needed}
    Outputs:
      Bucket: {Value: !Ref Bucket}
      Size: {Value: !Ref Size}
    """


def nested(files: Files, **settings: Any) -> Collected:
    return files(
        {"parent.yaml": PARENT, "nested/data.yaml": CHILD, "unmade.yaml": BUCKET, "maybe.yaml": BUCKET}, **settings
    )


def test_parameters_and_outputs(files: Files) -> None:
    collected = nested(files)
    assert messages(collected) == []
    found = by_address(collected)
    assert [name for name in found if "/" in name] == [
        "parent.yaml/Data#Bucket",
        "parent.yaml/Data#Thing",
        "parent.yaml/Maybe#B",
    ]
    thing = found["parent.yaml/Data#Thing"].properties
    assert isinstance(thing["Key"], Reference)
    assert (thing["Key"].target, thing["Key"].scope, thing["Key"].attribute) == ("Key", "in/parent.yaml", "Arn")
    assert isinstance(thing["Size"], Choice)
    assert (thing["Size"].then, thing["Size"].otherwise) == (9, 1)
    assert [str(member) for member in thing["Subnets"]] == ["${Subnet}", "subnet-2"]
    assert isinstance(thing["Subnets"][0], Reference)
    assert thing["Region"] == "here"
    assert thing["Needed"].reason == "the parent stack (in/parent.yaml) does not pass parameter Needed"
    assert found["parent.yaml/Data#Thing"].volatile
    user = found["parent.yaml#User"].properties
    assert (user["Bucket"].target, user["Bucket"].scope) == ("Bucket", "in/parent.yaml/Data")
    assert isinstance(user["Size"], Choice)
    assert found["parent.yaml#User"].volatile


def test_a_parameter_that_is_passed_on_is_the_same_question(files: Files) -> None:
    found = by_address(nested(files))
    size = found["parent.yaml/Data#Thing"].properties["Size"]
    assert found["parent.yaml/Data#Thing"].exists is size.condition
    assert found["parent.yaml/Maybe#B"].exists is size.condition


def test_scanned_once_in_its_context(files: Files) -> None:
    collected = nested(files)
    inputs = {entry["name"]: entry for entry in collected.inputs}
    assert inputs["in/nested/data.yaml"]["stacks"] == ["in/parent.yaml/Data"]
    assert (inputs["in/nested/data.yaml"]["resources"], inputs["in/unmade.yaml"]["resources"]) == (2, 0)
    assert inputs["in"]["templates"] == 4
    bucket = by_address(collected)["parent.yaml/Data#Bucket"]
    location = bucket.origin.locate(("VersioningConfiguration", "Status"))
    assert (location.file, location.line) == ("in/nested/data.yaml", 15)
    places = [raw for raw in accounts(collected.raws) if raw.scope.name == "in/parent.yaml/Data"]
    assert [raw.type for raw in places] == ["account", "region"]
    assert {raw.origin.locate(()).file for raw in places} == {"in/nested/data.yaml"}


@pytest.mark.parametrize(("status", "verdict"), [("Enabled", "pass"), ("Suspended", "fail")])
def test_verdicts(files: Files, status: str, verdict: str) -> None:
    assert statuses(nested(files, parameters={"Status": status}), "s3-bucket-versioning")["Bucket"] == verdict


def test_unknown_verdict(files: Files) -> None:
    parent = PARENT.replace("Default: Enabled", "Description: x")
    texts = {"parent.yaml": parent, "nested/data.yaml": CHILD, "unmade.yaml": BUCKET, "maybe.yaml": BUCKET}
    verdict = judge(files(texts), "s3-bucket-versioning")["Bucket"]
    assert (verdict.status.value, "parameter Status" in verdict.reason) == ("unknown", True)


def test_parts_cross_stacks(files: Files) -> None:
    """A policy in the parent belongs to the bucket of the nested stack."""
    parent = """\
        Resources:
          Data: {Type: "AWS::CloudFormation::Stack", Properties: {TemplateURL: child.yaml}}
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !GetAtt Data.Outputs.Name
              PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "s3:*", Resource: "*"}]}
        """
    child = BUCKET + "Outputs: {Name: {Value: !Ref B}}\n"
    verdict = judge(files({"parent.yaml": parent, "child.yaml": child}), "s3-bucket-public-policy")["B"]
    assert verdict.status.value == "fail"
    assert verdict.resource.address == "in/parent.yaml/Data#B"


def test_two_parents(files: Files) -> None:
    parent = "Resources: {N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: %s}}}\n"
    collected = files({"a.yaml": parent % "c.yaml", "b.yaml": parent % "./sub/../c.yaml", "c.yaml": BUCKET})
    assert {"a.yaml/N#B", "b.yaml/N#B"} <= set(by_address(collected))
    assert "c.yaml#B" not in by_address(collected)
    assert statuses(collected, "s3-bucket-versioning") != {}


def test_absolute_file_url(files: Files, tmp_path: Path) -> None:
    url = (tmp_path / "in" / "c d.yaml").as_uri()
    parent = f"Resources: {{N: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: '{url}'}}}}}}\n"
    collected = files({"a.yaml": parent, "c d.yaml": BUCKET})
    assert set(by_address(collected)) == {"a.yaml#N", "a.yaml/N#B"}


def test_only_the_parent_named(files: Files) -> None:
    texts = {"parent.yaml": PARENT, "nested/data.yaml": CHILD, "unmade.yaml": BUCKET, "maybe.yaml": BUCKET}
    collected = files(texts, "in/parent.yaml")
    assert "parent.yaml/Data#Bucket" in by_address(collected)
    assert messages(collected) == []


def test_recursion(files: Files) -> None:
    stack = "Resources:\n  N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: %s}}\n  B: {Type: X}\n"
    collected = files({"a.yaml": stack % "b.yaml", "b.yaml": stack % "a.yaml", "c.yaml": stack % "c.yaml"})
    assert set(by_address(collected)) == {
        "a.yaml#N", "a.yaml#B", "a.yaml/N#N", "a.yaml/N#B", "c.yaml#N", "c.yaml#B",
    }  # fmt: skip
    assert [(file, line) for _, file, line in messages(collected)] == [("in/b.yaml", 2), ("in/c.yaml", 2)]
    assert "it includes itself (in/a.yaml → in/b.yaml → in/a.yaml)" in messages(collected)[0][0]


def test_too_many_nested_stacks(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "MAX_NESTED", 20)
    line = "  N%d: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: f%d.yaml}}\n"
    texts = {f"f{level}.yaml": "Resources:\n" + "".join(line % (i, level + 1) for i in range(5)) for level in range(5)}
    collected = files({**texts, "f5.yaml": BUCKET})
    assert any("there are more than 20 nested stacks" in message for message, *_ in messages(collected))
    assert len(collected.raws) < 200


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://s3.amazonaws.com/bucket/x.template", "its template is not a file here (https://s3.amazonaws.com/"),
        ("s3://bucket/x.yaml", "its template is not a file here (s3://"),
        ("file://server/x.yaml", "its template is not a file here (file://"),
        ("nowhere.yaml", "there is no file in/nowhere.yaml"),
        (".", "there is no file in"),
        ("!Ref P", "parameter P has no default"),
        ("!If [Open, a.yaml, b.yaml]", "its TemplateURL is known only at deployment"),
        ("[a]", "its TemplateURL is known only at deployment"),
        ("broken.yaml", "in/broken.yaml could not be read"),
        ("notes.yaml", "in/notes.yaml could not be read"),
    ],
)
def test_not_followed(files: Files, url: str, why: str) -> None:
    """Said with its line; what it puts out is unknown."""
    parent = f"""\
        Parameters: {{P: {{Type: String}}}}
        Conditions: {{Open: !Equals [!Ref P, x]}}
        Resources:
          N: {{Type: "AWS::CloudFormation::Stack", Properties: {{TemplateURL: {url}}}}}
          U: {{Type: "A::B::C", Properties: {{P: !GetAtt N.Outputs.X}}}}
        """
    texts = {"parent.yaml": parent, "broken.yaml": "Resources: [\n", "notes.yaml": "just: notes\n"}
    collected = files(texts, "in/parent.yaml")
    last = messages(collected)[-1]
    assert why in last[0]
    assert last[1:] == ("in/parent.yaml", 4)
    assert isinstance(by_address(collected)["parent.yaml#U"].properties["P"], Unknown)
    errors = [notice.location.file for notice in collected.notices if notice.level == "error"]
    assert errors == ([f"in/{url}"] if "could not be read" in why else [])


def test_a_broken_child_is_said_once(files: Files) -> None:
    parent = "Resources: {N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: b.yaml}}}\n"
    collected = files({"a.yaml": parent, "b.yaml": "Resources: {B: [\n"})
    assert [notice.level for notice in collected.notices] == ["error", "warning"]


def test_missing_output(files: Files) -> None:
    parent = """\
        Resources:
          N: {Type: "AWS::CloudFormation::Stack", Properties: {TemplateURL: c.yaml}}
          U: {Type: "A::B::C", Properties: {P: !GetAtt N.Outputs.Nope}}
        """
    collected = files({"a.yaml": parent, "c.yaml": BUCKET})
    assert messages(collected) == [("the nested stack N (in/c.yaml) has no output Nope", "in/a.yaml", 3)]


def test_outputs_from_one_nested_stack_to_the_next(files: Files) -> None:
    parent = """\
        Resources:
          One: {Type: "AWS::CloudFormation::Stack", Properties: {TemplateURL: one.yaml}}
          Two:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: two.yaml, Parameters: {Bucket: !GetAtt One.Outputs.Name}}
        """
    two = "Parameters: {Bucket: {Type: String}}\nResources: {T: {Type: 'A::B::C', Properties: {P: !Ref Bucket}}}\n"
    collected = files({"p.yaml": parent, "one.yaml": BUCKET + "Outputs: {Name: {Value: !Ref B}}\n", "two.yaml": two})
    assert messages(collected) == []
    assert by_address(collected)["p.yaml/Two#T"].properties["P"].scope == "in/p.yaml/One"


@pytest.mark.parametrize(
    ("transform", "parameters"),
    [("AWS::LanguageExtensions", "!If [Open, {Status: Enabled}, {}]"), ("Mine", "{}")],
)
def test_a_default_does_not_count_where_something_may_be_passed(files: Files, transform: str, parameters: str) -> None:
    parent = f"""\
        Transform: {transform}
        Parameters: {{P: {{Type: String}}}}
        Conditions: {{Open: !Equals [!Ref P, x]}}
        Resources:
          N: {{Type: "AWS::CloudFormation::Stack", Properties: {{TemplateURL: c.yaml, Parameters: {parameters}}}}}
        """
    child = """\
        Parameters: {Status: {Type: String, Default: Suspended}}
        Resources: {B: {Type: "AWS::S3::Bucket", Properties: {VersioningConfiguration: {Status: !Ref Status}}}}
        """
    collected = files({"a.yaml": parent, "c.yaml": child})
    assert statuses(collected, "s3-bucket-versioning") == {"B": "unknown"}


def test_stacks_that_need_each_other(files: Files) -> None:
    stack = (
        "{Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: c.yaml, Parameters: {P: !GetAtt %s.Outputs.O}}}"
    )
    parent = f"Resources:\n  A: {stack % 'B'}\n  B: {stack % 'A'}\n"
    child = """\
        Parameters: {P: {Type: String}}
        Resources: {T: {Type: "A::B::C", Properties: {P: !Ref P}}}
        Outputs: {O: {Value: !Ref P}}
        """
    collected = files({"p.yaml": parent, "c.yaml": child})
    assert isinstance(by_address(collected)["p.yaml/A#T"].properties["P"], Unknown)


# --- exports --------------------------------------------------------------------------------------------------------

EXPORTER = """\
    Parameters: {Open: {Type: String}}
    Conditions: {Never: !Equals [a, b]}
    Resources:
      Key: {Type: "AWS::KMS::Key", Properties: {EnableKeyRotation: true}}
      B: {Type: "AWS::S3::Bucket"}
    Outputs:
      Key: {Value: !GetAtt Key.Arn, Export: {Name: shared-key}}
      ByRegion: {Value: !Ref B, Export: {Name: !Sub "${AWS::Region}-bucket"}}
      ByStack: {Value: !Ref B, Export: {Name: !Sub "${AWS::StackName}-bucket"}}
      ByParameter: {Value: !Ref B, Export: {Name: !Sub "${Open}-bucket"}}
      Text: {Value: 12, Export: {Name: number}}
      Hidden: {Value: !Ref B, Condition: Never, Export: {Name: hidden}}
      Twice: {Value: !Ref B, Export: {Name: twice}}
    """


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("shared-key", "Key"),
        ("!Sub 'shared-${What}'", "Key"),
        ("!Sub '${AWS::Region}-bucket'", "B"),
        ("!Join ['-', [!Ref AWS::Region, bucket]]", "B"),
        ("!Sub '${AWS::StackName}-bucket'", None),
        ("!Sub '${Open}-bucket'", None),
        ("!Sub '${Key}-bucket'", None),
        ("hidden", None),
        ("twice", None),
        ("other", None),
    ],
)
def test_imports(files: Files, name: str, target: str | None) -> None:
    importer = f"""\
        Parameters: {{What: {{Type: String, Default: key}}, Open: {{Type: String}}}}
        Resources:
          Key: {{Type: "AWS::S3::Bucket"}}
          U: {{Type: "A::B::C", Properties: {{P: !ImportValue {name}}}}}
        """.replace("!ImportValue !Sub", '!ImportValue {"Fn::Sub":').replace(
        "!ImportValue !Join", '!ImportValue {"Fn::Join":'
    )
    importer = importer.replace("'}}\n", "'}}}\n").replace("]]}}\n", "]]}}}\n")
    again = BUCKET + "Outputs: {Twice: {Value: x, Export: {Name: twice}}}\n"
    collected = files({"a.yaml": importer, "b.yaml": EXPORTER, "c.yaml": again})
    assert messages(collected) == []
    got = by_address(collected)["a.yaml#U"].properties["P"]
    if target is None:
        assert isinstance(got, Unknown)
    else:
        assert (got.target, got.scope) == (target, "in/b.yaml")
    if name == "twice":
        assert got.reason == "the export twice is made more than once: in/b.yaml, in/c.yaml"


def test_lookups_cross_files(files: Files) -> None:
    importer = 'Resources: {B2: {Type: "AWS::S3::Bucket", Properties: {BucketName: !ImportValue shared-key}}}\n'
    collected = files({"a.yaml": importer, "b.yaml": EXPORTER})
    assert statuses(collected, "kms-key-rotation") == {"Key": "pass"}
    reference = by_address(collected)["a.yaml#B2"].properties["BucketName"]
    inventory = Inventory(collected)
    key = inventory.get(TYPES["AWS::KMS::Key"], reference)
    assert key is not None
    assert key.address == "in/b.yaml#Key"


@pytest.mark.parametrize(("value", "verdict"), [("Disabled", "pass"), ("Enabled", "fail"), ("!Ref Access", "unknown")])
def test_an_import_decides_a_verdict(files: Files, value: str, verdict: str) -> None:
    importer = """\
        Resources:
          Notebook:
            Type: AWS::SageMaker::NotebookInstance
            Properties: {RootAccess: !ImportValue access}
        """
    exporter = f"""\
        Parameters: {{Access: {{Type: String}}}}
        Resources: {{}}
        Outputs: {{A: {{Value: {value}, Export: {{Name: access}}}}}}
        """
    collected = files({"a.yaml": importer, "b.yaml": exporter})
    assert statuses(collected, "sagemaker-notebook-root-access") == {"Notebook": verdict}


def test_imports_in_a_circle(files: Files) -> None:
    text = """\
        Resources: {%s: {Type: A, Properties: {P: !ImportValue %s}}}
        Outputs: {O: {Value: !ImportValue %s, Export: {Name: %s}}}
        """
    collected = files({"a.yaml": text % ("A", "b", "b", "a"), "b.yaml": text % ("B", "a", "a", "b")})
    assert isinstance(by_address(collected)["a.yaml#A"].properties["P"], Unknown)


def test_an_import_passed_to_a_nested_stack(files: Files) -> None:
    parent = """\
        Resources:
          N:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: c.yaml, Parameters: {Key: !ImportValue shared-key}}
        """
    child = "Parameters: {Key: {Type: String}}\nResources: {T: {Type: 'A::B::C', Properties: {P: !Ref Key}}}\n"
    collected = files({"a.yaml": parent, "c.yaml": child, "z.yaml": EXPORTER})
    assert by_address(collected)["a.yaml/N#T"].properties["P"].scope == "in/z.yaml"
