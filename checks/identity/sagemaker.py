"""What the users of SageMaker may do."""

import re

from auditor import HIGH, MEDIUM, Findings, Undecided, check
from auditor.config import Config
from auditor.inventory import Inventory
from auditor.members import every, known_first, some
from auditor.policy import SOME, Pattern, Statement, managed
from auditor.policy.patterns import HOLE
from auditor.policy.personas import persona_of, serves
from auditor.policy.principals import LOOKED_UP, Grant, permissions_of
from auditor.resources.iam import PolicyHolder, Role
from auditor.resources.sagemaker import Domain, NotebookInstance
from auditor.resources.sagemaker_models import ModelPackageGroup
from auditor.resources.sagemaker_studio import UserProfile

_ROLE = """
AWS::IAM::Role:
  AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: %s.amazonaws.com}}}
  Policies:
    - {PolicyName: work, PolicyDocument: {Statement: {Effect: Allow, Action: %s, Resource: %s}}}
"""
_POLICY = """
AWS::IAM::ManagedPolicy:
  PolicyDocument: {Statement: {Effect: Allow, Action: %s, Resource: %s%s}}
"""
_WHOLE_ACCOUNT = re.compile(rf"(?:arn:[^:]*:iam::)?(\d{{12}}|{HOLE})(?::root)?")
_ADMINISTRATIVE = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")


@check(
    "sagemaker-notebook-root-access",
    title="Users have no root access on notebook instances",
    severity=MEDIUM,
    fixable="stops a running notebook instance to change it",
    bad=(
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium, RoleArn: role}",
        "AWS::SageMaker::NotebookInstance: {RootAccess: Enabled}",
    ),
    good="AWS::SageMaker::NotebookInstance: {RootAccess: Disabled}",
)
def notebook_root_access(notebook: NotebookInstance) -> Findings:
    """With root, whoever uses a notebook can switch off its safeguards and read what other users left on it.

    Fix: set RootAccess to Disabled and install what is needed in a lifecycle configuration, which still runs as root.
    """
    if notebook.root_access == "Enabled":
        yield notebook.fail("gives its users root access", at="root_access", expected="Disabled")


@check(
    "sagemaker-execution-role-overly-permissive",
    title="SageMaker execution roles of notebooks, domains, training jobs, models and pipelines grant no admin or "
    "wildcard access",
    severity=HIGH,
    uses=LOOKED_UP,
    bad=(
        _ROLE % ("sagemaker", '"*"', '"*"'),
        _ROLE % ("sagemaker", '["s3:*", "logs:*"]', '"*"'),
        """
AWS::IAM::Role:
  AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: [sagemaker.amazonaws.com]}}}
  ManagedPolicyArns: [!Sub "arn:${AWS::Partition}:iam::aws:policy/PowerUserAccess"]
""",
        """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}}}}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: all
      PolicyDocument: {Statement: {Effect: Allow, Action: "s3:*", Resource: "*"}}
      Roles: [!Ref Role]
""",
    ),
    good=(
        _ROLE % ("sagemaker", '["s3:GetObject", "s3:PutObject"]', '"arn:aws:s3:::training-*/*"'),
        _ROLE % ("sagemaker", '"s3:*"', '["arn:aws:s3:::training", "arn:aws:s3:::training/*"]'),
        """
AWS::IAM::Role:
  AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}}}
  ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSageMakerReadOnly"]
""",
    ),
)
def execution_role_overly_permissive(role: Role, inventory: Inventory) -> Findings:
    """Code from a notebook, a package or a model file runs with this role, so it is the first that an intruder gets.

    AmazonSageMakerFullAccess is iam-sagemaker-full-access-policy's to report.

    Fix: allow the actions that the work needs, on its own buckets, images, keys and log groups.
    """
    if not serves(role, "sagemaker"):
        raise Undecided("SageMaker may not take it on", elsewhere=True)
    for arn in managed.attached_to(role):
        if (name := managed.name_of(arn)) in _ADMINISTRATIVE:
            yield role.fail(f"is an execution role and has {name} attached", at="managed_policy_arns")
    for grant in permissions_of(role, inventory).grants:
        if _is_wide(grant):
            yield role.fail(f"is an execution role and {_allows(grant)}", at=grant.statement)


@check(
    "sagemaker-domain-shared-execution-role",
    title="SageMaker user profiles have their own execution role instead of sharing the domain default",
    severity=MEDIUM,
    uses=(Domain,),
    bad=(
        "AWS::SageMaker::UserProfile: {DomainId: d-1, UserProfileName: ana}",
        "AWS::SageMaker::UserProfile: {DomainId: d-1, UserProfileName: ana, UserSettings: {SecurityGroups: [sg-1]}}",
        """
Resources:
  Domain:
    Type: AWS::SageMaker::Domain
    Properties: {AuthMode: IAM, DefaultUserSettings: {ExecutionRole: "arn:aws:iam::111122223333:role/studio"}}
  Profile:
    Type: AWS::SageMaker::UserProfile
    Properties:
      DomainId: !Ref Domain
      UserProfileName: ana
      UserSettings: {ExecutionRole: "arn:aws:iam::111122223333:role/studio"}
""",
    ),
    good="""
Resources:
  Domain:
    Type: AWS::SageMaker::Domain
    Properties: {AuthMode: IAM, DefaultUserSettings: {ExecutionRole: "arn:aws:iam::111122223333:role/studio"}}
  Profile:
    Type: AWS::SageMaker::UserProfile
    Properties:
      DomainId: !Ref Domain
      UserProfileName: ana
      UserSettings: {ExecutionRole: "arn:aws:iam::111122223333:role/ana"}
""",
)
def domain_shared_execution_role(profile: UserProfile, inventory: Inventory) -> Findings:
    """With one role for everybody, each can read what the others may, and the log does not tell who did what.

    Fix: set ExecutionRole of UserSettings to a role for the person or the team.
    """
    own = profile.user_settings.execution_role if profile.user_settings else None
    if own is None:
        yield profile.fail("shares the domain's execution role", at="user_settings")
        return
    domain = inventory.get(Domain, profile.domain_id)
    if domain and domain.default_user_settings and domain.default_user_settings.execution_role == own:
        yield profile.fail("has the domain's own execution role", at="user_settings.execution_role")


@check(
    "sagemaker-endpoint-invoke-wildcard",
    title="InvokeEndpoint is granted only to the intended consumers and on named endpoints",
    severity=HIGH,
    bad=(
        _POLICY % ("sagemaker:InvokeEndpoint", '"*"', ""),
        _POLICY % ('["sagemaker:Invoke*"]', '"arn:aws:sagemaker:*:*:endpoint/*"', ""),
        _ROLE % ("lambda", '"sagemaker:*"', '!Sub "arn:aws:sagemaker:${AWS::Region}:${AWS::AccountId}:*"'),
    ),
    good=(
        _POLICY % ("sagemaker:InvokeEndpoint", '"arn:aws:sagemaker:us-east-1:111122223333:endpoint/fraud"', ""),
        _POLICY % ("sagemaker:InvokeEndpoint", '"*"', ', Condition: {StringEquals: {"aws:ResourceTag/team": fraud}}'),
        _ROLE % ("lambda", '["sagemaker:DescribeEndpoint", "sagemaker:ListEndpoints"]', '"*"'),
    ),
)
def endpoint_invoke_wildcard(holder: PolicyHolder, config: Config) -> Findings:
    """Who may ask any model may read out what it learned, of customers of other products too, and run up its bill.

    What allows everything is iam-policy-admin-star's to report; roles of ML engineers, who may use all of SageMaker,
    are left out.

    Fix: put the ARNs of the endpoints that the caller needs into Resource.
    """
    if isinstance(holder, Role) and persona_of(holder, config) == "ML engineer":
        return
    for name, statement in holder.statements(lambda policy: policy.where(_invokes_any)):
        where = f" (inline policy {name})" if name else ""
        yield holder.fail(f"allows sagemaker:InvokeEndpoint on all endpoints{where}", at=statement)


_GROUP = """
AWS::SageMaker::ModelPackageGroup:
  ModelPackageGroupName: churn
  ModelPackageGroupPolicy:
    Statement:
      - {Effect: Allow, Principal: %s, Action: "sagemaker:DescribeModelPackage", Resource: "*"%s}
"""


@check(
    "sagemaker-model-package-group-policy-open",
    title="SageMaker model package group policies grant access only to named principals of trusted accounts",
    severity=HIGH,
    bad=(
        _GROUP % ('"*"', ""),
        _GROUP % ('{AWS: "*"}', ', Condition: {Bool: {"aws:SecureTransport": "true"}}'),
        _GROUP % ('{AWS: "arn:aws:iam::111122223333:root"}', ""),
        _GROUP % ('{AWS: ["111122223333", "arn:aws:iam::444455556666:role/deploy"]}', ""),
    ),
    good=(
        "AWS::SageMaker::ModelPackageGroup: {ModelPackageGroupName: churn}",
        _GROUP % ('{AWS: "arn:aws:iam::111122223333:role/deploy"}', ""),
        _GROUP % ('"*"', ', Condition: {StringEquals: {"aws:PrincipalOrgID": o-abc}}'),
        _GROUP
        % (
            '{AWS: "arn:aws:iam::111122223333:root"}',
            ', Condition: {ArnLike: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/deploy-*"}}',
        ),
    ),
)
def model_package_group_policy_open(group: ModelPackageGroup) -> Findings:
    """Who reads a model version can take the model away; who may write to the group puts another model into production.

    All of another account is as good as everybody there, now and later; a condition that names roles or the
    organization narrows it.

    Fix: name in Principal the roles that deploy the model, such as `arn:aws:iam::111122223333:role/deploy`.
    """
    policy = group.model_package_group_policy
    if policy is None:
        return
    for statement in policy.public():
        yield group.fail("lets everyone use its model versions", at=statement)
    for statement in policy.statements:
        for account in _whole_accounts(statement, group.scope.account):
            yield group.fail(f"lets all of account {account} use its model versions", at=statement)


def _whole_accounts(statement: Statement, own: str | None) -> tuple[str, ...]:
    """The other accounts of which it lets everybody in, where no condition narrows that."""
    if not every(statement.allows, lambda: not some(statement.conditions, lambda condition: condition.narrows())):
        return ()

    def account(entry: tuple[str, Pattern]) -> str | None:
        named = _WHOLE_ACCOUNT.fullmatch(entry[1].sketch()) if entry[0] == "AWS" else None
        if named is None:
            return None
        entry[1].doubt(HOLE in named[1])
        return named[1] if named[1] != own else None

    return known_first(statement.principals, account)


def _invokes_any(statement: Statement) -> bool:
    return every(
        statement.allows,
        lambda: statement.applies("sagemaker:InvokeEndpoint", f"arn:aws:sagemaker:us-east-1:0:endpoint/{SOME}", {}),
        lambda: not statement.allows_everything(),
    )


def _is_wide(grant: Grant) -> bool:
    """Whether it allows all of a service on everything; policies of AWS's own are judged by their names."""
    statement = grant.statement
    return not grant.source.of_aws and every(
        statement.opens_services, statement.on_everything, lambda: not statement.limits_what()
    )


def _allows(grant: Grant) -> str:
    services = grant.statement.open_services()
    what = "everything" if "*" in services or not services else f"all of {', '.join(services)}"
    return f"allows {what} on all resources ({grant.source.name})"
