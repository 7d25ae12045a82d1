"""Step Functions: how state machines are released, and how they release models."""

from auditor import LOW, MEDIUM, Findings, Inventory, check
from auditor.config import Config
from auditor.knowledge.approvals import ungated
from auditor.knowledge.environment import environment_of
from auditor.members import known_first, some
from auditor.resources.events import Rule
from auditor.resources.sagemaker import Pipeline
from auditor.resources.stepfunctions import StateMachine, StateMachineAlias, StateMachineVersion

_MACHINES = """
Resources:
  Machine: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineName: %s, RoleArn: role, Definition: {}%s}}
  Other: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineName: dev, RoleArn: role, Definition: {}}}
  Version: {Type: AWS::StepFunctions::StateMachineVersion, Properties: {StateMachineArn: !Ref %s}}
  Alias:
    Type: AWS::StepFunctions::StateMachineAlias
    Properties: {%s: %s}
"""
_ROUTES = "[{StateMachineVersionArn: !Ref Version, Weight: 100}]"
_DEPLOYS = "{Type: AllAtOnce, StateMachineVersionArn: !Ref Version}"


@check(
    "stepfunctions-unversioned",
    title="Production Step Functions state machines are published as versions behind an alias",
    severity=LOW,
    uses=(StateMachineVersion, StateMachineAlias),
    bad=(
        _MACHINES % ("orders-prod", "", "Other", "RoutingConfiguration", _ROUTES),
        _MACHINES % ("orders", ", Tags: [{Key: env, Value: production}]", "Other", "DeploymentPreference", _DEPLOYS),
    ),
    good=(
        _MACHINES % ("orders-prod", "", "Machine", "RoutingConfiguration", _ROUTES),
        _MACHINES % ("orders-prod", "", "Machine", "DeploymentPreference", _DEPLOYS),
        _MACHINES % ("orders", ", Tags: [{Key: env, Value: dev}]", "Other", "RoutingConfiguration", _ROUTES),
    ),
)
def machine_unversioned(machine: StateMachine, inventory: Inventory, config: Config) -> Findings:
    """Without versions a bad change is live for every caller at once, and there is nothing to roll back to.

    Machines count whose name or environment tag says production. A template that declares no alias is not judged.

    Fix: publish a version with each deployment and let callers use an alias that leads to it.
    """
    if environment_of(machine, config) != "production":
        return
    if inventory.referring(StateMachineAlias, lambda alias: alias.owners, machine):
        return
    versions = inventory.referring(StateMachineVersion, lambda version: version.state_machine_arn, machine)
    aliases = inventory.declared(StateMachineAlias, near=machine)
    if not some(aliases, lambda alias: some(versions, lambda version: some(alias.versions, version.answers_to))):
        yield machine.fail("is for production and has no alias that leads to a version of it")


_FLOW = """
AWS::StepFunctions::StateMachine:
  RoleArn: role
  Definition:
    StartAt: Evaluate
    States:
      Evaluate: {Type: Task, Resource: "arn:aws:states:::lambda:invoke", Parameters: {FunctionName: score}, Next: %s}
      %s
      Deploy:
        Type: Task
        Resource: arn:aws:states:::%s
        Parameters: {EndpointName: churn, EndpointConfigName: churn-2}
        End: true
"""
_GOOD_ENOUGH = """GoodEnough:
        Type: Choice
        Choices: [{Variable: $.accuracy, NumericGreaterThan: 0.9, Next: %s}]"""
_ASK = """Ask:
        Type: Task
        Resource: arn:aws:states:::sqs:sendMessage.waitForTaskToken
        Parameters: {QueueUrl: queue, MessageBody: {Token.$: $$.Task.Token}}
        Next: Deploy"""
_STEPS = """
AWS::SageMaker::Pipeline:
  PipelineName: churn
  RoleArn: role
  PipelineDefinition:
    PipelineDefinitionBody: '{"Version": "2020-12-01", "Steps": [%s]}'
"""
_BRANCH = '{"Name": "Good", "Type": "Condition", "Arguments": {"Conditions": [], "IfSteps": [%s], "ElseSteps": []}}'
_APPROVE = '{"Name": "Approve", "Type": "Callback", "Arguments": {}}'
_LAMBDA = '{"Name": "DeployModel", "Type": "Lambda", "Arguments": {}}'

_ON_APPROVAL = """
Resources:
  Deploy:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: role
      Definition:
        StartAt: Update
        States:
          Update: {Type: Task, Resource: "arn:aws:states:::sagemaker:updateEndpoint", Parameters: {}, End: true}
  OnApproval:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        source: [aws.sagemaker]
        detail-type: [SageMaker Model Package State Change]
        detail: {ModelApprovalStatus: [Approved]}
      Targets: [{Id: deploy, Arn: !Ref Deploy, RoleArn: role}]
"""


@check(
    "stepfunctions-deployment-approval",
    title="Workflows that deploy models contain a metric condition and an approval step before deployment",
    severity=MEDIUM,
    uses=(Rule,),
    bad=(
        _FLOW % ("Deploy", "", "sagemaker:updateEndpoint"),
        _FLOW % ("GoodEnough", _GOOD_ENOUGH % "Deploy", "sagemaker:createEndpoint"),
        _FLOW % ("Ask", _ASK, "aws-sdk:sagemaker:createEndpoint"),
        _STEPS % _LAMBDA,
        _STEPS % (_BRANCH % _LAMBDA),
    ),
    good=(
        _FLOW % ("GoodEnough", _GOOD_ENOUGH % "Ask" + "\n      " + _ASK, "sagemaker:updateEndpoint"),
        _FLOW % ("Deploy", "", "sagemaker:createTransformJob.sync"),
        _STEPS % (_BRANCH % f"{_APPROVE}, {_LAMBDA}"),
        _STEPS % '{"Name": "Register", "Type": "RegisterModel", "Arguments": {}}',
        _ON_APPROVAL,
    ),
)
def deployment_approval(workflow: StateMachine | Pipeline, inventory: Inventory) -> Findings:
    """A model that went live by itself may be worse than the one before, and nobody decided that it should.

    A machine that EventBridge starts when somebody approves a model in the registry has its approval there.

    Fix: before the step that deploys, add a condition on the metrics of the evaluation, and a step that waits for a
    person (a task token, an activity, or a Callback step in a pipeline).
    """
    if isinstance(workflow, StateMachine) and _starts_when_approved(workflow, inventory):
        return
    for part, lacks in ungated(workflow.definition):
        if lacks:
            yield workflow.fail(f"deploys a model in {part.name} without {' and '.join(lacks)} before it", at=part)


def _starts_when_approved(machine: StateMachine, inventory: Inventory) -> bool:
    rules = inventory.referring(Rule, lambda rule: known_first(rule.targets, lambda target: target.arn), machine)
    return some(rules, lambda rule: _hears_of(rule, "Approved") and not _hears_of(rule, "PendingManualApproval"))


def _hears_of(rule: Rule, status: str) -> bool:
    event = {
        "source": "aws.sagemaker",
        "detail-type": "SageMaker Model Package State Change",
        "detail": {"ModelApprovalStatus": status},
    }
    return rule.hears_services and rule.event_pattern is not None and rule.event_pattern.matches(event)
