"""Templates that are broken at random: read or refused with a place, never a crash."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

import pytest

from auditor.raw import Path, Raw
from auditor.sources.cloudformation.parse import Document, Malformed
from auditor.sources.cloudformation.template import is_template
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
ODD: list[Any] = [
    None, True, -1, 1.5, "", "x", [], {}, [[]], "${}", "{{resolve:", "{{resolve:x}}", "\0", "${A.B}${C}${!D}",
    {"Ref": "AWS::NoValue"}, {"Ref": None}, {"Fn::If": ["Prod", 1, 2]}, {"Fn::GetAtt": "A"}, {"Condition": "X"},
    {"Fn::Sub": "${Bucket}${Env}{{resolve:a:b}}"}, {"Fn::ForEach::X": []}, {"Fn::Transform": 1}, {"Rain::X": 1},
]  # fmt: skip
SNIPPETS = [
    "!Ref X", "!Sub ", "- ", "{}", "[", "]", "{", "}", '"', "'", "\t", "\n", "\n  ", ": ", "null", "*properties", "&a ",
    "<<: ", "Fn::If", "!If [", "!Join ['',", "Condition: ", "\x85", "\u2028", "é", "${", "|", ">-", "? ", "#", "---\n",
]  # fmt: skip


def judge(text: str) -> None:
    try:
        document = Document("t.yaml", text)
    except Malformed as error:
        assert error.location.line
        return
    if not is_template(document.data):
        return
    raws, notices = read(document)
    assert all(notice.location.line for notice in notices)
    for raw in raws:
        locate(raw, dict(raw.properties), ())
        assert raw.origin.locate(("Nowhere", 0)).line
        if raw.exists is not None:
            assert raw.exists.decide() is None


def members(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())


def locate(raw: Raw, value: Any, path: Path) -> None:
    assert raw.origin.locate(path).line
    for key, member in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        locate(raw, member, (*path, key))


@pytest.mark.parametrize("seed", range(4))
def test_mutated_text(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    for _ in range(150):
        text = TEMPLATE
        for _ in range(chance.randint(1, 4)):
            start = chance.randrange(len(text))
            end = start + chance.choice([0, 0, 1, 5, 40])
            text = text[:start] + chance.choice([*SNIPPETS, text[end : end + 30]]) + text[end:]
        judge(text)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_data(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    original = Document("t.yaml", TEMPLATE).data
    for _ in range(150):
        data = deepcopy(original)
        for _ in range(chance.randint(1, 12)):
            places = list(all_places(data))
            container, key = chance.choice(places)
            if chance.random() < 0.6:
                container[key] = deepcopy(chance.choice(ODD))
            else:
                source, place = chance.choice(places)
                container[key] = deepcopy(source[place])
        judge(json.dumps(data, indent=1))


def all_places(value: Any) -> Any:
    for key, member in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield value, key
        yield from all_places(member)
