"""IAM: permissions that are too wide, credentials that are too old."""

from datetime import UTC, datetime, timedelta

from auditor import CRITICAL, HIGH, MEDIUM, Findings, check
from auditor.config import Config
from auditor.policy import Policy, Statement
from auditor.resources.account import Account
from auditor.resources.iam import AccessKey, PolicyHolder, User

_MANAGED = """
AWS::IAM::ManagedPolicy:
  PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: %s, Resource: %s%s}]}
"""
_INLINE = """
AWS::IAM::Role:
  AssumeRolePolicyDocument:
    Statement: {Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: "sts:AssumeRole"}
  Policies:
    - PolicyName: training
      PolicyDocument: {Statement: {Effect: Allow, Action: %s, Resource: %s}}
"""


@check(
    "iam-policy-admin-star",
    title="No IAM policy allows all actions on all resources",
    severity=CRITICAL,
    bad=(
        _MANAGED % ('"*"', '"*"', ""),
        _MANAGED % ('["s3:GetObject", "*:*"]', '["*"]', ""),
        _INLINE % ('["*"]', '"*"'),
    ),
    good=(_MANAGED % ('"s3:*"', '"*"', ""), _INLINE % ('"*"', '"arn:aws:s3:::models"')),
)
def policy_admin_star(holder: PolicyHolder) -> Findings:
    """Whoever gets hold of such an identity owns the account: its data, its bill and its logs.

    Fix: allow the actions and resources that the work needs. IAM Access Analyzer makes a policy of what was used.
    """
    for name, statement in holder.statements(Policy.allowing_everything):
        yield holder.fail(f"allows all actions on all resources{_where(name)}", at=statement)


@check(
    "iam-policy-service-wildcard",
    title="Customer IAM policies do not allow all actions of a service",
    severity=MEDIUM,
    bad=(
        _MANAGED % ('["sagemaker:*", "s3:GetObject"]', '"*"', ""),
        _INLINE % ('"s3:*"', '"arn:aws:s3:::models/*"'),
        'AWS::IAM::ManagedPolicy: {PolicyDocument: {Statement: {Effect: Allow, NotAction: "iam:*", Resource: "*"}}}',
    ),
    good=(
        _MANAGED % ('["s3:Get*", "s3:PutObject"]', '"*"', ""),
        'AWS::IAM::ManagedPolicy: {PolicyDocument: {Statement: {Effect: Deny, Action: "s3:*", Resource: "*"}}}',
    ),
)
def policy_service_wildcard(holder: PolicyHolder) -> Findings:
    """All actions of a service include those that delete it, share it and change who may use it.

    Fix: name the actions that the work needs, by prefix where that is enough (s3:Get*).
    """
    for name, statement in holder.statements(Policy.allowing_services):
        element = statement.element("Action", "NotAction")
        yield holder.fail(f"allows {_opened(statement)}{_where(name)}", at=element)


@check(
    "iam-policy-passrole-wildcard",
    title="Policies limit iam:PassRole to named roles",
    severity=HIGH,
    bad=(
        _MANAGED % ('"iam:PassRole"', '"*"', ""),
        _MANAGED
        % (
            '"iam:*"',
            '!Sub "arn:aws:iam::${AWS::AccountId}:role/*"',
            ', Condition: {StringEquals: {"iam:PassedToService": sagemaker.amazonaws.com}}',
        ),
        _INLINE % ('"iam:Pass*"', '["arn:aws:iam::*:role/*"]'),
    ),
    good=(
        _MANAGED % ('"iam:PassRole"', '"arn:aws:iam::111122223333:role/training-*"', ""),
        _INLINE % ('["sagemaker:CreateTrainingJob", "iam:GetRole"]', '"*"'),
    ),
)
def policy_passrole_wildcard(holder: PolicyHolder) -> Findings:
    """Who can pass any role to a notebook, job or function can act as the mightiest role that the service may take on.

    A condition on iam:PassedToService narrows which services, and still leaves every role that trusts them.

    Fix: put the ARNs of the roles that the work needs into Resource, with a condition on iam:PassedToService.
    """
    for name, statement in holder.statements(Policy.passing_any_role):
        element = statement.element("Resource", "NotResource")
        yield holder.fail(f"lets any role be passed to a service (iam:PassRole){_where(name)}", at=element)


@check(
    "iam-root-access-key",
    title="The root user has no access keys",
    severity=CRITICAL,
    inputs=("live",),
)
def root_access_key(account: Account) -> Findings:
    """A root access key can do everything, and no policy can limit it.

    Fix: sign in as root and delete its access keys; use roles instead.
    """
    if account.root_access_keys:
        yield account.fail("has an access key for its root user", at="root_access_keys", expected="0")


@check(
    "iam-user-credentials-unused",
    title="Unused IAM access keys and passwords are disabled",
    severity=MEDIUM,
    inputs=("live",),
)
def user_credentials_unused(user: User, config: Config) -> Findings:
    """Nobody notices when a forgotten key or password is stolen.

    Fix: deactivate the access key or remove the console password, and delete it when nothing broke. How many days
    count as unused is set by unused-credential-days in the configuration.
    """
    days = config.unused_credential_days
    for name, used in user.credentials.unused_since(datetime.now(UTC) - timedelta(days=days)):
        ever = "has not been used for" if used else "has never been used in"
        yield user.fail(f"has a credential ({name}) that {ever} {days} days or more", at="credentials")


@check(
    "iam-access-key-in-template",
    title="Templates and configurations create no IAM access keys",
    severity=HIGH,
    inputs=("cloudformation",),
    bad="AWS::IAM::AccessKey: {UserName: pipeline}",
    good="AWS::IAM::AccessKey: {UserName: pipeline, Status: Inactive}",
)
def access_key_in_template(key: AccessKey) -> Findings:
    """A key made by a template is valid for ever, and its secret is in the stack's outputs, state or a secret store.

    Fix: give the workload a role; for systems outside AWS use IAM Roles Anywhere or OpenID Connect.
    """
    if key.status == "Active":
        yield key.fail("creates a long-lived access key")


def _where(name: str) -> str:
    return f" (inline policy {name})" if name else ""


def _opened(statement: Statement) -> str:
    services = statement.open_services()
    if "*" in services:
        return "all actions of all services"
    if services:
        return f"all actions of {', '.join(services)}"
    return "all actions but some (NotAction)" if statement.not_actions else "all actions of a service"
