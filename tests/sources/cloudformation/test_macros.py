"""What macros, includes and modules may change is unknown; what is written is judged as written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.raw import Collected
from auditor.values import Unknown
from tests.support import statuses, template

Scan = Callable[..., Collected]

NOTEBOOKS = """\
Transform: {transform}
Resources:
  Safe:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {{RootAccess: Disabled}}
  Unsafe:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {{RootAccess: Enabled}}
  Absent:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {{InstanceType: ml.t3.medium}}
  Bare: {{Type: "AWS::SageMaker::NotebookInstance"}}
"""


@pytest.mark.parametrize(
    ("transform", "absent", "notices"),
    [
        ("Mine", "unknown", 1),
        ("[Mine, AWS::CodeDeployBlueGreen]", "unknown", 1),
        ("[AWS::LanguageExtensions, {Name: Mine, Parameters: {A: b}}]", "unknown", 1),
        ("AWS::CodeDeployBlueGreen", "fail", 0),
        ("[AWS::SecretsManager-2024-09-16, AWS::LanguageExtensions]", "fail", 0),
        ("{Name: AWS::Include, Parameters: {Location: 's3://b/x'}}", "fail", 1),
    ],
)
def test_a_macro_of_the_whole_file(tmp_path: Path, transform: str, absent: str, notices: int) -> None:
    """A property that isn't there may be added; said once per file."""
    collected = template(tmp_path, NOTEBOOKS.format(transform=transform))
    assert [notice.location.line for notice in collected.notices] == [1] * notices
    assert statuses(collected, "sagemaker-notebook-root-access") == {
        "Safe": "pass",
        "Unsafe": "fail",
        "Absent": absent,
        "Bare": absent,
    }


@pytest.mark.parametrize(("name", "absent"), [("Mine", "unknown"), ("AWS::Include", "fail")])
def test_a_macro_among_the_resources(tmp_path: Path, name: str, absent: str) -> None:
    """It gets what stands beside it; an include only adds."""
    text = NOTEBOOKS.format(transform="AWS::LanguageExtensions") + f"  Fn::Transform: {{Name: {name}}}\n"
    collected = template(tmp_path, text)
    assert len(collected.notices) == 1
    found = statuses(collected, "sagemaker-notebook-root-access")
    assert (found["Unsafe"], found["Absent"]) == ("fail", absent)


def test_a_macro_in_a_resource_reaches_down(scan: Scan) -> None:
    collected = scan("""\
        Resources:
          A:
            Type: X
            Properties:
              Block:
                Fn::Transform: {Name: Mine}
                Inner: {Here: 1}
              Other: {Here: 1}
          B:
            Type: X
            Properties:
              Block:
                Fn::Transform: {Name: AWS::Include}
                Inner: {Here: 1}
          C: {Type: X, "Fn::Transform": {Name: Mine}, Properties: {Inner: {Here: 1}}}
        """)
    a, b, c = (raw.properties for raw in collected.raws)
    assert a["Block"]["Inner"]["Here"] == 1
    assert isinstance(a["Block"]["Inner"]["There"], Unknown)
    assert isinstance(a["Block"]["Beside"], Unknown)
    assert a["Other"] == {"Here": 1}
    assert "Beside" not in a
    assert b["Block"]["Inner"] == {"Here": 1}
    assert isinstance(b["Block"]["Beside"], Unknown)
    assert isinstance(c["Inner"]["There"], Unknown)
    assert [notice.location.line for notice in collected.notices] == [15, 6]


def test_rules_and_constraints_are_left_alone(tmp_path: Path) -> None:
    text = """\
Parameters:
  Access: {Type: String, Default: Disabled, AllowedPattern: "[", MinLength: 99, ConstraintDescription: {a: b}}
Rules:
  Only:
    RuleCondition: !Equals [!Ref Nothing, x]
    Assertions: [{Assert: {"Fn::Contains": [[a], !Ref Access]}}]
Hooks: {Some: {Type: "AWS::CodeDeploy::BlueGreen"}}
Resources:
  N: {Type: "AWS::SageMaker::NotebookInstance", Properties: {RootAccess: !Ref Access}}
  Odd: {Type: "Some::Other::Thing"}
"""
    collected = template(tmp_path, text)
    assert collected.notices == []
    assert statuses(collected, "sagemaker-notebook-root-access") == {"N": "pass"}
    assert collected.inputs[0]["of_other_types"] == 1


def test_the_templates_own_inconsistencies(scan: Scan) -> None:
    collected = scan("""\
        Mappings: {M: {a: {b: 1}}}
        Resources:
          R:
            Type: X
            Condition: Nowhere
            Properties:
              A: !Ref Nothing
              B: !FindInMap [M, a, c]
              C: !If [Missing, 1, 2]
        """)
    assert [(notice.message, notice.location.line) for notice in collected.notices] == [
        ("the condition Nowhere is not defined", 5),
        ("there is no resource or parameter named Nothing", 7),
        ("Mappings has no M.a.c", 8),
        ("the condition Missing is not defined", 9),
    ]


def test_custom_resources_are_said_once(scan: Scan) -> None:
    collected = scan("""\
        Resources:
          C: {Type: "Custom::Lookup"}
          R: {Type: X, Properties: {A: !GetAtt C.Ami, B: !GetAtt C.Vpc}}
        """)
    assert [notice.location.line for notice in collected.notices] == [3]
    assert isinstance(collected.raws[1].properties["A"], Unknown)
