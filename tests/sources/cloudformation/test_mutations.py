"""Templates that are broken at random: read or refused with a place, never a crash."""

from __future__ import annotations

import json
import random
import resource
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from auditor.raw import Path as Steps
from auditor.raw import Raw
from auditor.sources.cloudformation.template import is_template
from auditor.sources.documents import Document, Malformed
from tests.sources.cloudformation.support import read

TEMPLATE = """\
AWSTemplateFormatVersion: 2010-09-09
Transform: AWS::LanguageExtensions
Parameters:
  Env: {Type: String, AllowedValues: [dev, test, prod]}
  Name: {Type: String, Default: app}
  Subnets: {Type: List<AWS::EC2::Subnet::Id>, Default: "a,b"}
Mappings:
  Sizes: {dev: {size: 1}, prod: {size: 9}}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  NotProd: !Not [!Condition Prod]
  Some: !Or [!Condition Prod, !And [!Condition NotProd, !Equals [!Ref Name, app]]]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Condition: Some
    DeletionPolicy: Retain
    Properties:
      BucketName: !Sub "${Name}-${Env}-${AWS::AccountId}"
      Tags:
        - {Key: env, Value: !Ref Env}
        - !If [Prod, {Key: a, Value: !Join [",", !Ref Subnets]}, !Ref AWS::NoValue]
  Volume:
    Type: AWS::EC2::Volume
    DependsOn: Bucket
    Properties: &properties
      Size: !FindInMap [Sizes, !If [Prod, prod, dev], size]
      AvailabilityZone: !Select [0, !GetAZs ""]
      Encrypted: !If [Prod, true, !Ref AWS::NoValue]
      KmsKeyId: !ImportValue key
  Other:
    Type: AWS::EC2::Volume
    Properties:
      <<: *properties
      SnapshotId: !Select [1, !Split ["/", !GetAtt Bucket.Arn]]
      UserData:
        Fn::Base64: !Sub ["#!/bin/sh ${x}", {x: "{{resolve:ssm:/x}}"}]
      Cidr: !Cidr [10.0.0.0/16, 4, 8]
Outputs:
  Name: {Value: !Ref Bucket}
"""
LOOPS = """\
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters:
  Names: {Type: CommaDelimitedList, Default: "a,b-c"}
  Env: {Type: String}
Mappings: {Sizes: {a: {size: 1}, b-c: {size: 2}}}
Conditions:
  Fn::ForEach::Is: [Stage, [dev, prod], {"Is${Stage}": !Equals [!Ref Env, !Ref Stage]}]
Globals:
  Function: {Runtime: python3.12, Timeout: 30, Environment: {Variables: {A: b}}}
Resources:
  Fn::ForEach::Outer:
    - Name
    - !Ref Names
    - Fn::ForEach::Inner:
        - Number
        - ["1", "2"]
        - Bucket&{Name}${Number}:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Sub "${Name}-${Number}"
              Size: !FindInMap [Sizes, !Ref Name, size, {DefaultValue: 3}]
              Fn::ForEach::Tags: [Key, [x, y], {"Tag${Key}": !Length [a, !Ref Key]}]
  Hello:
    Type: AWS::Serverless::Function
    Condition: Isprod
    Properties:
      Handler: app.handler
      CodeUri: src/
      MemorySize: !If [Isprod, 1024, 128]
      Policies: [{S3ReadPolicy: {BucketName: !Ref Bucketa1}}, AmazonS3FullAccess]
      Events: {Cron: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}
  Table: {Type: "AWS::Serverless::SimpleTable"}
  Again:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: other.yaml
      Parameters: {Env: !Ref Env, Name: !ToJsonString {a: !Ref Env}, Subnets: !Join [",", [!Ref Names]]}
  User: {Type: "A::B::C", Properties: {P: !GetAtt Again.Outputs.Name, Q: !ImportValue shared}}
Outputs:
  Own: {Value: !GetAtt Again.Outputs.Name, Export: {Name: shared}}
"""
TEMPLATES = {"plain": TEMPLATE, "loops": LOOPS}
ODD: list[Any] = [
    None, True, -1, 1.5, "", "x", [], {}, [[]], "${}", "{{resolve:", "{{resolve:x}}", "\0", "${A.B}${C}${!D}",
    {"Ref": "AWS::NoValue"}, {"Ref": None}, {"Fn::If": ["Prod", 1, 2]}, {"Fn::GetAtt": "A"}, {"Condition": "X"},
    {"Fn::Sub": "${Bucket}${Env}{{resolve:a:b}}"}, {"Fn::ForEach::X": []}, {"Fn::Transform": 1}, {"Rain::X": 1},
]  # fmt: skip
SNIPPETS = [
    "!Ref X", "!Sub ", "- ", "{}", "[", "]", "{", "}", '"', "'", "\t", "\n", "\n  ", ": ", "null", "*properties", "&a ",
    "<<: ", "Fn::If", "!If [", "!Join ['',", "Condition: ", "\x85", "\u2028", "é", "${", "|", ">-", "? ", "#", "---\n",
]  # fmt: skip


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The template of the nested stacks."""
    monkeypatch.chdir(tmp_path)
    Path("other.yaml").write_text(TEMPLATE)


def judge(text: str) -> None:
    start = time.process_time()
    try:
        document = Document("t.yaml", text)
    except Malformed as error:
        assert error.location.line
        return
    if not is_template(document.data):
        return
    raws, notices = read(document, lambda file: Document(file, TEMPLATE))
    assert all(notice.location.line for notice in notices)
    for raw in raws:
        locate(raw, dict(raw.properties), ())
        assert raw.origin.locate(("Nowhere", 0)).line
        if raw.exists is not None:
            assert raw.exists.decide() is None
    assert time.process_time() - start < 30  # it ends; a hang would not


def locate(raw: Raw, value: Any, path: Steps) -> None:
    assert raw.origin.locate(path).line
    for key, member in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        locate(raw, member, (*path, key))


def mutated_text(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text))
        end = start + chance.choice([0, 0, 1, 5, 40])
        text = text[:start] + chance.choice([*SNIPPETS, text[end : end + 30]]) + text[end:]
    return text


def mutated_data(text: str, chance: random.Random) -> str:
    data = deepcopy(Document("t.yaml", text).data)
    for _ in range(chance.randint(1, 12)):
        places = list(all_places(data))
        container, key = chance.choice(places)
        if chance.random() < 0.6:
            container[key] = deepcopy(chance.choice(ODD))
        else:
            source, place = chance.choice(places)
            container[key] = deepcopy(source[place])
    return json.dumps(data, indent=1)


def all_places(value: Any) -> Any:
    for key, member in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield value, key
        yield from all_places(member)


MUTATIONS = {"text": mutated_text, "data": mutated_data}


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_mutations(beside: None, name: str, mutation: str) -> None:
    mutate(name, mutation, seed=1, times=100)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "mutation", "times"),
    [("plain", "text", 3_500), ("plain", "data", 3_500), ("loops", "text", 2_000), ("loops", "data", 1_000)],
)
def test_ten_thousand_mutations(beside: None, name: str, mutation: str, times: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # other tests of this process may have needed much
    mutate(name, mutation, seed=2, times=times)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kB


def mutate(name: str, mutation: str, seed: int, times: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    for _ in range(times):
        judge(MUTATIONS[mutation](TEMPLATES[name], chance))
