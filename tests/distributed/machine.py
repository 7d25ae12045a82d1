"""The state machine of `deploy/organization.yaml` in moto, with the real functions behind its tasks.

moto's Lambda needs containers, so that what is invoked is called in this process instead. Of the definition moto cannot
run `ToleratedFailurePercentage`, which is taken out: no child execution fails, as errors come back as data. The
definition as it is deployed is held by cfn-lint, in `test_deploy`.
"""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from auditor.errors import UsageError
from tests.distributed.support import Context

TEMPLATE = Path(__file__).parents[2] / "deploy" / "organization.yaml"

FUNCTIONS = ("List", "Scan", "Record", "RollUp")

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class FunctionError(Exception):
    """What Lambda says of a function that broke."""


def definition(concurrency: int = 25) -> dict[str, Any]:
    """The state machine as it is deployed, its substitutions filled in."""
    import yaml

    text = TEMPLATE.read_text(encoding="utf-8")
    plain = re.sub(r"![A-Z]\w+", "", text)  # intrinsic functions: only the text of one property is wanted
    found = yaml.safe_load(plain)["Resources"]["Machine"]["Properties"]["DefinitionString"]
    names = {"Partition": "aws", "Concurrency": str(concurrency)}
    names |= {
        name: f"arn:aws:lambda:us-east-1:123456789012:function:{name}" for name in ("List", "Scan", "Record", "RollUp")
    }
    for name, value in names.items():
        found = found.replace(f"${{{name}}}", value)
    machine: dict[str, Any] = json.loads(found)
    return machine


def runnable(machine: dict[str, Any]) -> dict[str, Any]:
    """What of it moto can run, without the seconds between tries."""
    del machine["States"]["Scan"]["ToleratedFailurePercentage"]
    text = re.sub(r'"(IntervalSeconds|MaxDelaySeconds)": \d+', r'"\1": 1', json.dumps(machine))
    return json.loads(text.replace('"JitterStrategy": "FULL"', '"JitterStrategy": "NONE"'))


def answer_in_process(patch: Any, handlers: dict[str, Handler]) -> None:
    """Whatever a state machine invokes is called here."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils

    class Functions:
        def invoke(self, FunctionName: str, Payload: bytes, **_: Any) -> dict[str, Any]:
            handler = handlers[FunctionName.rpartition(":")[2]]
            given = json.loads(Payload)
            answer: dict[str, Any] = {"StatusCode": 200, "ExecutedVersion": "$LATEST"}
            try:
                result = json.dumps(handler(given, Context()))
            except (FunctionError, UsageError) as error:
                answer["FunctionError"] = "Unhandled"
                result = json.dumps({"errorMessage": str(error), "errorType": type(error).__name__})
            return {**answer, "Payload": io.BytesIO(result.encode())}

    patch.setattr(lambda_eval_utils, "boto_client_for", lambda *_, **__: Functions())


def execute(aws: Any, machine: dict[str, Any], given: dict[str, Any], seconds: float = 240) -> dict[str, Any]:
    """Run it to its end; what `describe_execution` says then."""
    client = aws("stepfunctions")
    trust = {"Version": "2012-10-17", "Statement": []}
    role = aws("iam").create_role(RoleName=f"machine{time.monotonic_ns()}", AssumeRolePolicyDocument=json.dumps(trust))
    made = client.create_state_machine(
        name=f"audit{time.monotonic_ns()}", definition=json.dumps(machine), roleArn=role["Role"]["Arn"]
    )
    started = client.start_execution(stateMachineArn=made["stateMachineArn"], input=json.dumps(given))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        said: dict[str, Any] = client.describe_execution(executionArn=started["executionArn"])
        if said["status"] != "RUNNING":
            return said
        time.sleep(0.1)
    raise TimeoutError("the state machine did not come to its end")
