"""Parameter files and parameter values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import UsageError
from auditor.sources.cloudformation import load_parameters
from auditor.values import Unknown

Value = Callable[..., Any]


@pytest.mark.parametrize(
    "text",
    [
        '[{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "B", "ParameterValue": "1,2"}]',
        '[{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "B", "ParameterValue": "1,2"},'
        ' {"ParameterKey": "C", "UsePreviousValue": true}]',
        '["A=x", "B=1,2"]',
        '{"A": "x", "B": "1,2"}',
        '{"Parameters": {"A": "x", "B": "1,2"}, "Tags": {}}',
        "A: x\nB: '1,2'\n",
        "Parameters:\n  A: x\n  B: 1,2\n",
        "- ParameterKey: A\n  ParameterValue: x\n- ParameterKey: B\n  ParameterValue: 1,2\n",
    ],
)
def test_files(tmp_path: Path, text: str) -> None:
    file = tmp_path / "p"
    file.write_text(text)
    assert load_parameters(str(file)) == {"A": "x", "B": "1,2"}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "p", "should be a mapping of parameter names"),
        ("just text", "p:1:1", "should be a mapping of parameter names"),
        ('{"A": "x"', "p:1:10", "not valid JSON"),
        ('{"A": "x",\n "A": "y"}', "p:2:2", "given twice"),
        ('{"A": "x",\n "B": {"c": 1}}', "p:2:2", "the value of B must be text or a number, not a mapping"),
        ('{"A": null}', "p:1:7", "not nothing (null)"),
        ('[{"ParameterKey": "A"}]', "p:1:2", "ParameterKey and ParameterValue"),
        ('["A"]', "p:1:2", "ParameterKey and ParameterValue"),
        ('["A=1",\n "A=2"]', "p:2:2", "the parameter A is given twice"),
    ],
)
def test_bad_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, place: str, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p").write_text(text)
    with pytest.raises(UsageError) as caught:
        load_parameters("p")
    assert str(caught.value).startswith(f"{place}")
    assert message in str(caught.value)


def test_missing_file() -> None:
    with pytest.raises(UsageError, match=r"none\.json: there is no such file"):
        load_parameters("none.json")


@pytest.mark.parametrize(
    ("declaration", "given", "meant"),
    [
        ("{Type: String, Default: x}", None, "x"),
        ("{Type: String, Default: 5}", None, "5"),
        ("{Type: String, Default: true}", None, "true"),
        ("{Type: String, Default: 012345678901}", None, "012345678901"),
        ("{Type: String, Default: ''}", None, ""),
        ("{Default: x}", None, "x"),
        ("{Type: String, NoEcho: true, Default: secret}", None, "secret"),
        ("{Type: String, Default: x}", "y", "y"),
        ("{Type: String}", 5, "5"),
        ("{Type: String}", ["a", "b"], "a,b"),
        ("{Type: Number, Default: 5}", None, 5),
        ("{Type: Number, Default: '5'}", None, 5),
        ("{Type: Number, Default: 1.5}", None, "1.5"),
        ("{Type: Number}", "7", 7),
        ("{Type: String, AllowedValues: [only]}", None, "only"),
        ("{Type: Number, AllowedValues: [3]}", None, 3),
        ("{Type: CommaDelimitedList, Default: 'a, b'}", None, ["a", "b"]),
        ("{Type: CommaDelimitedList, Default: ''}", None, []),
        ("{Type: CommaDelimitedList}", ["a", "b"], ["a", "b"]),
        ("{Type: List<Number>, Default: '1, 2'}", None, [1, 2]),
        ("{Type: 'List<AWS::EC2::Subnet::Id>', Default: 'a,b'}", None, ["a", "b"]),
        ("{Type: 'AWS::EC2::VPC::Id', Default: vpc-1}", None, "vpc-1"),
        ("{Type: 'AWS::SSM::Parameter::Name', Default: /x}", None, "/x"),
    ],
)
def test_values(value: Value, declaration: str, given: Any, meant: Any) -> None:
    parameters = {} if given is None else {"P": given}
    got = value("!Ref P", f"Parameters:\n  P: {declaration}", parameters=parameters)
    assert got == meant
    assert type(got) is type(meant)


@pytest.mark.parametrize(
    ("declaration", "reason"),
    [
        ("{Type: String}", "parameter P has no default; give it with --parameters"),
        ("{Type: String, AllowedValues: [a, b]}", "parameter P has no default"),
        ("{Type: 'AWS::SSM::Parameter::Value<String>', Default: /x/y}", "read from the SSM parameter /x/y"),
        ("{Type: 'AWS::SSM::Parameter::Value<List<String>>'}", "read from the SSM parameter at"),
        ("{Type: String, Default: 'x{{resolve:ssm:/y}}'}", "{{resolve:ssm:/y}} is looked up at deployment"),
        ("{Type: String, Default: {a: b}}", "the value of parameter P is a mapping"),
        ("{Type: String, Default: ~}", "the value of parameter P is nothing"),
    ],
)
def test_unknown(value: Value, declaration: str, reason: str) -> None:
    got = value("!Ref P", f"Parameters:\n  P: {declaration}")
    assert type(got) is Unknown
    assert reason in got.reason


def test_a_wrong_member_is_unknown_alone(value: Value) -> None:
    got = value("!Ref P", "Parameters:\n  P: {Type: CommaDelimitedList, Default: [a, {b: c}]}")
    assert got[0] == "a"
    assert type(got[1]) is Unknown
