"""Lambda functions, their policies, URLs and asynchronous calls."""

from __future__ import annotations

import json

import pytest

from auditor.inventory import Inventory
from auditor.resources.lambda_ import EventInvokeConfig, Function, FunctionUrl, ResourcePolicy
from auditor.values import ABSENT, Undecided, Unknown
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, one, scan

_ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}"
_FUNCTION = f"{_ARN}:function:score"
_SIGNING = f"{_ARN}:code-signing-config:csc-1"
_LAYER = f"{_ARN}:layer:deps:1"
_LISTED = {
    "ListFunctions": {
        "Functions": [
            {
                "FunctionName": "score",
                "FunctionArn": _FUNCTION,
                "Runtime": "python3.12",
                "Layers": [{"Arn": _LAYER, "CodeSize": 1}],
                "Environment": {"Variables": {"API_KEY": "hunter2hunter2"}},
                "VpcConfig": {"SubnetIds": ["subnet-1"]},
                "TracingConfig": {"Mode": "Active"},
            }
        ]
    }
}
_NEEDS = ("FunctionName", "FunctionArn")
_GONE = "ResourceNotFoundException"
_POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}]})
_TYPE = "AWS::Lambda::Function"


class TestLambda(Behaviour):
    cases = (
        Case(
            _TYPE,
            _FUNCTION,
            "ListFunctions",
            {
                **_LISTED,
                "GetFunctionConcurrency": {"ReservedConcurrentExecutions": 5},
                "ListCodeSigningConfigs": {
                    "CodeSigningConfigs": [
                        {
                            "CodeSigningConfigId": "csc-1",
                            "CodeSigningConfigArn": _SIGNING,
                            "AllowedPublishers": {"SigningProfileVersionArns": ["profile"]},
                            "CodeSigningPolicies": {},
                            "LastModified": "2025-01-03",
                        }
                    ]
                },
                "ListFunctionsByCodeSigningConfig": {"FunctionArns": [_FUNCTION]},
                "GetResources": {
                    "ResourceTagMappingList": [{"ResourceARN": _FUNCTION, "Tags": [{"Key": "team", "Value": "ml"}]}]
                },
            },
            {
                "ReservedConcurrentExecutions": 5,
                "CodeSigningConfigArn": _SIGNING,
                "Layers": [_LAYER],
                "Tags": [{"Key": "team", "Value": "ml"}],
            },
            token="NextMarker",
            gone={"GetFunctionConcurrency": _GONE},
            needs=(
                *_NEEDS,
                "Arn",
                "CodeSigningConfigId",
                "CodeSigningConfigArn",
                "AllowedPublishers",
                "SigningProfileVersionArns",
                "CodeSigningPolicies",
                "LastModified",
                "ResourceARN",
                "Key",
                "Value",
            ),
            title="score",
        ),
        Case(
            "AWS::Lambda::ResourcePolicy",
            _FUNCTION,
            "ListFunctions",
            {**_LISTED, "GetPolicy": {"Policy": _POLICY}},
            {"FunctionArn": _FUNCTION, "PolicyDocument": _POLICY, "Environment": ABSENT},
            token="NextMarker",
            gone={"GetPolicy": _GONE},
            needs=_NEEDS,
        ),
        Case(
            "AWS::Lambda::EventInvokeConfig",
            _FUNCTION,
            "ListFunctions",
            {
                **_LISTED,
                "GetFunctionEventInvokeConfig": {"DestinationConfig": {"OnFailure": {"Destination": "queue"}}},
            },
            {"DestinationConfig": {"OnFailure": {"Destination": "queue"}}, "Environment": ABSENT},
            token="NextMarker",
            gone={"GetFunctionEventInvokeConfig": _GONE},
            needs=_NEEDS,
        ),
        Case(
            "AWS::Lambda::Url",
            _FUNCTION,
            "ListFunctions",
            {
                **_LISTED,
                "ListFunctionUrlConfigs": {
                    "FunctionUrlConfigs": [
                        {
                            "FunctionUrl": f"https://{'x' * 32}.lambda-url.us-east-1.on.aws/",
                            "FunctionArn": _FUNCTION,
                            "AuthType": "NONE",
                            "CreationTime": "2025-01-03",
                            "LastModifiedTime": "2025-01-03",
                            "Cors": {"AllowOrigins": ["*"]},
                        }
                    ]
                },
            },
            {"AuthType": "NONE"},
            token="NextMarker",
            gone={"ListFunctionUrlConfigs": _GONE},
            needs=(*_NEEDS, "FunctionUrlConfigs", "FunctionUrl", "AuthType", "CreationTime", "LastModifiedTime"),
        ),
    )

    def test_what_is_read(self, scripted) -> None:
        for case in self.cases:
            scripted(case.answers)
        found = scan(*(case.type for case in self.cases))
        assert found.calls["lambda:ListFunctions"] == 1
        inventory = Inventory(found)
        (function,) = inventory.of(Function)
        assert (function.runtime, function.layers, function.tracing_mode) == ("python3.12", (_LAYER,), "Active")
        assert (function.subnet_ids, function.dead_letter_target) == (("subnet-1",), None)
        assert (function.architectures, function.memory_size, function.timeout) == (("x86_64",), 128, 3)
        assert list(function.variables) == ["API_KEY"]
        assert "hunter2" not in repr([raw.properties for raw in found.raws])
        (config,), (url,), (policy,) = (
            inventory.of(EventInvokeConfig),
            inventory.of(FunctionUrl),
            inventory.of(ResourcePolicy),
        )
        assert (config.on_failure, function.answers_to(config.function_name)) == ("queue", True)
        assert (url.auth_type, url.allow_origins, function.answers_to(url.function)) == ("NONE", ("*",), True)
        assert (len(policy.policy_document.statements), function.answers_to(policy.resource_arn)) == (1, True)

    def test_unknown_signing_is_only_unknown_where_it_may_be(self, scripted) -> None:
        other = {**_LISTED["ListFunctions"]["Functions"][0], "FunctionName": "b", "FunctionArn": f"{_ARN}:function:b"}
        listed = {"Functions": [*_LISTED["ListFunctions"]["Functions"], other]}
        configs = [
            {**self.cases[0].answers["ListCodeSigningConfigs"]["CodeSigningConfigs"][0], "CodeSigningConfigArn": arn}
            for arn in (_SIGNING, f"{_SIGNING}2")
        ]
        scripted(
            {
                **self.cases[0].answers,
                "ListFunctions": listed,
                "ListCodeSigningConfigs": {"CodeSigningConfigs": configs},
                "ListFunctionsByCodeSigningConfig": lambda params: (
                    {"FunctionArns": [_FUNCTION]}
                    if params["CodeSigningConfigArn"] == _SIGNING
                    else "AccessDeniedException"
                ),
            }
        )
        found = scan(_TYPE)
        signing = {raw.title: raw.properties["CodeSigningConfigArn"] for raw in found.raws}
        assert signing == {"score": _SIGNING, "b": Unknown(found.gaps[0].reason)}

    def test_variables_that_could_not_be_decrypted_are_unknown(self, scripted) -> None:
        error = {"ErrorCode": "AccessDeniedException", "Message": "Lambda was unable to decrypt your variables"}
        listed = {**_LISTED["ListFunctions"]["Functions"][0], "Environment": {"Error": error}}
        scripted({**self.cases[0].answers, "ListFunctions": {"Functions": [listed]}})
        (function,) = Inventory(scan(_TYPE)).of(Function)
        with pytest.raises(Undecided, match=r"could not be decrypted to be read \(AccessDeniedException\)"):
            _ = function.variables

    def test_a_function_that_nobody_limits_or_signs(self, scripted) -> None:
        answers = {**self.cases[0].answers, "GetFunctionConcurrency": {}, "ListCodeSigningConfigs": {}}
        scripted(answers)
        (function,) = Inventory(scan(_TYPE)).of(Function)
        assert (function.reserved_concurrent_executions, function.code_signing_config_arn) == (None, None)


def test_nothing_else_is_asked_where_there_are_no_functions(moto, scripted):
    scripted({"ListFunctions": {"Functions": []}})
    asked = [name for name in scan(_TYPE).calls if not name.startswith(("sts:", "ec2:"))]
    assert asked == ["lambda:ListFunctions"]


def test_what_moto_has(aws, scripted):
    role = aws("iam").create_role(RoleName="r", AssumeRolePolicyDocument=_POLICY)["Role"]["Arn"]
    client = aws("lambda")
    client.create_function(
        FunctionName="score",
        Runtime="python3.12",
        Role=role,
        Handler="a.b",
        Code={"ImageUri": "x"},
        PackageType="Image",
        MemorySize=512,
        Tags={"team": "ml"},
    )
    client.add_permission(FunctionName="score", StatementId="a", Action="lambda:InvokeFunction", Principal="*")
    scripted({"ListCodeSigningConfigs": {}})
    found = scan(_TYPE, "AWS::Lambda::ResourcePolicy", "AWS::Lambda::EventInvokeConfig")
    assert (found.gaps, found.notices) == ([], [])
    (function,) = Inventory(found).of(Function)
    assert (function.memory_size, function.package_type, function.tags.get("team")) == (512, "Image", "ml")
    assert json.loads(one(found, "AWS::Lambda::ResourcePolicy").properties["PolicyDocument"])["Statement"]
    assert [raw for raw in found.raws if raw.type == "AWS::Lambda::EventInvokeConfig"] == []
