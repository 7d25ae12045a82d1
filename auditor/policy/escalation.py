"""Privilege escalation: how an identity could come to have permissions that it doesn't have, as a path to read.

The ways are those that people have published for AWS: changing policies, making credentials for somebody else, and
having a service run one's own code as another role. Each is one or several actions that are all needed. One that could
only be used on named resources, such as one role's code, is taken for what the policy is meant to allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from auditor.members import known_first
from auditor.policy.patterns import SOME
from auditor.policy.principals import Grant, Permissions
from auditor.values import Partial, Undecided

_ANY_ROLE: Final = f"iam::000000000000:role/{SOME}"
_ANY_USER: Final = f"iam::000000000000:user/{SOME}"
_ANY_GROUP: Final = f"iam::000000000000:group/{SOME}"
_ANY_POLICY: Final = f"iam::000000000000:policy/{SOME}"


@dataclass(frozen=True, slots=True)
class Step:
    """An action, and what it must be possible on: an ARN after its partition, None for whatever suits."""

    action: str
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way to more permissions.

    Attributes:
        steps: what is needed, in order.
        gain: what comes of it, to be read after the steps.
        service: whom a role is passed to (`iam:PassRole`), empty where none is.
    """

    steps: tuple[Step, ...]
    gain: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A way that is open, and the statements that open it.

    Attributes:
        way: the way.
        grants: for each step the statement that allows it.
        on_itself: it leads only to the identity's own policies.
    """

    way: Way
    grants: tuple[Grant, ...]
    on_itself: bool = False

    def __str__(self) -> str:
        steps = " → ".join(step.action for step in self.way.steps)
        return f"{steps}: {self.way.gain}{' (its own)' if self.on_itself else ''}"


def _on(resource: str, gain: str, *actions: str) -> Iterator[Way]:
    for action in actions:
        yield Way((Step(action, resource),), gain)


def _pass(service: str, what: str, *actions: str) -> Way:
    steps = (Step("iam:PassRole", _ANY_ROLE), *(Step(action) for action in actions))
    return Way(steps, f"runs {what} as any role that trusts {service}", f"{service}.amazonaws.com")


WAYS: Final[tuple[Way, ...]] = (
    *_on(_ANY_POLICY, "rewrites any customer policy", "iam:CreatePolicyVersion"),
    *_on(_ANY_POLICY, "brings back any policy's older version", "iam:SetDefaultPolicyVersion"),
    *_on(_ANY_USER, "gives any user any policy", "iam:AttachUserPolicy", "iam:PutUserPolicy"),
    *_on(_ANY_GROUP, "gives any group any policy", "iam:AttachGroupPolicy", "iam:PutGroupPolicy"),
    *_on(_ANY_ROLE, "gives any role any policy", "iam:AttachRolePolicy", "iam:PutRolePolicy"),
    *_on(_ANY_GROUP, "joins any group", "iam:AddUserToGroup"),
    *_on(_ANY_USER, "makes an access key of any user", "iam:CreateAccessKey"),
    *_on(_ANY_USER, "sets any user's password", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"),
    *_on(_ANY_ROLE, "lets itself take on any role", "iam:UpdateAssumeRolePolicy"),
    _pass("ec2", "an instance", "ec2:RunInstances"),
    _pass("lambda", "a function", "lambda:CreateFunction", "lambda:InvokeFunction"),
    _pass("lambda", "a function", "lambda:CreateFunction", "lambda:AddPermission"),
    _pass("lambda", "a function", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    _pass("glue", "a development endpoint", "glue:CreateDevEndpoint"),
    _pass("glue", "an interactive session", "glue:CreateSession", "glue:RunStatement"),
    _pass("glue", "a Glue job", "glue:CreateJob", "glue:StartJobRun"),
    _pass("glue", "a Glue job", "glue:CreateJob", "glue:CreateTrigger"),
    _pass("glue", "a Glue job", "glue:UpdateJob", "glue:StartJobRun"),
    _pass("glue", "a Glue job", "glue:UpdateJob", "glue:CreateTrigger"),
    _pass("cloudformation", "a stack", "cloudformation:CreateStack"),
    _pass("cloudformation", "a stack", "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
    _pass(
        "datapipeline",
        "a pipeline",
        "datapipeline:CreatePipeline",
        "datapipeline:PutPipelineDefinition",
        "datapipeline:ActivatePipeline",
    ),
    _pass("codebuild", "a build", "codebuild:CreateProject", "codebuild:StartBuild"),
    _pass("states", "a state machine", "states:CreateStateMachine", "states:StartExecution"),
    _pass("scheduler", "any API call on schedule", "scheduler:CreateSchedule"),
    _pass("ssm", "an automation", "ssm:StartAutomationExecution"),
    _pass(
        "sagemaker",
        "a notebook",
        "sagemaker:CreateNotebookInstance",
        "sagemaker:CreatePresignedNotebookInstanceUrl",
    ),
    _pass("sagemaker", "Studio", "sagemaker:CreateUserProfile", "sagemaker:CreatePresignedDomainUrl"),
    _pass("sagemaker", "a training job", "sagemaker:CreateTrainingJob"),
    _pass("sagemaker", "a processing job", "sagemaker:CreateProcessingJob"),
    _pass("sagemaker", "a tuning job", "sagemaker:CreateHyperParameterTuningJob"),
    _pass("sagemaker", "a pipeline", "sagemaker:CreatePipeline", "sagemaker:StartPipelineExecution"),
    _pass("ecs-tasks", "a task", "ecs:RegisterTaskDefinition", "ecs:RunTask"),
    _pass("ecs-tasks", "a Batch job", "batch:RegisterJobDefinition", "batch:SubmitJob"),
    _pass("elasticmapreduce", "an EMR cluster", "elasticmapreduce:RunJobFlow"),
    _pass("emr-serverless", "an EMR job", "emr-serverless:StartJobRun"),
    *_on(
        f"lambda:us-east-1:000000000000:function:{SOME}",
        "runs its own code as any function's role",
        "lambda:UpdateFunctionCode",
    ),
    *_on(
        f"glue:us-east-1:000000000000:devEndpoint/{SOME}",
        "signs in to any development endpoint, with its role",
        "glue:UpdateDevEndpoint",
    ),
    *_on(
        f"sagemaker:us-east-1:000000000000:notebook-instance/{SOME}",
        "opens any notebook, with its role",
        "sagemaker:CreatePresignedNotebookInstanceUrl",
    ),
    *_on(
        f"sagemaker:us-east-1:000000000000:user-profile/{SOME}/{SOME}",
        "opens anybody's Studio, with its role",
        "sagemaker:CreatePresignedDomainUrl",
    ),
    *_on(
        f"sagemaker:us-east-1:000000000000:notebook-instance-lifecycle-config/{SOME}",
        "has any notebook run its script",
        "sagemaker:UpdateNotebookInstanceLifecycleConfig",
    ),
    *_on(
        f"ec2:us-east-1:000000000000:instance/{SOME}",
        "runs commands on any instance, with its role",
        "ssm:SendCommand",
        "ssm:StartSession",
    ),
    Way(
        (
            Step("states:UpdateStateMachine", f"states:us-east-1:000000000000:stateMachine:{SOME}"),
            Step("states:StartExecution"),
        ),
        "has any state machine do what it wants, with its role",
    ),
)
"""Every way that is looked for."""

# What an identity could do to itself, or to the policies that it has.
_ON_ITSELF: Final = frozenset(
    {
        "iam:AttachUserPolicy",
        "iam:PutUserPolicy",
        "iam:AttachGroupPolicy",
        "iam:PutGroupPolicy",
        "iam:AttachRolePolicy",
        "iam:PutRolePolicy",
    }
)


def escalations(permissions: Permissions) -> tuple[Path, ...]:
    """The ways that are open, shorter ones first; none for an administrator, who has all there is.

    Reading past those that are known to be open raises `Undecided` where others may be.
    """
    try:
        if permissions.is_administrator():
            return ()
    except Undecided:
        pass  # then what follows is as undecided, or open whatever else there is
    services = _services(permissions)
    ways = [way for way in WAYS if services is None or all(_service(step) in services for step in way.steps)]
    return known_first(ways, lambda way: _open(way, permissions))


def _open(way: Way, permissions: Permissions) -> Path | None:
    context = {"iam:passedtoservice": (way.service,)} if way.service else {}
    resources: list[tuple[str | None, bool]] = [(None, False)]
    first = way.steps[0]
    if first.on is not None:
        resources = [(f"arn:aws:{first.on}", False)]
        own = permissions.own_arn
        if first.action in _ON_ITSELF and own and f":{first.on.split(':')[-1].split('/')[0]}/" in own:
            resources.append((own, True))

    def path(resource: tuple[str | None, bool]) -> Path | None:
        def grant(step: Step) -> tuple[Grant | None]:
            where = resource[0] if step is first else None if step.on is None else f"arn:aws:{step.on}"
            return (permissions.grant(step.action, where, context),)

        grants = known_first(way.steps, grant)
        if (None,) in tuple.__iter__(grants):  # then it is closed, whatever the other steps are
            return None
        return Path(way, tuple(one for (one,) in grants if one), resource[1])

    for found in known_first(resources, path):
        return found
    return None


def _service(step: Step) -> str:
    return step.action.partition(":")[0]


def _services(permissions: Permissions) -> frozenset[str] | None:
    """The services of which anything is allowed; None where it may be any."""
    if isinstance(permissions.grants, Partial):
        return None
    found = set()
    for grant in permissions.grants:
        actions = grant.statement.actions
        if not actions:
            return None
        for pattern in actions:
            prefix = (pattern.parts[0] or "").partition(":")
            if not prefix[1] or not prefix[0].replace("-", "").isalnum():
                return None
            found.add(prefix[0].lower())
    return frozenset(found)
