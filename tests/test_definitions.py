"""Definitions inside definitions: what is known of a workflow, what is decided when it runs, what is not known."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.definitions import PipelineDefinition, State, StateMachineDefinition, Step
from auditor.definitions.emr import Location, locations
from auditor.inventory import Inventory
from auditor.resources.batch import JobDefinition
from auditor.resources.ecs import TaskDefinition
from auditor.resources.lambda_ import Function
from auditor.resources.sagemaker import Pipeline
from auditor.resources.stepfunctions import StateMachine
from auditor.values import Atom, Choice, Reference, Undecided, Unknown
from tests.builders import raw
from tests.support import template

LAMBDA = "arn:aws:states:::lambda:invoke"
UNKNOWN = Unknown("the parameter Secret has no default")


def machine(states: Any, **more: Any) -> StateMachineDefinition:
    """A machine of these states; or, of what has States already or is no map, with that as its definition."""
    if isinstance(states, dict) and "States" not in states:
        states = {"StartAt": next(iter(states), None), "States": states}
    properties = {"Definition": states, **more}
    return StateMachine(raw("AWS::StepFunctions::StateMachine", "Machine", properties)).definition


def in_text(text: Any, **more: Any) -> StateMachineDefinition:
    properties = {"DefinitionString": text, **more}
    return StateMachine(raw("AWS::StepFunctions::StateMachine", "Machine", properties)).definition


def pipeline(*steps: Any) -> PipelineDefinition:
    body = {"PipelineDefinitionBody": json.dumps({"Version": "2020-12-01", "Steps": steps})}
    return Pipeline(raw("AWS::SageMaker::Pipeline", "Pipeline", {"PipelineDefinition": body})).definition


def task(resource: Any = LAMBDA, **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, **more}


def the_only(states: Iterable[State]) -> State:
    (state,) = states
    return state


def sure_names(members: tuple[Any, ...]) -> list[str]:
    """The names of the members that are known, whatever else there may be."""
    return [member.name for member in tuple.__iter__(members)]


# --- state machines: states -------------------------------------------------------------------------------------------

NESTED = {
    "Both": {"Type": "Parallel", "Branches": [{"StartAt": "A", "States": {"A": task()}}, {"States": {"B": task()}}]},
    "Each": {"Type": "Map", "ItemProcessor": {"StartAt": "C", "States": {"C": task()}}},
    "Old": {"Type": "Map", "Iterator": {"StartAt": "D", "States": {"D": task()}}},
    "Wait": {"Type": "Wait", "Seconds": 1},
}


def test_states_within_states_follow_what_they_are_in() -> None:
    states = machine(NESTED).states
    assert [state.name for state in states] == ["Both", "A", "B", "Each", "C", "Old", "D", "Wait"]
    assert {state.name: [outer.name for outer in state.ancestors] for state in states if state.parent} == {
        "A": ["Both"],
        "B": ["Both"],
        "C": ["Each"],
        "D": ["Old"],
    }


def test_states_have_places_of_their_own_in_a_map_and_none_in_a_text() -> None:
    paths = {state.name: state.spot()[1] for state in machine(NESTED).states}
    assert paths["B"] == ("Definition", "States", "Both", "Branches", 1, "States", "B")
    assert paths["C"] == ("Definition", "States", "Each", "ItemProcessor", "States", "C")
    states = in_text(json.dumps({"States": NESTED})).states
    assert {state.spot()[1] for state in states} == {("DefinitionString",)}
    assert states[0].block.at("Retry").spot()[1] == ("DefinitionString",)


@pytest.mark.parametrize(
    ("states", "known"),
    [
        ({"A": task(), "B": UNKNOWN}, ["A"]),
        ({"A": UNKNOWN, "B": task()}, ["B"]),
        ({"A": {"Type": "Map", "ItemProcessor": UNKNOWN}, "B": task()}, ["A", "B"]),
        ({"A": {"Type": "Map", "ItemProcessor": {}}, "B": task()}, ["A", "B"]),
        ({"A": {"Type": "Parallel", "Branches": [UNKNOWN, {"States": {"C": task()}}]}}, ["A", "C"]),
        ({"A": {"Type": "Parallel", "Branches": {}}}, ["A"]),
        ({"A": 1}, []),
    ],
)
def test_what_is_not_known_hides_nothing_that_is(states: dict[str, Any], known: list[str]) -> None:
    found = machine(states).states
    assert sure_names(found) == known
    with pytest.raises(Undecided):
        list(found)


@pytest.mark.parametrize("definition", [{}, [], 1, "a", UNKNOWN, {"States": 1}, {"States": []}])
def test_a_definition_without_states_is_undecided(definition: Any) -> None:
    with pytest.raises(Undecided):
        list(in_text(json.dumps(definition) if isinstance(definition, dict | list) else definition).states)


def test_states_nested_without_end_are_undecided() -> None:
    inner: dict[str, Any] = {"States": {"Innermost": task()}}
    for depth in range(200):
        inner = {"States": {f"Level{depth}": {"Type": "Map", "ItemProcessor": inner}}}
    with pytest.raises(Undecided, match="too deeply"):
        list(machine(inner).states)


def test_a_state_under_an_open_condition_tells_of_it() -> None:
    atom = Atom("Stage", "prod", [])
    with pytest.raises(Undecided) as caught:
        list(machine({"A": Choice(atom, task(), {"Type": "Pass"})}).states)
    assert caught.value.atom is atom
    with atom.assume(False):
        assert the_only(machine({"A": Choice(atom, task(), {"Type": "Pass"})}).states).type == "Pass"


# --- state machines: Retry, Catch, the way to a state -----------------------------------------------------------------

RETRY = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxAttempts": 4, "BackoffRate": 1.5}]
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "Tell"}]


def test_retriers_and_catchers_with_their_defaults() -> None:
    state = the_only(machine({"A": task(Retry=[*RETRY, {"ErrorEquals": ["E"]}], Catch=CATCH)}).states)
    assert [(one.errors, one.interval_seconds, one.max_attempts, one.backoff_rate) for one in state.retriers] == [
        (("States.ALL",), 5, 4, 1.5),
        (("E",), 1, 3, 2),
    ]
    assert [(one.errors, one.next) for one in state.catchers] == [(("States.ALL",), "Tell")]
    assert state.retriers[1].spot()[1] == ("Definition", "States", "A", "Retry", 1)


def within(inner: dict[str, Any], **outer: Any) -> dict[str, Any]:
    return {"Each": {"Type": "Map", "ItemProcessor": {"States": {"A": inner}}, **outer}}


@pytest.mark.parametrize(
    ("states", "tried_again", "caught"),
    [
        ({"A": task()}, False, False),
        ({"A": task(Retry=RETRY, Catch=CATCH)}, True, True),
        ({"A": task(Retry=[{"ErrorEquals": ["E"], "MaxAttempts": 0}], Catch=[])}, False, False),
        ({"A": task(Retry=UNKNOWN, Catch=UNKNOWN)}, None, None),
        ({"A": task(Retry=[UNKNOWN], Catch=[UNKNOWN])}, None, None),
        ({"A": task(Retry=[UNKNOWN, *RETRY], Catch=[UNKNOWN, *CATCH])}, True, True),
        ({"A": task(Retry="all", Catch={})}, None, None),
        (within(task(), Retry=RETRY, Catch=CATCH), True, True),
        (within(task(Retry=RETRY)), True, False),
        (within(task(Retry=UNKNOWN), Retry=RETRY), True, False),
        (within(task(), Catch=UNKNOWN), False, None),
    ],
)
def test_what_is_tried_again_and_caught(states: Any, tried_again: bool | None, caught: bool | None) -> None:
    state = next(state for state in machine(states).states if state.name == "A")
    for question, expected in (("is_tried_again", tried_again), ("is_caught", caught)):
        if expected is None:
            with pytest.raises(Undecided):
                getattr(state, question)
        else:
            assert getattr(state, question) is expected


def test_fallbacks_are_what_only_a_catch_leads_to() -> None:
    states = {
        "Check": {"Type": "Choice", "Choices": [{"Next": "Train"}], "Default": "Skip"},
        "Train": task(Next="Done", Catch=[{"ErrorEquals": ["States.ALL"], "Next": "CleanUp"}]),
        "Skip": {"Type": "Pass", "Next": "Done"},
        "CleanUp": task(Next="Tell"),
        "Tell": {"Type": "Map", "ItemProcessor": {"StartAt": "One", "States": {"One": task()}}, "Next": "Failed"},
        "Failed": {"Type": "Fail"},
        "Done": {"Type": "Succeed"},
    }
    found = machine(states).states
    assert {state.name for state in found if state.is_fallback} == {"CleanUp", "Tell", "One", "Failed"}
    unsure = machine({"StartAt": UNKNOWN, "States": states}).states
    with pytest.raises(Undecided):
        assert unsure[0].is_fallback


def test_without_a_start_no_state_is_a_fallback() -> None:
    assert not the_only(machine({"States": {"A": task()}}).states).is_fallback


# --- state machines: what they call -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resource", "called"),
    [
        (LAMBDA, ("lambda", "invoke", "")),
        ("arn:aws-cn:states:::lambda:invoke.waitForTaskToken", ("lambda", "invoke", "waitForTaskToken")),
        ("arn:aws:states:::sagemaker:createTrainingJob.sync", ("sagemaker", "createTrainingJob", "sync")),
        ("arn:aws:states:::states:startExecution.sync:2", ("states", "startExecution", "sync:2")),
        ("arn:aws:states:::aws-sdk:glue:getJobRun", ("glue", "getJobRun", "")),
        ("arn:${AWS::Partition}:states:::elasticmapreduce:addStep.sync", ("elasticmapreduce", "addStep", "sync")),
        ("arn:aws:lambda:eu-west-1:123456789012:function:features:live", ("lambda", "invoke", "")),
        ("arn:aws:states:eu-west-1:123456789012:activity:label", ("activity", "invoke", "")),
        (Reference("Function", "Arn", "app.yaml"), ("lambda", "invoke", "")),
        (Unknown("AWS::Partition", ("arn:", None, ":states:::sns:publish")), ("sns", "publish", "")),
        (UNKNOWN, None),
        (Reference("Something", None, "app.yaml"), None),
        ("mine", None),
        (7, None),
    ],
)
def test_integrations(resource: Any, called: tuple[str, str, str] | None) -> None:
    state = the_only(machine({"A": task(resource)}).states)
    if called is None:
        with pytest.raises(Undecided):
            list(state.integrations)
    else:
        (call,) = state.integrations
        assert (call.service, call.action, call.pattern) == called


def test_a_distributed_map_reads_and_writes_by_services() -> None:
    states = within(
        task(),
        ItemReader={"Resource": "arn:aws:states:::s3:listObjectsV2"},
        ResultWriter={"Resource": "arn:aws:states:::s3:putObject"},
    )
    calls = machine(states).states[0].integrations
    assert [(call.service, call.action) for call in calls] == [("s3", "listObjectsV2"), ("s3", "putObject")]


WAITS = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"


@pytest.mark.parametrize(
    ("state", "waits"),
    [
        (task(WAITS, Parameters={"MessageBody": {"token.$": "$$.Task.Token"}}), True),
        (task(WAITS, Arguments={"MessageBody": ["{% $states.context.Task.Token %}"]}), True),
        (task(LAMBDA, Parameters={"Payload": {"token.$": "$$.Task.Token"}}), False),
        (task(UNKNOWN, Parameters={"FunctionName": "a"}), False),  # without a token nobody can answer
        (task(UNKNOWN, Parameters={"token.$": "$$.Task.Token"}), None),
        (task(WAITS, Parameters=UNKNOWN), None),
        (task(LAMBDA, Parameters=UNKNOWN), False),
    ],
)
def test_states_that_wait_for_an_answer(state: dict[str, Any], waits: bool | None) -> None:
    found = the_only(machine({"A": state}).states)
    if waits is None:
        with pytest.raises(Undecided):
            _ = found.waits_for_answer
    else:
        assert found.waits_for_answer is waits


def test_a_state_that_is_no_task_calls_nothing() -> None:
    assert the_only(machine({"A": {"Type": "Pass"}}).states).integrations == ()


@pytest.mark.parametrize(
    "state",
    [
        task(),
        task(Arguments="{% $states.input %}"),
        task(**{"Parameters.$": "$.all"}),
        task(Parameters=UNKNOWN),
        task(Parameters={"FunctionName.$": "$.name"}),
        task(Parameters={"FunctionName": "{% $states.input.name %}"}),
        task(Parameters={"FunctionName": UNKNOWN}),
        task(Parameters={"FunctionName": ["a"]}),
    ],
)
def test_what_is_decided_at_run_time_is_unknown_and_not_absent(state: dict[str, Any]) -> None:
    with pytest.raises(Undecided):
        the_only(machine({"A": state}).states).arguments.text("FunctionName")


@pytest.mark.parametrize("key", ["Parameters", "Arguments"])
def test_arguments_in_either_query_language(key: str) -> None:
    arguments = the_only(
        machine({"A": task(**{key: {"FunctionName": "features", "Qualifier": None}})}).states
    ).arguments
    assert arguments.text("FunctionName") == "features"
    assert arguments.get("Qualifier") is None
    assert arguments.get("Payload", {}) == {}


# --- texts and substitutions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attempts", "substitutions", "expected"),
    [
        ('"MaxAttempts": 2', {}, 2),
        ('"MaxAttempts": ${Attempts}', {"Attempts": 2}, 2),
        ('"MaxAttempts": ${Attempts}', {"Attempts": "2"}, 2),
        ('"MaxAttempts": "${Attempts}"', {"Attempts": 2}, 2),
        ('"MaxAttempts": "${Attempts}"', {"Attempts": UNKNOWN}, None),
        ('"MaxAttempts": ${Attempts}', {"Attempts": 2, "Other": UNKNOWN}, 2),
        ('"MaxAttempts": ${Attempts}', {}, None),
        ('"MaxAttempts": "${Attempts}"', UNKNOWN, None),
    ],
)
def test_substitutions(attempts: str, substitutions: Any, expected: int | None) -> None:
    text = '{"States": {"A": {"Type": "Task", "Retry": [{%s}]}}}' % attempts  # noqa: UP031 - the text is full of braces

    def read() -> int:
        (state,) = in_text(text, DefinitionSubstitutions=substitutions).states
        return state.retriers[0].max_attempts

    if expected is None:
        with pytest.raises(Undecided):
            read()
    else:
        assert read() == expected


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        (('{"States": {"A": {"Type": "Task", "Retry": [], "Resource": "', None, '"}}}'), "known"),
        (('{"States": {"A": {"Type": "Task", "TimeoutSeconds": ', None, "}}}"), "known"),
        (('{"States": {"A": {"Type": "', None, '"}}}'), "type unknown"),
        (('{"States": ', None, "}"), "unknown"),
        (('{"States": {"A": {}', None, "}}"), "unknown"),
        ((None,), "unknown"),
    ],
)
def test_a_text_that_is_known_in_part(parts: tuple[str | None, ...], status: str) -> None:
    def read() -> str:
        return the_only(in_text(Unknown("a parameter", parts)).states).type

    if status == "known":
        assert read() == "Task"
    else:
        with pytest.raises(Undecided):
            read()


@pytest.mark.parametrize("text", ["not json", "[]", "7", '"a"', "[" * 100_000, "{" * 500])
def test_a_text_that_is_no_definition_is_undecided(text: str) -> None:
    with pytest.raises(Undecided):
        list(in_text(text).states)


@pytest.mark.parametrize(
    "definition",
    [
        'DefinitionString: !Sub \'{"States": {"A": {"Type": "Task", "Resource": "${Features.Arn}"}}}\'',
        "Definition: {States: {A: {Type: Task, Resource: !GetAtt Features.Arn}}}",
        "DefinitionSubstitutions: {F: !GetAtt Features.Arn},"
        ' DefinitionString: \'{"States": {"A": {"Type": "Task", "Resource": "${F}"}}}\'',
        "DefinitionSubstitutions: {F: !GetAtt Features.Arn}, Definition: {States: {A: {Type: Task, Resource: '${F}'}}}",
    ],
)
def test_the_inventory_finds_the_function_that_a_state_calls(definition: str, tmp_path: Path) -> None:
    text = f"""
Resources:
  Features: {{Type: AWS::Lambda::Function}}
  Machine: {{Type: AWS::StepFunctions::StateMachine, Properties: {{{definition}}}}}
"""
    inventory = Inventory(template(tmp_path, text))
    (found,) = inventory.of(StateMachine)
    function = inventory.get(Function, the_only(found.definition.states).target)
    assert function is not None
    assert function.title == "Features"


def test_a_definition_in_a_file_is_undecided() -> None:
    bucket = {"DefinitionS3Location": {"Bucket": "a", "Key": "b"}}
    with pytest.raises(Undecided, match="file"):
        _ = StateMachine(raw("AWS::StepFunctions::StateMachine", "Machine", bucket)).definition


# --- pipelines --------------------------------------------------------------------------------------------------------


def test_steps_of_every_kind_with_those_of_conditions() -> None:
    kinds = ["Processing", "Training", "Tuning", "Model", "Transform", "EMR", "Lambda", "Callback", "QualityCheck"]
    steps: list[Any] = [{"Name": kind.lower(), "Type": kind, "Arguments": {}} for kind in kinds]
    condition = {
        "Name": "good",
        "Type": "Condition",
        "DependsOn": ["processing"],
        "Arguments": {"Conditions": [], "IfSteps": steps[3:5], "ElseSteps": [{"Name": "bad", "Type": "Fail"}]},
    }
    found = pipeline(*steps, condition).steps
    assert [step.type for step in found] == [*kinds, "Condition", "Model", "Transform", "Fail"]
    assert [step.name for step in found if step.parent] == ["model", "transform", "bad"]
    assert [outer.name for outer in found[-1].ancestors] == ["good"]
    assert found[-4].depends_on == ("processing",)


def one_step(**more: Any) -> Step:
    return pipeline({"Name": "A", "Type": "Training", **more}).steps[0]


def test_retry_policies() -> None:
    policies = [
        {"ExceptionType": ["Step.SERVICE_FAULT", "Step.THROTTLING"], "MaxAttempts": 5, "BackoffRate": 2},
        {"ExceptionType": ["SageMaker.CAPACITY_ERROR"], "ExpireAfterMin": 60},
    ]
    found = one_step(RetryPolicies=policies).retry_policies
    assert [(policy.exceptions, policy.max_attempts) for policy in found] == [
        (("Step.SERVICE_FAULT", "Step.THROTTLING"), 5),
        (("SageMaker.CAPACITY_ERROR",), None),
    ]
    assert one_step().retry_policies == ()


@pytest.mark.parametrize("value", [{"Get": "Parameters.Image"}, {"Std:Join": {"On": "/", "Values": ["a"]}}])
def test_what_a_pipeline_decides_when_it_runs_is_unknown(value: Any) -> None:
    with pytest.raises(Undecided):
        one_step(Arguments={"RoleArn": value}).arguments.text("RoleArn")
    with pytest.raises(Undecided):
        _ = one_step(Arguments=value).arguments


@pytest.mark.parametrize("steps", [[1], [{"Name": "A"}], [{"Type": {"Get": "Parameters.Kind"}}]])
def test_steps_that_are_not_understood_are_undecided(steps: list[Any]) -> None:
    with pytest.raises(Undecided):
        assert [step.type for step in pipeline(*steps).steps]


def test_a_pipeline_without_steps_is_undecided() -> None:
    definition = Pipeline(raw("AWS::SageMaker::Pipeline", "P", {"PipelineDefinition": "{}"})).definition
    with pytest.raises(Undecided):
        assert definition.steps


@pytest.mark.parametrize("holder", [lambda body: {"PipelineDefinitionBody": body}, lambda body: body])
def test_a_pipeline_in_a_map_or_in_the_body(holder: Any) -> None:
    body = json.dumps({"Steps": [{"Name": "A", "Type": "Fail"}]})
    found = Pipeline(raw("AWS::SageMaker::Pipeline", "P", {"PipelineDefinition": holder(body)})).definition
    assert [step.name for step in found.steps] == ["A"]


# --- containers -------------------------------------------------------------------------------------------------------

IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1"


@pytest.mark.parametrize(
    ("dialect", "properties"),
    [
        ("cfn", {"ContainerProperties": {"Image": IMAGE, "Privileged": True}}),
        ("cfn", {"NodeProperties": {"NodeRangeProperties": [{"Container": {"Image": IMAGE, "Privileged": True}}]}}),
        ("cfn", {"EcsProperties": {"TaskProperties": [{"Containers": [{"Image": IMAGE, "Privileged": True}]}]}}),
        (
            "cfn",
            {
                "EksProperties": {
                    "PodProperties": {"Containers": [{"Image": IMAGE, "SecurityContext": {"Privileged": True}}]}
                }
            },
        ),
        ("tf", {"container_properties": json.dumps({"image": IMAGE, "privileged": True})}),
        ("tf", {"container_properties": {"Image": IMAGE, "PRIVILEGED": True}}),
        (
            "tf",
            {
                "node_properties": json.dumps(
                    {"NodeRangeProperties": [{"Container": {"Image": IMAGE, "Privileged": True}}]}
                )
            },
        ),
        (
            "tf",
            {
                "node_properties": json.dumps(
                    {"nodeRangeProperties": [{"container": {"image": IMAGE, "privileged": True}}]}
                )
            },
        ),
        (
            "tf",
            {
                "ecs_properties": json.dumps(
                    {"taskProperties": [{"containers": [{"image": IMAGE, "privileged": True}]}]}
                )
            },
        ),
    ],
)
def test_containers_of_jobs(dialect: Any, properties: dict[str, Any]) -> None:
    kind = "AWS::Batch::JobDefinition" if dialect == "cfn" else "aws_batch_job_definition"
    (container,) = JobDefinition(raw(kind, "Job", properties, dialect=dialect)).containers
    assert (container.image, container.privileged) == (IMAGE, True)


def test_containers_of_jobs_that_are_not_known() -> None:
    job = JobDefinition(raw("AWS::Batch::JobDefinition", "Job", {"EksProperties": UNKNOWN, "ContainerProperties": {}}))
    assert len(tuple(tuple.__iter__(job.containers))) == 1
    with pytest.raises(Undecided):
        list(job.containers)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (json.dumps([{"name": "a", "readonlyRootFilesystem": True}, {"name": "b"}]), [("a", True), ("b", False)]),
        ([{"name": "a"}], [("a", False)]),
        ("[]", []),
        ("not json", None),
        (UNKNOWN, None),
        ("[1]", None),
    ],
)
def test_containers_of_tasks_as_terraform_writes_them(text: Any, names: list[tuple[str, bool]] | None) -> None:
    definition = TaskDefinition(raw("aws_ecs_task_definition", "Task", {"container_definitions": text}, dialect="tf"))
    if names is None:
        with pytest.raises(Undecided):
            list(definition.container_definitions)
    else:
        found = [(one.name, one.readonly_root_filesystem) for one in definition.container_definitions]
        assert found == names


# --- steps of EMR -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["spark-submit", "s3://code/a.py"], [("s3://code/a.py", None)]),
        (["--input", "s3://raw/", "--output", "s3://silver/"], [("s3://raw/", "read"), ("s3://silver/", "write")]),
        (["s3-dist-cp", "--src=hdfs:///out", "--dest=s3a://b"], [("hdfs:///out", "read"), ("s3a://b", "write")]),
        (["aws", "s3", "cp", "s3://a", "s3://b"], [("s3://a", "read"), ("s3://b", "write")]),
        (["hadoop", "distcp", "-update", "s3n://a", "hdfs://b"], [("s3n://a", "read"), ("hdfs://b", "write")]),
        (["--name", "daily", "s3://a"], [("s3://a", None)]),
        (["--verbose"], []),
    ],
)
def test_what_a_step_of_emr_reads_and_writes(arguments: list[str], found: list[Any]) -> None:
    assert [(place.uri, place.use) for place in locations(arguments)] == found
    assert all(isinstance(place, Location) for place in locations(arguments))


# --- anything ---------------------------------------------------------------------------------------------------------

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["Task", "Map", "Condition", LAMBDA, "{% a %}"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["States", "Branches", "ItemProcessor", "Resource", "Retry", "Catch", "Next", "Type"])
            | st.sampled_from(["Steps", "IfSteps", "Arguments", "StartAt", "ErrorEquals", "Choices", "Parameters"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)
QUESTIONS = ("is_tried_again", "is_caught", "is_fallback", "integrations", "arguments", "trainings", "target")


@settings(deadline=None)
@given(ANYTHING)
def test_any_document_is_read_or_undecided(content: Any) -> None:
    for definition in (lambda: machine(content), lambda: in_text(json.dumps(content)), lambda: pipeline(content)):
        try:
            found = definition()
            members: Any = found.steps if isinstance(found, PipelineDefinition) else found.states
        except Undecided:
            continue
        for member in tuple.__iter__(members):
            for question in QUESTIONS if isinstance(member, State) else ("trainings", "retry_policies", "depends_on"):
                with contextlib.suppress(Undecided):
                    getattr(member, question)
