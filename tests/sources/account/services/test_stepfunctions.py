"""Step Functions."""

from __future__ import annotations

import json

import pytest

from auditor.resources.stepfunctions import StateMachine
from auditor.values import Undecided
from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_TYPE = "AWS::StepFunctions::StateMachine"
_ARN = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:train"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/states"
_THEN = "2024-05-01T00:00:00Z"
_TAGS = [{"Key": "team", "Value": "ml"}]
_LISTED = {"stateMachines": [{"stateMachineArn": _ARN, "name": "train", "type": "STANDARD", "creationDate": _THEN}]}
_DEFINITION = {
    "StartAt": "Fit",
    "States": {
        "Fit": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
            "Parameters": {"EnableManagedSpotTraining": True},
            "End": True,
        }
    },
}
_DESCRIBED = {
    "stateMachineArn": _ARN,
    "name": "train",
    "definition": json.dumps(_DEFINITION),
    "roleArn": _ROLE,
    "type": "STANDARD",
    "status": "ACTIVE",
    "creationDate": _THEN,
    "loggingConfiguration": {
        "level": "ERROR",
        "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": "arn:logs"}}],
    },
    "tracingConfiguration": {"enabled": True},
    "encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "key"},
}


class TestStepFunctions(Reads):
    cases = (
        Reading(
            _TYPE,
            _ARN,
            "ListStateMachines",
            {
                "ListStateMachines": _LISTED,
                "DescribeStateMachine": _DESCRIBED,
                "GetResources": {"ResourceTagMappingList": [{"ResourceARN": _ARN, "Tags": _TAGS}]},
            },
            {"Tags": _TAGS},
            empty={"stateMachines": []},
            token="nextToken",
            gone={"DescribeStateMachine": "StateMachineDoesNotExist"},
            needs=("ResourceARN", "Key", "Value"),
            title="train",
            service="stepfunctions",
            reads={
                "state_machine_name": "train",
                "trainings.0.name": "Fit",
                "trainings.0.on_demand": False,
                "logging_level": "ERROR",
                "logging_destinations": ({"CloudWatchLogsLogGroup": {"LogGroupArn": "arn:logs"}},),
                "tracing": True,
                "encryption_type": "CUSTOMER_MANAGED_KMS_KEY",
                "kms_key_id": "key",
            },
        ),
        Reading(
            "AWS::StepFunctions::StateMachineVersion",
            f"{_ARN}:3",
            "ListStateMachines",
            {
                "ListStateMachines": _LISTED,
                "ListStateMachineVersions": {
                    "stateMachineVersions": [{"stateMachineVersionArn": f"{_ARN}:3", "creationDate": _THEN}]
                },
            },
            {},
            empty={"stateMachines": []},
            gone={"ListStateMachineVersions": "StateMachineDoesNotExist"},
            title="train:3",
            service="stepfunctions",
            reads={"state_machine_arn": _ARN},
        ),
        Reading(
            "AWS::StepFunctions::StateMachineAlias",
            f"{_ARN}:live",
            "ListStateMachines",
            {
                "ListStateMachines": _LISTED,
                "ListStateMachineAliases": {
                    "stateMachineAliases": [{"stateMachineAliasArn": f"{_ARN}:live", "creationDate": _THEN}]
                },
            },
            {},
            empty={"stateMachines": []},
            gone={"ListStateMachineAliases": "StateMachineDoesNotExist"},
            title="train:live",
            service="stepfunctions",
            reads={"state_machine_arn": _ARN},
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")


def test_a_definition_whose_key_may_not_be_used(scripted):
    without = {key: value for key, value in _DESCRIBED.items() if key != "definition"} | {"definition": "{}"}
    scripted(
        {
            "ListStateMachines": _LISTED,
            "DescribeStateMachine": lambda params: (
                without if params.get("includedData") == "METADATA_ONLY" else "KmsAccessDeniedException"
            ),
        }
    )
    machine = StateMachine(one(scan(_TYPE), _TYPE))
    assert (machine.logging_level, machine.tracing) == ("ERROR", True)
    with pytest.raises(Undecided, match="encrypted with a key that this scan may not use"):
        machine.definition  # noqa: B018


def test_metadata_that_is_denied_too(scripted):
    scripted(
        {"ListStateMachines": _LISTED, "DescribeStateMachine": ["KmsInvalidStateException", "AccessDeniedException"]}
    )
    found = scan(_TYPE)
    assert [gap.code for gap in found.gaps] == ["AccessDeniedException"]
    with pytest.raises(Undecided, match="DescribeStateMachine was denied"):
        StateMachine(one(found, _TYPE)).tracing  # noqa: B018


def test_a_machine_that_is_being_deleted_is_left_out(scripted):
    scripted({"ListStateMachines": _LISTED, "DescribeStateMachine": {**_DESCRIBED, "status": "DELETING"}})
    assert scan(_TYPE).raws == []


def test_machines_are_listed_once_for_versions_and_aliases_too(scripted):
    for case in TestStepFunctions.cases:
        scripted(case.answers)
    found = scan(*(case.type for case in TestStepFunctions.cases))
    assert found.calls["stepfunctions:ListStateMachines"] == 1
    assert len(found.raws) == 3


def test_machines_in_a_simulated_account(aws):
    for number in range(3):
        aws("stepfunctions").create_state_machine(
            name=f"m{number}", definition=json.dumps(_DEFINITION), roleArn=_ROLE, tracingConfiguration={"enabled": True}
        )
    found = scan(_TYPE)
    assert (found.gaps, found.notices) == ([], [])
    assert [(raw.title, StateMachine(raw).tracing) for raw in found.raws] == [("m0", True), ("m1", True), ("m2", True)]
    assert [StateMachine(raw).trainings[0].name for raw in found.raws] == ["Fit"] * 3
